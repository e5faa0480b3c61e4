import { createPool, type Pool } from 'mariadb'
import { mariadbHost } from 'pillion/mariadb'
import { describe } from 'vitest'
import { mysqlServers } from './servers.js'
import { transactionSuite } from './suite.js'

describe.each(mysqlServers())('mariadb', server => {
  transactionSuite({
    name: 'mariadb',
    server,
    independent: true,
    countsConnections: false,
    tellsLoss: true,
    cancels: true,
    async mount(url, connections) {
      const { hostname, port, username, password, pathname } = new URL(url)
      const pool = createPool({
        host: hostname,
        port: Number(port),
        user: username,
        password: decodeURIComponent(password),
        database: pathname.slice(1),
        connectionLimit: connections,
      })
      return {
        root: pool,
        host: mariadbHost(pool),
        rows: async (orm, sql) => (await (orm as Pool).query(sql)) as object[],
        out: () => pool.activeConnections(),
        close: () => pool.end(),
      }
    },
  })
})
