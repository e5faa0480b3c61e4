/**
 * The statements that begin a transaction.
 *
 * @module
 */
import type { Characteristics, Said } from '../options.js'

/** What is said of a transaction; what is left out is the server's own default. */
type Spoken = Partial<Said<Characteristics>>

/** PostgreSQL: all in one statement. What is not so is said, too: the default may be that it is. */
export function beginPostgres({ isolation, readOnly, deferrable }: Spoken): string {
  let text = 'BEGIN'
  if (isolation !== undefined) text += ` ISOLATION LEVEL ${isolation.toUpperCase()}`
  if (readOnly !== undefined) text += readOnly ? ' READ ONLY' : ' READ WRITE'
  if (deferrable !== undefined) text += deferrable ? ' DEFERRABLE' : ' NOT DEFERRABLE'
  return text
}

/** PostgreSQL: what a transaction that somebody else began is told by its first statement; empty where there is nothing to tell. */
export function setPostgres(characteristics: Spoken): string {
  const words = beginPostgres(characteristics).slice('BEGIN '.length)
  return words === '' ? '' : `SET TRANSACTION ${words}`
}
