/**
 * Who asks.
 *
 * @module
 */
import { param } from 'pillion'

/** The key of the user who asks: one parameter, in whatever query it is mentioned. */
export const me = param<number>('me')
