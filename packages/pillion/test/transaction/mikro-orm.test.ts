import { mikroOrmHost } from 'pillion/mikro-orm'
import { mikroOrmOn, poolOf } from '../hosts/fixtures/mikro-orm.js'
import { postgres } from './servers.js'
import { transactionSuite } from './suite.js'

interface Manager {
  execute(sql: string): Promise<object[]>
}

transactionSuite({
  name: 'MikroORM',
  server: postgres,
  independent: true,
  countsConnections: true,
  tellsLoss: true,
  cancels: true,
  async mount(url, connections) {
    const orm = await mikroOrmOn(url, { pool: { min: 0, max: connections }, allowGlobalContext: true })
    const pool = await poolOf(orm)
    pool.on('error', () => {})
    return {
      root: orm,
      host: mikroOrmHost(orm),
      rows: (orm, sql) => (orm as Manager).execute(sql),
      out: () => pool.totalCount - pool.idleCount,
      close: () => orm.close(),
    }
  },
})
