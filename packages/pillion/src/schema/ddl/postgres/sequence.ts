/**
 * Sequences: those of identity columns are made with the column, all others by themselves.
 *
 * @module
 */
import { quoteName } from '../../base-types.js'
import type { Catalog, Column, Sequence, Table } from '../../model.js'
import { qualified } from './name.js'

export function createSequences(catalog: Catalog): readonly string[] {
  return freeSequences(catalog).map(
    ({ sequence }) => `CREATE SEQUENCE ${qualified(sequence)} AS ${sequence.type} ${options(sequence)}`,
  )
}

/** A serial's sequence goes when its column goes. */
export function ownSequences(catalog: Catalog): readonly string[] {
  return freeSequences(catalog).flatMap(({ sequence, owner }) =>
    owner === undefined
      ? []
      : [`ALTER SEQUENCE ${qualified(sequence)} OWNED BY ${qualified(owner.table)}.${quoteName(owner.column.name)}`],
  )
}

/** Sequences by the column that owns them, `schema.table.column`. */
export function sequencesByOwner({ sequences }: Catalog): ReadonlyMap<string, Sequence> {
  return new Map(sequences.flatMap(each => (each.ownedBy === undefined ? [] : [[each.ownedBy, each] as const])))
}

/** `GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME …)`, or nothing: partitions share their parent's sequence. */
export function identityClause(column: Column, sequence: Sequence | undefined): string {
  if (column.identity === undefined || sequence === undefined) return ''
  const details = `SEQUENCE NAME ${qualified(sequence)} ${options(sequence)}`
  return ` GENERATED ${column.identity.toUpperCase()} AS IDENTITY (${details})`
}

function options({ start, increment, min, max, cache, cycle }: Sequence): string {
  return `START WITH ${start} INCREMENT BY ${increment} MINVALUE ${min} MAXVALUE ${max} CACHE ${cache}${cycle ? ' CYCLE' : ''}`
}

interface Owner {
  readonly table: Table
  readonly column: Column
}

/** Sequences of no identity column, with the column that owns them where one does. */
function freeSequences({ tables, sequences }: Catalog): readonly { sequence: Sequence; owner: Owner | undefined }[] {
  const owners = new Map<string | undefined, Owner>(
    tables.flatMap(table => table.columns.map(column => [`${table.id}.${column.name}`, { table, column }] as const)),
  )
  return sequences
    .map(sequence => ({ sequence, owner: owners.get(sequence.ownedBy) }))
    .filter(({ owner }) => owner?.column.identity === undefined)
}
