// What has no one value for a group: refused on every dialect, for some take it from whichever row comes first.
import { describe, expect, it } from 'vitest'
import {
  alias,
  coalesce,
  concat,
  count,
  derived,
  exists,
  type Expr,
  inner,
  left,
  list,
  max,
  rank,
  relate,
  scalar,
  sum,
  value,
  when,
} from 'pillion'
import { everywhere } from '../support/everywhere.js'
import { expectRefusal } from './refusal.js'

everywhere(at => {
  describe('is refused', () => {
    it.each([
      ['a column beside groups', () => byUser().select({ user: user(), rating: at.db.tables.evaluation.rating })],
      ['a part of an expression', () => byUser().select({ said: concat(user(), at.db.tables.evaluation.note) })],
      ['a column to sort by', () => byUser().select({ user: user() }).orderBy(at.db.tables.evaluation.id.asc())],
      ['a condition on groups', () => byUser().select({ user: user() }).having(at.db.tables.evaluation.rating.gt(1))],
      [
        'a column beside an aggregate of all rows',
        () => at.db.from(at.db.tables.evaluation).select({ n: count(), id: at.db.tables.evaluation.id }),
      ],
      [
        'a branch of a CASE',
        () => byUser().select({ it: when(count().gt(1), at.db.tables.evaluation.note).otherwise('few') }),
      ],
      [
        'what a window looks at',
        () => byUser().select({ at: rank().over({ orderBy: [at.db.tables.evaluation.id.asc()] }) }),
      ],
      [
        'what a subquery mentions',
        () => byUser().select({ user: user(), title: scalar(titleOf(at.db.tables.evaluation.interview.id)) }),
      ],
      [
        'what a subquery in a subquery mentions',
        () =>
          byUser()
            .select({ user: user() })
            .having(exists(at.db.from(at.db.tables.tag).where(exists(titleOf(at.db.tables.evaluation.interview.id))))),
      ],
      [
        'what a list is of',
        () => byUser().select({ user: user(), said: list(at.db.tables.evaluation.comments, each => each.body) }),
      ],
      [
        'the one row that a join has for each of several rows of a group',
        () => {
          const { interview, user: users } = at.db.tables
          const many = inner(interview.evaluations)
          const mate = left(relate(interview, users, each => each.id.eq(many.userId)))
          return at.db.from(interview).expand(many).select({ mate: mate.username, n: count() }).groupBy(interview)
        },
      ],
      [
        'beside the group of a derived table that is NULL, or not there',
        () => {
          const { interview, user: users } = at.db.tables
          const led = derived(
            'led',
            at.db.from(interview).groupBy(interview.leadId).select({ lead: interview.leadId, n: count() }),
          )
          const row = left(relate(users, led, each => each.n.eq(users.id)))
          return at.db.from(users).expand(row).groupBy(row.lead).select({ lead: row.lead, n: row.n })
        },
      ],
      ['the row of a handle', () => byUser().select({ user: user(), interview: at.db.tables.evaluation.interview })],
    ])('%s', async (_, query) => {
      await expectRefusal(() => query().all(), 'UNGROUPED')
    })

    it('by name, with a cure', async () => {
      const { evaluation } = at.db.tables
      const error = await expectRefusal(() => byUser().select({ id: evaluation.id }).all(), 'UNGROUPED')
      expect(error.message).toContain('evaluation.id may differ among the rows of a group')
      expect(error.hint).toContain('groupBy')
      const ungrouped = at.db.from(evaluation).select({ id: evaluation.id, n: count() })
      const { message } = await expectRefusal(() => ungrouped.all(), 'UNGROUPED')
      expect(message).toContain('all the rows, which an aggregate folds into one: it is neither')
    })
  })

  const titleOf = (id: Expr<number>) => {
    const other = alias(at.db.tables.interview)
    return at.db.from(other).where(other.id.eq(id)).select({ title: other.title })
  }
  const byUser = () => at.db.from(at.db.tables.evaluation).groupBy(at.db.tables.evaluation.user.username)
  const user = () => at.db.tables.evaluation.user.username

  describe('is not refused', () => {
    it('what is grouped by, also inside of an expression', async () => {
      const shout = () => concat(user(), '!')
      const rows = await byUser().select({ said: shout(), n: count() }).orderBy(shout().asc()).all()
      expect(rows.map(({ said }) => said)).toEqual(['ada!', 'bob!', 'cyd!'])
    })

    it('what a subquery mentions of what is grouped by, and of its own', async () => {
      const { evaluation, user: users } = at.db.tables
      const other = alias(users)
      const named = at.db.from(other).where(other.username.eq(user())).select({ id: other.id })
      const all = at.db.from(evaluation).where(evaluation.rating.gt(7)).select({ n: count() })
      const rows = await byUser()
        .select({ user: user(), id: scalar(named), high: scalar(all) })
        .orderBy(user().asc())
        .all()
      expect(rows).toEqual([
        { user: 'ada', id: 1, high: 3 },
        { user: 'bob', id: 2, high: 3 },
        { user: 'cyd', id: 3, high: 3 },
      ])
    })

    it('an expression with the same moment made once more', async () => {
      const { evaluation } = at.db.tables
      const since = () => coalesce(evaluation.createdAt, new Date(0))
      const rows = await at.db.from(evaluation).select({ since: since(), n: count() }).groupBy(since()).all()
      expect(rows).toHaveLength(6)
    })

    it('an expression made once more', async () => {
      const { evaluation } = at.db.tables
      const high = () => when(evaluation.rating.gt(5), 'high').otherwise('low')
      const rows = await at.db.from(evaluation).select({ high: high(), n: count() }).groupBy(high()).all()
      expect(rows.map(({ high: label }) => label).toSorted()).toEqual(['high', 'low'])
    })

    it('the columns of a handle that is grouped by', async () => {
      const { interview } = at.db.tables
      const e = inner(interview.evaluations)
      const rows = await at.db
        .from(interview)
        .expand(e)
        .select({ title: interview.title, best: max(e.rating) })
        .groupBy(interview)
        .orderBy(interview.id.asc())
        .all()
      expect(rows[0]).toEqual({ title: 'engineer', best: 9 })
    })

    it('a window over groups, and a constant', async () => {
      const rows = await byUser()
        .select({
          user: user(),
          place: rank().over({ orderBy: [count().desc()] }),
          all: sum(count()).over(),
          one: value(1),
        })
        .orderBy(user().asc())
        .all()
      expect(new Set(rows.map(({ all }) => Number(all))).size).toBe(1)
    })

    it('what a subquery of its own has', async () => {
      const { interview } = at.db.tables
      const rows = await at.db
        .from(interview)
        .select({
          id: interview.id,
          by: list(interview.evaluations, e => e.user.username, { orderBy: e => e.id.asc() }),
        })
        .groupBy(interview)
        .orderBy(interview.id.asc())
        .all()
      expect(rows[0]).toEqual({ id: 1, by: ['ada', 'bob'] })
    })
  })

  it('the one row that the groups lead to is no other in them', async () => {
    const { interview } = at.db.tables
    const owner = left(interview.owner)
    const query = at.db
      .from(interview)
      .select({ id: interview.id, owner: owner.username, n: count() })
      .groupBy(interview)
      .orderBy(interview.id.asc())
    expect((await query.all())[0]).toMatchObject({ id: 1, owner: 'ada', n: 1 })
  })
})
