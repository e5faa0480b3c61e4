import { readFile } from 'node:fs/promises'
import { pillion } from 'pillion'
import { diffCatalogs, emitTypes, readEmittedTypes } from 'pillion/schema'
import { typeormHost } from 'pillion/typeorm'
import type { DataSource } from 'typeorm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createMariadbDatabase, mariadbUrl } from '../../../test/support/mariadb.js'
import { createDatabase } from '../../../test/support/postgres.js'
import { skipAloud } from '../../../test/support/skip.js'
import { createSqliteFile, sqliteAddons } from '../../../test/support/sqlite.js'
import type { EngineName } from '../src/engine/engine.js'
import { engines } from '../src/engine/engines.js'
import { sourceOf } from '../src/orm/source.js'
import { createTables } from '../src/orm/tables.js'

interface Room {
  readonly url: string
  drop(): Promise<void>
}

const rooms: Readonly<Record<EngineName, () => Promise<Room>>> = {
  postgres: createDatabase,
  mariadb: createMariadbDatabase,
  sqlite: async () => {
    const { file, drop } = await createSqliteFile()
    return { url: file, drop }
  },
}

const lacking: Readonly<Record<EngineName, boolean>> = {
  postgres: false,
  mariadb: skipAloud('mariadb', mariadbUrl(), 'install mariadb-server'),
  sqlite: skipAloud('sqlite', sqliteAddons(), 'install python3, make and a C++ compiler'),
}

describe.each(Object.values(engines))('what is generated for $name', engine => {
  describe.skipIf(lacking[engine.name])('beside the tables that are created', () => {
    let room: Room
    let source: DataSource

    beforeAll(async () => {
      room = await rooms[engine.name]()
      await createTables(engine, room.url)
      source = await sourceOf(engine, room.url).initialize()
    })

    afterAll(async () => {
      await source.destroy()
      await room.drop()
    })

    const generated = () => readFile(new URL(`../src/db/${engine.name}.gen.ts`, import.meta.url), 'utf8')
    const reflected = async () => (await pillion(typeormHost(source), { names: 'camel' })).catalog

    test('is what pillion writes of them', async () => {
      const text = await generated()
      expect(diffCatalogs(readEmittedTypes(text), await reflected())).toEqual([])
      expect(text).toBe(emitTypes(readEmittedTypes(text)))
    })

    test('would be noticed to lack a column more', async () => {
      await source.query('alter table interview add column place text')
      expect(diffCatalogs(readEmittedTypes(await generated()), await reflected())).not.toEqual([])
    })
  })
})
