import knexOf, { type Knex } from 'knex'
import { knexHost } from 'pillion/knex'
import { postgres } from './servers.js'
import { transactionSuite } from './suite.js'

transactionSuite({
  name: 'Knex',
  server: postgres,
  independent: true,
  countsConnections: true,
  tellsLoss: true,
  cancels: true,
  async mount(url, connections) {
    const knex = knexOf({ client: 'pg', connection: url, pool: { min: 0, max: connections } })
    const { pool } = knex.client as { pool: { numUsed(): number } }
    return {
      root: knex,
      host: knexHost(knex),
      rows: async (orm, sql) => ((await (orm as Knex).raw(sql)) as { rows: object[] }).rows,
      out: () => pool.numUsed(),
      close: () => knex.destroy(),
    }
  },
})
