import { CompiledQuery, Kysely, PostgresDialect } from 'kysely'
import { Pool } from 'pg'
import { kyselyHost } from 'pillion/kysely'
import { postgres } from './servers.js'
import { transactionSuite } from './suite.js'

transactionSuite({
  name: 'Kysely',
  server: postgres,
  independent: true,
  countsConnections: false,
  tellsLoss: true,
  cancels: true,
  async mount(url, connections) {
    const pool = new Pool({ connectionString: url, max: connections })
    pool.on('error', () => {})
    const kysely = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) })
    return {
      root: kysely,
      host: kyselyHost(kysely, pool),
      rows: async (orm, sql) => (await (orm as Kysely<unknown>).executeQuery(CompiledQuery.raw(sql))).rows as object[],
      out: () => pool.totalCount - pool.idleCount,
      close: () => kysely.destroy(),
    }
  },
})
