/**
 * The queries of the tour: what each of them says could not be said to the ORM.
 *
 * @module
 */
import { type Binding, type Filterable, from, left, type Query, some } from 'pillion'
import { tables } from '../db.js'
import { me } from '../queries/me.js'
import type { PlainRow } from './print.js'

const { interview } = tables

/** A query to be shown. */
export interface Stop {
  readonly title: string
  readonly says: string
  readonly query: Query<PlainRow>
  readonly given: readonly Binding[]
}

/** Whom the tour asks for: the `specificuser`. */
export const traveller = 7

const titles = from(interview)
  .select({ id: interview.id, title: interview.title, candidate: interview.candidate })
  .orderBy(interview.id.asc())

const low = some(interview.evaluations)
const high = some(interview.evaluations)
const one = some(interview.evaluations)

const mine = left(interview.evaluations, evaluation => evaluation.userId.eq(me))

/** Every interview, with my rating where there is one, sorted by it. */
export const ranked = from(interview)
  .select({ id: interview.id, title: interview.title, rating: mine.rating })
  .orderBy(mine.rating.desc({ nulls: 'last' }), interview.id.asc())

const byOne = some(interview.evaluations)

function applyPermissions<Q extends Filterable>(query: Q): Q {
  return query.where(byOne.user.username.eq('specificuser'))
}

function applySearch<Q extends Filterable>(query: Q): Q {
  return query.where(byOne.rating.gt(5))
}

export const stops: readonly Stop[] = Object.freeze<Stop[]>([
  {
    title: 'Two filters, one join',
    says: 'Interviews with an evaluation that is by specificuser and above 5: one handle, one evaluation.',
    query: titles.where(one.user.username.eq('specificuser'), one.rating.gt(5)),
    given: [],
  },
  {
    title: 'Two filters, two joins',
    says: 'Rated below 3 by specificuser, and above 5 by somebody else: two handles, two evaluations.',
    query: titles.where(
      low.user.username.eq('specificuser'),
      low.rating.lt(3),
      high.user.username.ne('specificuser'),
      high.rating.gt(5),
    ),
    given: [],
  },
  {
    title: 'An outer join, sorted by it',
    says: 'Every interview, with my rating where there is one, best first.',
    query: ranked,
    given: [me.is(traveller)],
  },
  {
    title: 'Two filters from two functions, one join',
    says: 'applyPermissions and applySearch do not know each other, and mean the same evaluation.',
    query: applySearch(applyPermissions(titles)),
    given: [],
  },
])
