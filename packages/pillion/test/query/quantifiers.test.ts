import { expect, it } from 'vitest'
import { every, exists, left, none, not, or, some } from 'pillion'
import { everywhere } from '../support/everywhere.js'
import { expectRefusal } from './refusal.js'

everywhere(at => {
  const all = () => {
    const { interview } = at.db.tables
    return at.db.from(interview).select({ id: interview.id }).orderBy(interview.id.asc())
  }
  const ids = (rows: readonly { readonly id: number }[]) => rows.map(row => row.id)

  it('exists, none and every, with no condition and with one', async () => {
    const { interview } = at.db.tables
    expect(ids(await all().where(exists(interview.evaluations)).all())).toEqual([1, 2, 3])
    expect(ids(await all().where(none(interview.evaluations)).all())).toEqual([4])
    expect(
      ids(
        await all()
          .where(exists(interview.evaluations, e => e.rating.lt(3)))
          .all(),
      ),
    ).toEqual([1])
    expect(
      ids(
        await all()
          .where(none(interview.evaluations, e => e.rating.lt(3)))
          .all(),
      ),
    ).toEqual([2, 3, 4])
  })

  it('every is true of no rows, and a condition that is null is not satisfied', async () => {
    const { interview } = at.db.tables
    expect(
      ids(
        await all()
          .where(every(interview.evaluations, e => e.rating.gte(4)))
          .all(),
      ),
    ).toEqual([2, 4])
    expect(
      ids(
        await all()
          .where(every(interview.evaluations, e => e.id.gt(0n)))
          .all(),
      ),
    ).toEqual([1, 2, 3, 4])
  })

  it('each quantifier is an EXISTS of its own', async () => {
    const { interview } = at.db.tables
    const query = all().where(
      exists(interview.evaluations, e => e.userId.eq(1)),
      exists(interview.evaluations, e => e.rating.gt(5)),
    )
    expect(ids(await query.all())).toEqual([1, 2])
  })

  it('several conditions hold of the same row', async () => {
    const { interview } = at.db.tables
    const query = all().where(exists(interview.evaluations, e => [e.userId.eq(1), e.rating.gt(5)]))
    expect(ids(await query.all())).toEqual([1])
    const each = all().where(every(interview.evaluations, e => [e.rating.gte(4), e.userId.ne(2)]))
    expect(ids(await each.all())).toEqual([2, 4])
  })

  it('they stand under or, not, in select, and within each other', async () => {
    const { interview } = at.db.tables
    const query = all().where(
      or(none(interview.tags), not(exists(interview.evaluations, e => exists(e.comments, c => c.body.eq('agreed'))))),
    )
    expect(ids(await query.all())).toEqual([2, 3, 4])
    const selected = all().select({ id: interview.id, quiet: every(interview.evaluations, e => none(e.comments)) })
    expect((await selected.all()).map(row => row.quiet)).toEqual([false, false, true, true])
  })

  it('joins inside stay inside, and outer handles are correlated', async () => {
    const { interview } = at.db.tables
    const query = all().where(exists(interview.evaluations, e => e.user.department.id.eq(interview.departmentId)))
    expect(ids(await query.all())).toEqual([1, 2, 3])
    expect(query.toSQL().sql.split('EXISTS')[0]).not.toContain('JOIN')
    const byLead = all().where(exists(interview.evaluations, e => e.userId.eq(interview.lead.id)))
    expect(ids(await byLead.all())).toEqual([1, 3])
  })

  it('over what hangs off a left handle: of no row, there is none', async () => {
    const { interview } = at.db.tables
    const mine = left(interview.evaluations, e => e.userId.eq(1))
    expect(ids(await all().where(exists(mine.comments)).all())).toEqual([1])
    expect(ids(await all().where(none(mine.comments)).all())).toEqual([2, 3, 4])
  })

  it('over what hangs off a semi handle, inside its EXISTS', async () => {
    const { interview } = at.db.tables
    const a = some(interview.evaluations)
    expect(ids(await all().where(a.rating.gt(5), none(a.comments)).all())).toEqual([3])
  })

  it('over many to many', async () => {
    const { interview } = at.db.tables
    expect(
      ids(
        await all()
          .where(every(interview.tags, t => t.label.eq('remote')))
          .all(),
      ),
    ).toEqual([2, 3, 4])
    expect(
      ids(
        await all()
          .where(exists(interview.tags, t => t.label.eq('senior')))
          .all(),
      ),
    ).toEqual([1])
  })

  it('over a query, correlated by mentioning an outer handle', async () => {
    const { interview, user } = at.db.tables
    const owned = at.db.from(user).where(user.id.eq(interview.ownerId), user.email.isNull())
    expect(ids(await all().where(exists(owned)).all())).toEqual([4])
    expect(ids(await all().where(none(owned)).all())).toEqual([1, 2, 3])
  })

  it('every refuses a semi handle of the row it asks about, which its EXISTS would turn round; a quantifier stands there', async () => {
    const { interview } = at.db.tables
    const bySome = all().where(every(interview.evaluations, e => some(e.comments).body.eq('agreed')))
    await expectRefusal(() => bySome.all(), 'HANDLE_MISPLACED', /every/)
    const byExists = all().where(every(interview.evaluations, e => exists(e.comments, c => c.body.eq('agreed'))))
    expect(ids(await byExists.all())).toEqual([4])

    // a semi handle of the query around it is another matter: all are below that one
    const top = some(interview.evaluations, e => e.rating.isNotNull())
    const below = all().where(every(interview.evaluations, e => e.rating.lte(top.rating)))
    expect(ids(await below.all())).toEqual([1, 2])
  })
})
