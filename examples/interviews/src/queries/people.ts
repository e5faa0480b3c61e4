/**
 * Everybody who could ask.
 *
 * @module
 */
import { from, type Out } from 'pillion'
import { tables } from '../db.js'

const { user } = tables

const named = { id: user.id, fullName: user.fullName, username: user.username }

export type Person = Out<typeof named>

/** All users by name. */
export const people = from(user).select(named).orderBy(user.fullName.asc(), user.id.asc())
