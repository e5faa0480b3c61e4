/**
 * My own evaluation of an interview.
 *
 * @module
 */
import { left } from 'pillion'
import { tables } from '../db.js'
import { me } from './me.js'

/**
 * My evaluation where there is one. A user evaluates an interview once at most, as the database knows by a unique key, so
 * this join multiplies no rows.
 */
export const mine = left(tables.interview.evaluations, evaluation => evaluation.userId.eq(me))
