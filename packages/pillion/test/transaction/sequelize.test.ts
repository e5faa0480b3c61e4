import { sequelizeHost } from 'pillion/sequelize'
import { Sequelize, type Transaction } from 'sequelize'
import { poolOf } from '../hosts/fixtures/sequelize.js'
import { postgres } from './servers.js'
import { transactionSuite } from './suite.js'

transactionSuite({
  name: 'Sequelize',
  server: postgres,
  independent: true,
  countsConnections: true,
  tellsLoss: true,
  cancels: true,
  async mount(url, connections) {
    const sequelize = new Sequelize(url, { logging: false, pool: { max: connections } })
    return {
      root: sequelize,
      host: sequelizeHost(sequelize),
      rows: async (orm, sql) => {
        const options = orm === sequelize ? {} : { transaction: orm as Transaction }
        const [rows] = await sequelize.query(sql, options)
        return rows as object[]
      },
      out: () => poolOf(sequelize).size - poolOf(sequelize).available,
      close: () => sequelize.close(),
    }
  },
})
