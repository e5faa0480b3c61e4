/** Pillion's reflection with the relations it names, over the host a caller would use. @module */
import type pg from 'pg'
import { pgHost } from 'pillion/pg'
import { type Catalog, type Read, reflectPostgres } from 'pillion/schema'
import type { Prepare } from './reader.js'
import type { Counts } from './schema.js'

export const prepare: Prepare = async client => {
  const read = readOn(client)
  return async () => {
    const catalog = await reflectPostgres(read)
    return () => foundIn(catalog)
  }
}

/** How the catalogue is read: a statement at a time, on the caller's connection. */
export function readOn(client: pg.Client): Read {
  const host = pgHost(client)
  return async (text, values = []) => (await host.run(undefined, { text, values }, {})).rows
}

export function foundIn({ tables }: Catalog): Counts {
  const sum = (count: (table: Catalog['tables'][number]) => number) => tables.reduce((all, t) => all + count(t), 0)
  return {
    tables: tables.length,
    columns: sum(table => table.columns.length),
    foreignKeys: sum(table => table.foreignKeys.length),
    checks: sum(table => table.checks.length),
    indexes: sum(table => table.indexes.length),
  }
}
