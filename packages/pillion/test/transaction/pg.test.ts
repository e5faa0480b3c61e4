import { Pool, type PoolClient } from 'pg'
import { pgHost } from 'pillion/pg'
import { postgres } from './servers.js'
import { transactionSuite } from './suite.js'

transactionSuite({
  name: 'pg',
  server: postgres,
  independent: true,
  countsConnections: true,
  tellsLoss: true,
  cancels: true,
  async mount(url, connections) {
    const pool = new Pool({ connectionString: url, max: connections })
    pool.on('error', () => {})
    return {
      root: pool,
      host: pgHost(pool),
      rows: async (orm, sql) => (await (orm as PoolClient).query(sql)).rows as object[],
      out: () => pool.totalCount - pool.idleCount,
      close: () => pool.end(),
    }
  },
})
