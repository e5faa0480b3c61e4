// What an editor shows for these: see the declarations expected in `types.test.ts`.
import { cast, coalesce, count, derived, first, left, list, nest, relate, some, text, when } from 'pillion'
import { tree } from 'pillion/tree'
import { db, evaluation, interview, page, user } from './expect.js'

export const mine = left(interview.evaluations, e => e.userId.eq(7))
export const byOne = some(interview.evaluations)
export const best = first(interview.evaluations, { orderBy: e => e.rating.desc() })
export const lead = interview.lead.username
export const compared = interview.id.eq(mine.rating)
export const mixed = interview.id.eq(byOne.userId)
export const rating = coalesce(mine.rating, 0)
export const level = when(mine.rating.gt(8), 'high').end()
export const written = cast(mine.rating, text)
export const perUser = derived('per_user', db.from(evaluation).select({ user: evaluation.userId, n: count() }))
export const ours = left(relate(user, perUser, p => p.user.eq(user.id)))
export const query = db.from(interview).select({
  id: interview.id,
  mine,
  rating: mine.rating,
  nested: nest(mine, e => ({ at: e.createdAt })),
  notes: list(interview.evaluations, e => ({ by: e.user.username })),
})
export const row = await query.one()
export const whole = await db.from(interview).all()
export const pages = tree(page, { key: ['tenantId', 'id'], parent: ['tenantId', 'parentId'] })
export const below = pages.descendants({ tenantId: 1, id: 'a' })
export const nearest = pages.commonAncestor({ tenantId: 1, id: 'a' }, { tenantId: 1, id: 'b' })
