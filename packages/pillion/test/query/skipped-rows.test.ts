/** Rows that are skipped are rows of the query: MariaDB and SQLite drop DISTINCT and GROUP BY inside EXISTS, also where an OFFSET counts what they make. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { alias, type CompoundQuery, exists, none, type Query, union } from 'pillion'
import { type Arena, grounds } from './property/arena/arena.js'
import { expectRefusal } from './refusal.js'

const user = (id: number, email: string) => ({ id, username: `user ${id}`, email, departmentId: null })
const empty = { department: [], interview: [], evaluation: [], comment: [], tag: [], interviewTag: [] }

describe.each(grounds())('on $dialect', ({ dialect, open }) => {
  let arena: Arena
  beforeAll(async () => {
    arena = await open()
    await arena.fill({ ...empty, user: [user(1, 'x'), user(2, 'x'), user(3, 'y')] })
  })
  afterAll(() => arena.close())

  type Emails = Query<{ email: string | null }>
  const emails = (): Emails => arena.db.from(arena.db.tables.user).select({ email: arena.db.tables.user.email })
  const folded: readonly (readonly [string, () => Emails | CompoundQuery<{ email: string | null }>])[] = [
    ['DISTINCT', () => emails().distinct()],
    ['GROUP BY', () => emails().groupBy(arena.db.tables.user.email)],
    ['UNION', () => union(emails(), emails())],
  ]

  it.each(folded)('exists() of rows made one by %s skips those', async (_, query) => {
    for (const skipped of [0, 1, 2, 3]) {
      const rows = query().offset(skipped)
      const some = skipped < 2
      expect(await rows.all()).toHaveLength(some ? 2 - skipped : 0)
      expect([skipped, await rows.exists()]).toEqual([skipped, some])
      const asked = arena.db
        .from(arena.db.tables.user)
        .select({ some: exists(rows), none: none(rows) })
        .limit(1)
      expect([skipped, await asked.all()]).toEqual([skipped, [{ some, none: !some }]])
    }
  })

  it('exists() of such rows that depend on another row, too, or is refused', async () => {
    const other = alias(arena.db.tables.user)
    const alike = arena.db
      .from(other)
      .distinct()
      .select({ email: other.email })
      .where(other.id.gte(arena.db.tables.user.id))
      .offset(1)
    const asked = arena.db
      .from(arena.db.tables.user)
      .select({ some: exists(alike) })
      .orderBy(arena.db.tables.user.id.asc())
    if (dialect === 'MariaDB') await expectRefusal(() => asked.all(), 'NOT_IN_DIALECT', /sees the query around/)
    else expect(await asked.all()).toEqual([{ some: true }, { some: true }, { some: false }])
  })
})
