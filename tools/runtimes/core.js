import { count, isPillionError, left, list, param, some } from 'pillion'

/** @typedef {import('../../packages/pillion/test/support/interviews.gen.js').DB} DB */

/**
 * What the core of pillion answers over the database of interviews: handles and their joins, nested rows, late-bound
 * parameters, pages, counts, exact values, errors and where they come from. The same on every runtime, over every host.
 *
 * @param {import('pillion').Database<DB>} db
 */
export async function coreAnswers(db) {
  const { interview, evaluation } = db.tables
  const me = /** @type {import('pillion').Param<number>} */ (param('me'))
  const mine = left(interview.evaluations, e => e.userId.eq(me))
  const one = some(interview.evaluations)

  const ranked = db
    .from(interview)
    .select({ title: interview.title, lead: interview.lead.username, rating: mine.rating })
    .orderBy(mine.rating.desc({ nulls: 'last' }), interview.id.asc())
  const titles = db.from(interview).select({ title: interview.title }).orderBy(interview.id.asc())

  const page = await ranked.page({ size: 2, after: null }, me.is(1))
  return {
    ranked: await ranked.all(me.is(1)),
    secondPage: (await ranked.page({ size: 2, after: page.next }, me.is(1))).rows,
    filtered: await titles.where(one.user.username.eq('cyd'), one.rating.gt(5)).all(),
    nested: await titles
      .select({
        reviewers: count(interview.evaluations),
        notes: list(interview.evaluations, e => ({ by: e.user.username, rating: e.rating }), {
          orderBy: e => e.id.asc(),
        }),
      })
      .all(),
    open: await db.from(interview).where(interview.status.eq('open')).count(),
    exact: await db
      .from(evaluation)
      .select({ id: evaluation.id, budget: evaluation.interview.budget, at: evaluation.interview.createdAt })
      .orderBy(evaluation.id.desc())
      .first(),
    unbound: await failureOf(ranked.all()),
  }
}

/**
 * An error's code, and the file and line it names as the query's.
 *
 * @param {Promise<unknown>} work
 */
export async function failureOf(work) {
  const error = await work.then(rows => ({ rows })).catch(cause => cause)
  return isPillionError(error) ? [error.code, error.origin?.match(/[\w-]+\.js:\d+/)?.[0]] : String(error)
}

/**
 * As JSON, in which a bigint is its digits and `n`.
 *
 * @param {unknown} answers
 */
export function print(answers) {
  console.log(JSON.stringify(answers, (_, value) => (typeof value === 'bigint' ? `${value}n` : value)))
}
