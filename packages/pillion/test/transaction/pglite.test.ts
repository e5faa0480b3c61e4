import type { PGlite } from '@electric-sql/pglite'
import { pgliteHost } from 'pillion/pglite'
import { pgliteServer } from './servers.js'
import { transactionSuite } from './suite.js'

let database: PGlite

transactionSuite({
  name: 'PGlite',
  server: pgliteServer(opened => (database = opened)),
  independent: false,
  countsConnections: false,
  tellsLoss: false,
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
