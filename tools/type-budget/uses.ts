// Queries as an application writes them: the same text over schemas of every size.
import { count, type Filterable, from, left, list, param, some } from 'pillion'
import { tables } from './db.gen.js'

const { interview } = tables

const me = param<number>('me')
const mine = left(interview.evaluations, e => e.user_id.eq(me))

export const ranked = from(interview)
  .select({ id: interview.id, title: interview.title, rating: mine.rating })
  .orderBy(mine.rating.desc({ nulls: 'last' }), interview.id.asc())

const byOne = some(interview.evaluations)
const applyPermissions = <Q extends Filterable>(q: Q) => q.where(byOne.user.username.eq('specificuser'))
const applySearch = <Q extends Filterable>(q: Q) => q.where(byOne.rating.gt(5))
export const filtered = applySearch(applyPermissions(from(interview)))

const low = some(interview.evaluations)
const high = some(interview.evaluations)
export const divided = from(interview).where(
  low.user.username.eq('specificuser'),
  low.rating.lt(3),
  high.user.username.ne('specificuser'),
  high.rating.gt(5),
)

export const nested = from(interview).select({
  title: interview.title,
  mine,
  notes: list(interview.evaluations, e => ({ by: e.user.username, rating: e.rating }), {
    orderBy: e => e.rating.desc(),
  }),
  reviewers: count(interview.evaluations),
})

export async function pages(transaction: object) {
  const { rows, next } = await ranked.page({ size: 50, after: null }, me.is(7))
  const seen: { id: number; rating: number | null }[] = [...rows, ...(await ranked.on(transaction).all(me.is(7)))]
  return { seen, next }
}

export async function rows() {
  const [first] = await ranked.all(me.is(7))
  const rating: number | null | undefined = first?.rating
  const [whole] = await nested.all(me.is(7))
  const by: string | null | undefined = whole?.notes[0]?.by
  const note: string | null | undefined = whole?.mine?.note
  return { rating, by, note, title: (await filtered.first())?.title }
}
