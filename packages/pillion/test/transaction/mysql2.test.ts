import { createPool, type Pool } from 'mysql2/promise'
import { mysql2Host } from 'pillion/mysql2'
import { describe } from 'vitest'
import { mariadbUrl } from '../../../../test/support/mariadb.js'
import { mariadb } from './servers.js'
import { transactionSuite } from './suite.js'

describe.runIf(mariadbUrl())('mysql2', () => {
  transactionSuite({
    name: 'mysql2',
    server: mariadb,
    independent: true,
    countsConnections: true,
    cancels: true,
    namesUse: true,
    killable: true,
    async mount(url, connections) {
      const pool = createPool({ uri: url, connectionLimit: connections })
      const { _allConnections: all, _freeConnections: free } = pool.pool as unknown as Record<
        string,
        { length: number }
      >
      return {
        root: pool,
        host: mysql2Host(pool),
        rows: async (orm, sql) => (await (orm as Pool).query(sql))[0] as object[],
        out: () => (all?.length ?? 0) - (free?.length ?? 0),
        close: () => pool.end(),
      }
    },
  })
})
