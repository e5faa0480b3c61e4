import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Arena, grounds } from './arena/arena.js'
import { chosen } from './choices.js'
import { type Description, tablesOf } from './description.js'
import { pagedRowsOf } from './evaluator.js'
import { type Build, pagesAreTheRows } from './laws.js'
import type { Manner } from './manner.js'
import { nullsElsewhere } from './mistakes.js'
import { queryOf } from './pillion-query.js'
import { pagedQueryFrom } from './queries.js'
import { columnOf, type TableName, type Tables, tableAt, type Type } from './small-world.js'
import { always, notAlways, patience } from './trial.js'

vi.setConfig({ testTimeout: patience })

describe.each(grounds())('on $dialect', ({ open }) => {
  let arena: Arena
  beforeAll(async () => {
    arena = await open()
  })
  afterAll(() => arena.close())

  const build: Build = description => queryOf(arena.db, description)
  const paged = chosen(pagedQueryFrom, 130)
  const types: readonly Type[] = ['int8', 'numeric', 'timestamptz', 'date', 'text', 'status']

  describe('pages, forward and backward', () => {
    it.each([1, 2, 3, 7])('of %i are the rows in their total order', size =>
      always(arena, paged, pagesAreTheRows(build, size), 60),
    )

    it.each(types)('by a key of type %s too', type =>
      always(arena, paged.filter(sortsBy(type)), pagesAreTheRows(build, 2), 25),
    )
    it('of expanded handles too', () => always(arena, paged.filter(multiplies), pagesAreTheRows(build, 2), 60))
    it('over a nullable key of a left join too', () =>
      always(arena, paged.filter(sortsByLeft), pagesAreTheRows(build, 2), 60))

    it('are not, where NULLs are thought at the other end', () =>
      notAlways(
        arena,
        paged,
        pagesAreTheRows(description => build(nullsElsewhere(description)), 2),
      ))
  })

  // how keyset pages are commonly written, over the same rows, in order to see them lose some
  describe('commonly written pages lose rows', () => {
    const none = fc.constant(null)

    it('where a row value meets a NULL', () =>
      notAlways(arena, none, async (_, data, manner) => {
        const found: number[] = []
        for (let row: Rated | undefined; ; ) {
          const [next] = await (row === undefined ? firstRated() : ratedAfter(row))
          if (next === undefined) break
          found.push(next.id)
          row = next
        }
        expect(found).toEqual(idsOf(byRating, data, manner))
      }))

    it('where only the root tells expanded rows apart', () =>
      notAlways(arena, none, async (_, data) => {
        const found: bigint[] = []
        for (let id = 0; ; ) {
          const [next] = await arena.db.sql<{ id: number; evaluation: bigint }>`
          SELECT i.id, e.id AS evaluation FROM interview i JOIN evaluation e ON e.interview_id = i.id
          WHERE i.id > ${id} ORDER BY i.id LIMIT 1`.all()
          if (next === undefined) break
          found.push(next.evaluation)
          id = next.id
        }
        expect(found).toHaveLength(data.evaluation.length)
      }))

    interface Rated {
      readonly id: number
      readonly rating: number | null
    }

    const firstRated = () =>
      arena.db.sql<Rated>`
    SELECT i.id, e.rating FROM interview i LEFT JOIN evaluation e ON e.interview_id = i.id AND e.user_id = 1
    ORDER BY e.rating, i.id LIMIT 1`.all()

    const ratedAfter = ({ rating, id }: Rated) =>
      arena.db.sql<Rated>`
    SELECT i.id, e.rating FROM interview i LEFT JOIN evaluation e ON e.interview_id = i.id AND e.user_id = 1
    WHERE (e.rating, i.id) > (${rating}, ${id}) ORDER BY e.rating, i.id LIMIT 1`.all()

    const byRating: Description = {
      root: 'interview',
      joins: [
        {
          kind: 'left',
          parent: { base: 0, path: [] },
          relation: 'evaluations',
          on: [
            {
              is: 'compare',
              left: { at: { base: 'it', path: [] }, column: 'userId' },
              by: 'eq',
              right: { literal: 1, type: 'int4' },
            },
          ],
          order: [],
          expanded: false,
        },
      ],
      fields: [{ get: 'column', of: { at: { base: 0, path: [] }, column: 'id' } }],
      where: [],
      require: [],
      order: [{ of: { at: { base: 1, path: [] }, column: 'rating' }, descending: false, nulls: undefined }],
      limit: undefined,
      offset: undefined,
    }

    it('which pages of the same order keep', () =>
      always(arena, none, (_, data, manner) => pagesAreTheRows(build, 1)(byRating, data, manner), 100))

    function idsOf(description: Description, data: Tables, manner: Manner): readonly unknown[] {
      return pagedRowsOf(description, data, manner).map(row => (row as { readonly f0: unknown }).f0)
    }
  })

  function multiplies({ joins }: Description): boolean {
    return joins.some(({ expanded }) => expanded)
  }

  function sortsBy(type: Type) {
    return (description: Description) => {
      const tables = tablesOf(description)
      return description.order.some(({ of: { at, column } }) => {
        const table = tableAt(tables[at.base as number] as TableName, at.path)
        return columnOf(table, column).type === type
      })
    }
  }

  function sortsByLeft({ joins, order }: Description): boolean {
    return order.some(({ of }) => {
      const { base } = of.at
      return typeof base === 'number' && base > 0 && joins[base - 1]?.kind !== 'inner'
    })
  }
})
