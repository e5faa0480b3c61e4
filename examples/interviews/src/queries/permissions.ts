/**
 * Which interviews I may see.
 *
 * @module
 */
import { type Condition, exists, type Filterable } from 'pillion'
import type { Interview } from '../db.js'
import { mayRead, readable } from './reading.js'

/** May I see this one? Where interviews are counted on the way, with an EXISTS of each count's own. */
export function maySee(interview: Interview): Condition<'joined'> {
  return exists(interview.evaluations, mayRead)
}

/** Keeps the interviews with an evaluation that I may read. */
export function applyPermissions<Q extends Filterable>(query: Q): Q {
  return query.where(mayRead(readable))
}
