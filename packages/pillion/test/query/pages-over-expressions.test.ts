/** Pages sorted by what the server computes: a cursor holds all of a key, or a row would come before or after itself. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Expr, sql, value } from 'pillion'
import { float8, int4 } from '../../src/schema/base-types.js'
import { type Arena, grounds } from './property/arena/arena.js'

const interview = (id: number, budget: string) => ({
  id,
  title: `interview ${id}`,
  status: 'open',
  ownerId: 1,
  leadId: null,
  departmentId: 1,
  budget,
  createdAt: '2026-01-01 00:00:00.000000',
  heldOn: null,
})
const rows = {
  department: [{ id: 1, name: 'all', parentId: null }],
  user: [{ id: 1, username: 'ada', email: null, departmentId: 1 }],
  interview: ['1', '2', '2', '3', '10', '10'].map((budget, i) => interview(i + 1, budget)),
  evaluation: [],
  comment: [],
  tag: [],
  interviewTag: [],
}

describe.each(grounds())('on $dialect', ({ open }) => {
  let arena: Arena
  beforeAll(async () => {
    arena = await open()
    await arena.fill(rows)
  })
  afterAll(() => arena.close())

  type Interview = Arena['db']['tables']['interview']
  const keys: readonly (readonly [string, (of: Interview) => Expr<unknown>])[] = [
    ['a product of a quotient of decimals', ({ budget }) => budget.dividedBy('7').times('1.5')],
    ['a quotient said to be a double', ({ budget }) => sql<number>(float8)`${budget} / 3.0`],
    ['a quotient said to be whole', ({ budget }) => sql<number>(int4)`${budget} / 3.0`],
    ['a whole number times a fraction', ({ id }) => id.times(value(0.3))],
  ]

  it.each(keys)('by %s are all the rows, each once', async (_, keyOf) => {
    const of = arena.db.tables.interview
    const key = keyOf(of)
    for (const order of [key.asc(), key.desc()]) {
      const query = arena.db.from(of).select({ id: of.id }).orderBy(order, of.id.asc())
      const all = await query.all()
      for (const size of [1, 4]) {
        const paged: unknown[] = []
        let after: string | null = null
        do {
          const page: { readonly rows: readonly unknown[]; readonly next: string | null } = await query.page({
            size,
            after,
          })
          paged.push(...page.rows)
          after = page.next
        } while (after !== null && paged.length <= all.length)
        expect(paged).toEqual(all)
      }
    }
  })
})
