/**
 * Sequences: those of identity columns are made with the column, all others by themselves.
 *
 * @module
 */
import { quoteName } from '../base-types.js'
import type { Catalog, Column, Sequence, Table } from '../model.js'
import { qualified } from './name.js'

export function createSequences(catalog: Catalog): readonly string[] {
  return freeSequences(catalog).map(
    sequence => `CREATE SEQUENCE ${qualified(sequence)} AS ${sequence.type} ${options(sequence)}`,
  )
}

/** A serial's sequence goes when its column goes. */
export function ownSequences(catalog: Catalog): readonly string[] {
  return freeSequences(catalog).flatMap(sequence => {
    const owner = ownerOf(catalog, sequence)
    return owner === undefined
      ? []
      : [`ALTER SEQUENCE ${qualified(sequence)} OWNED BY ${qualified(owner.table)}.${quoteName(owner.column.name)}`]
  })
}

/** `GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME …)`, or nothing: partitions share their parent's sequence. */
export function identityClause(catalog: Catalog, table: Table, column: Column): string {
  const sequence = column.identity && catalog.sequences.find(each => each.ownedBy === `${table.id}.${column.name}`)
  return sequence === undefined
    ? ''
    : ` GENERATED ${column.identity?.toUpperCase()} AS IDENTITY (SEQUENCE NAME ${qualified(sequence)} ${options(sequence)})`
}

function options({ start, increment, min, max, cache, cycle }: Sequence): string {
  return `START WITH ${start} INCREMENT BY ${increment} MINVALUE ${min} MAXVALUE ${max} CACHE ${cache}${cycle ? ' CYCLE' : ''}`
}

function freeSequences(catalog: Catalog): readonly Sequence[] {
  return catalog.sequences.filter(sequence => ownerOf(catalog, sequence)?.column.identity === undefined)
}

function ownerOf(
  { tables }: Catalog,
  { ownedBy }: Sequence,
): { readonly table: Table; readonly column: Column } | undefined {
  if (ownedBy === undefined) return undefined
  const table = tables.find(each => ownedBy.startsWith(`${each.id}.`) && columnIn(each, ownedBy) !== undefined)
  const column = table && columnIn(table, ownedBy)
  return table && column && { table, column }
}

const columnIn = (table: Table, path: string): Column | undefined =>
  table.columns.find(column => `${table.id}.${column.name}` === path)
