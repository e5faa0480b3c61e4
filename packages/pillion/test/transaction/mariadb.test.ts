import { createPool, type Pool } from 'mariadb'
import { mariadbHost } from 'pillion/mariadb'
import { describeOnMysql } from '../hosts/mysql-observer.js'
import { mysqlServers } from './servers.js'
import { transactionSuite } from './suite.js'

describeOnMysql(({ name }) => {
  const server = mysqlServers[name]
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
