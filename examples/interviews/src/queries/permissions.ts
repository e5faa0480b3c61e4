/**
 * Which interviews I may see.
 *
 * @module
 */
import type { Filterable } from 'pillion'
import { mayRead, readable } from './reading.js'

/** Keeps the interviews with an evaluation that I may read. */
export function applyPermissions<Q extends Filterable>(query: Q): Q {
  return query.where(mayRead(readable))
}
