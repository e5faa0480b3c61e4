// An application's code over the built declarations, whose types every compiler must read alike.
import { count, from, left, list, param } from 'pillion'
import { tables } from '../../packages/pillion/test/support/interviews.gen.js'

const { interview } = tables
const me = param<number>('me')
const mine = left(interview.evaluations, e => e.userId.eq(me))

const ranked = from(interview)
  .select({
    title: interview.title,
    budget: interview.budget,
    rating: mine.rating,
    reviewers: count(interview.evaluations),
    notes: list(interview.evaluations, e => ({ id: e.id, by: e.user.username })),
  })
  .orderBy(mine.rating.desc({ nulls: 'last' }), interview.id.asc())

export async function rows() {
  const row = await ranked.one(me.is(7))
  const exact: { title: string; budget: string | null; rating: number | null; reviewers: number } = row
  const notes: readonly { readonly id: bigint; readonly by: string }[] = row.notes
  // @ts-expect-error: below a left handle a column may be null
  const rating: number = row.rating
  // @ts-expect-error: a numeric is exact, and so a string
  const budget: number | null = row.budget
  // @ts-expect-error: the table has no such column
  const missing = interview.colour
  // @ts-expect-error: a parameter of numbers takes no text
  const given = me.is('seven')
  // @ts-expect-error: a relation to many is no handle until it is said which
  const many = interview.evaluations.rating
  return { exact, notes, rating, budget, missing, given, many }
}

/** As a handler of requests passes on what it may have, or not. */
export async function passedOn(signal: AbortSignal | undefined, timeout: number | undefined) {
  for await (const row of ranked.stream(me.is(7), { signal, batch: timeout })) row.title.trim()
  return ranked.all(me.is(7), { signal, timeout })
}
