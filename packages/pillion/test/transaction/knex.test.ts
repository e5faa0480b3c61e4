import knexOf, { type Knex } from 'knex'
import { knexHost } from 'pillion/knex'
import { transactions } from 'pillion/transaction'
import { expect, test } from 'vitest'
import { describeOnMysql } from '../hosts/mysql-observer.js'
import { mysqlServers, postgres } from './servers.js'
import { failureIn, transactionSuite } from './suite.js'

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

describeOnMysql(({ name }) => {
  test('is isolated and reads only, both', async () => {
    const stage = await mysqlServers[name].open()
    await stage.read('create table item (n int primary key)')
    const knex = knexOf({ client: 'mysql2', connection: stage.url, pool: { min: 0, max: 1 } })
    const tx = transactions(knex)
    const options = { isolation: 'serializable', readOnly: true } as const
    expect(await tx.run(options, t => t.orm('item').select())).toEqual([])
    const writing = tx.run(options, t => t.orm('item').insert({ n: 1 }))
    expect(await failureIn(writing)).toMatchObject({ errno: 1792 })
    await tx.run(t => t.orm('item').insert({ n: 2 }))
    expect(await stage.read('select n from item')).toEqual([{ n: 2 }])
    expect((knex.client as { pool: { numUsed(): number } }).pool.numUsed()).toBe(0)
    await knex.destroy()
    await stage.close()
  })
})
