import 'reflect-metadata'
import { typeormHost } from 'pillion/typeorm'
import { DataSource, type EntityManager } from 'typeorm'
import { postgres } from './servers.js'
import { transactionSuite } from './suite.js'

transactionSuite({
  name: 'TypeORM',
  server: postgres,
  independent: true,
  countsConnections: true,
  tellsLoss: true,
  cancels: true,
  async mount(url, connections) {
    const dataSource = await new DataSource({ type: 'postgres', url, extra: { max: connections } }).initialize()
    const { master } = dataSource.driver as unknown as { master: { totalCount: number; idleCount: number } }
    return {
      root: dataSource,
      host: typeormHost(dataSource),
      rows: async (orm, sql) => (await (orm as EntityManager).query(sql)) as object[],
      out: () => master.totalCount - master.idleCount,
      close: () => dataSource.destroy(),
    }
  },
})
