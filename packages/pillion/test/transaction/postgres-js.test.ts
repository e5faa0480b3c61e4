import { postgresHost } from 'pillion/postgres'
import postgresJs from 'postgres'
import { postgres } from './servers.js'
import { transactionSuite } from './suite.js'

transactionSuite({
  name: 'postgres.js',
  server: postgres,
  independent: true,
  countsConnections: true,
  tellsLoss: true,
  cancels: true,
  async mount(url, connections) {
    const sql = postgresJs(url, { max: connections, onnotice: () => {} })
    return {
      root: sql,
      host: postgresHost(sql),
      rows: async (orm, text) => [...(await (orm as typeof sql).unsafe(text))],
      close: () => sql.end({ timeout: 1 }),
    }
  },
})
