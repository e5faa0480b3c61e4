import { PGlite } from '@electric-sql/pglite'
import { pgliteHost } from 'pillion/pglite'
import { postgres, type Stage } from './servers.js'
import { transactionSuite } from './suite.js'

/** PGlite is its own server: it is observed by the connection that it has. */
let database: PGlite

transactionSuite({
  name: 'PGlite',
  server: {
    ...postgres,
    kill: undefined,
    async open(): Promise<Stage> {
      database = await PGlite.create()
      return {
        url: '',
        read: async sql => (await database.query(sql)).rows as Record<string, unknown>[],
        close: async () => {},
      }
    },
  },
  independent: false,
  countsConnections: false,
  cancels: false,
  async mount() {
    return {
      root: database,
      host: pgliteHost(database),
      rows: async (orm, sql) => (await (orm as PGlite).query(sql)).rows as object[],
      close: () => database.close(),
    }
  },
})
