/** Something that reads a whole schema. @module */
import type pg from 'pg'
import type { Counts } from './schema.js'

/** Makes ready, which is not timed, and gives the reading, which is; that gives a count of what was found. */
export type Prepare = (client: pg.Client) => Promise<() => Promise<() => Counts>>
