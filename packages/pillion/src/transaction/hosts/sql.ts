/**
 * The statements that begin a transaction.
 *
 * @module
 */
import type { Characteristics } from '../options.js'

/** PostgreSQL: all in one statement. */
export function beginPostgres({ isolation, readOnly, deferrable }: Characteristics): string {
  return [
    'BEGIN',
    isolation && `ISOLATION LEVEL ${isolation.toUpperCase()}`,
    readOnly !== undefined && (readOnly ? 'READ ONLY' : 'READ WRITE'),
    deferrable !== undefined && (deferrable ? 'DEFERRABLE' : 'NOT DEFERRABLE'),
  ]
    .filter(Boolean)
    .join(' ')
}

/** PostgreSQL: what a transaction that somebody else began is told by its first statement; empty where there is nothing to tell. */
export function setPostgres(characteristics: Characteristics): string {
  const words = beginPostgres(characteristics).slice('BEGIN '.length)
  return words === '' ? '' : `SET TRANSACTION ${words}`
}
