import { afterEach, describe, expect, it } from 'vitest'
import { postgresServers } from '../../../../test/support/postgres.js'
import { describeDiff, diffCatalogs } from '../../src/schema/diff.js'
import { emitDdl } from '../../src/schema/emit-ddl.js'
import type { Catalog } from '../../src/schema/model.js'
import { reflectPostgres } from '../../src/schema/postgres/reflect.js'
import { type Opened, load, open, samples } from './samples.js'

let opened: Opened[] = []

afterEach(async () => {
  await Promise.all(opened.map(database => database.close()))
  opened = []
})

async function fresh(server: string): Promise<Opened> {
  const database = await open(server)
  opened.push(database)
  return database
}

async function recreated(server: string, catalog: Catalog): Promise<Catalog> {
  const copy = await fresh(server)
  await copy.client.query(emitDdl(catalog))
  return reflectPostgres(copy.read)
}

describe.each(postgresServers())('on PostgreSQL $version', ({ url }) => {
  it.each(samples)('$name, emitted and loaded, reflects as it was', async sample => {
    const original = await fresh(url)
    await load(original, sample)
    const catalog = await reflectPostgres(original.read)
    const again = await recreated(url, catalog)
    expect(describeDiff(diffCatalogs(catalog, again))).toBe('')
    expect(again).toEqual(catalog)
    expect(emitDdl(again)).toBe(emitDdl(catalog))
  })
})
