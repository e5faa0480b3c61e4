/** Sequelize: `transaction` with a function. @module */
import { transactions } from 'pillion/transaction'
import { QueryTypes, Sequelize } from 'sequelize'
import { type Open, pair } from '../field.js'

export const open: Open = url => {
  const orm = new Sequelize(url, { logging: false, pool: { max: 1 } })
  const tx = transactions(orm)
  const within = (sql: string, transaction: unknown): Promise<unknown> =>
    orm.query(sql, { type: QueryTypes.SELECT, transaction: transaction as null })
  const contenders = pair(
    'Sequelize',
    sql => orm.transaction(transaction => within(sql, transaction)),
    sql => tx.run(t => within(sql, t.orm)),
  )
  return { contenders, close: () => orm.close() }
}
