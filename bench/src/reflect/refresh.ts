/** Pillion's refresh of a catalog it already has, after two tables changed. @module */
import { randomUUID } from 'node:crypto'
import { fingerprintPostgres, reflectPostgres, refreshPostgres } from 'pillion/schema'
import { foundIn, readOn } from './pillion.js'
import type { Prepare } from './reader.js'

export const prepare: Prepare = async client => {
  const read = readOn(client)
  const fingerprint = await fingerprintPostgres(read)
  const catalog = await reflectPostgres(read)
  await client.query(`comment on table thing_1 is '${randomUUID()}'`)
  await client.query(`alter table thing_2 alter column title set default '${randomUUID()}'`)
  return async () => {
    const refreshed = await refreshPostgres(read, catalog, fingerprint)
    return () => foundIn(refreshed.catalog)
  }
}
