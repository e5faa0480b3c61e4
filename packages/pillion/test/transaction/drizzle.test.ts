import { sql as raw } from 'drizzle-orm'
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres'
import { Pool } from 'pg'
import { drizzleHost } from 'pillion/drizzle'
import { postgres } from './servers.js'
import { transactionSuite } from './suite.js'

transactionSuite({
  name: 'Drizzle',
  server: postgres,
  independent: true,
  countsConnections: true,
  cancels: true,
  namesUse: false,
  killable: true,
  async mount(url, connections) {
    const pool = new Pool({ connectionString: url, max: connections })
    pool.on('error', () => {})
    const root = drizzle(pool)
    return {
      root,
      host: drizzleHost(root),
      rows: async (orm, sql) => (await (orm as NodePgDatabase).execute(raw.raw(sql))).rows as object[],
      out: () => pool.totalCount - pool.idleCount,
      close: () => pool.end(),
    }
  },
})
