import { createPool, type Pool } from 'mysql2/promise'
import { mysql2Host } from 'pillion/mysql2'
import { describe } from 'vitest'
import { mariadbUrl } from '../../../../test/support/mariadb.js'
import { mariadb, outOf } from './servers.js'
import { transactionSuite } from './suite.js'

describe.runIf(mariadbUrl())('mysql2', () => {
  transactionSuite({
    name: 'mysql2',
    server: mariadb,
    independent: true,
    countsConnections: true,
    tellsLoss: true,
    cancels: true,
    async mount(url, connections) {
      const pool = createPool({ uri: url, connectionLimit: connections })
      return {
        root: pool,
        host: mysql2Host(pool),
        rows: async (orm, sql) => (await (orm as Pool).query(sql))[0] as object[],
        out: () => outOf(pool.pool),
        close: () => pool.end(),
      }
    },
  })
})
