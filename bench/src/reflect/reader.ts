/** Something that reads a whole schema. @module */
import type pg from 'pg'
import type { Counts } from './schema.js'

/** Reads the schema over the connection, already open; then says what it found. */
export type Reader = (client: pg.Client) => Promise<() => Counts>
