import { createPool, type Pool } from 'mysql2/promise'
import { mysql2Host } from 'pillion/mysql2'
import { describeOnMysql } from '../hosts/mysql-observer.js'
import { mysqlServers, outOf } from './servers.js'
import { transactionSuite } from './suite.js'

describeOnMysql(({ name }) => {
  const server = mysqlServers[name]
  transactionSuite({
    name: 'mysql2',
    server,
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
