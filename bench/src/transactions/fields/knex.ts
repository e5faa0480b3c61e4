/** Knex: `transaction` with a function, over `pg`. @module */
import knex from 'knex'
import { transactions } from 'pillion/transaction'
import { type Open, pair } from '../field.js'

export const open: Open = url => {
  const orm = knex({ client: 'pg', connection: url, pool: { min: 1, max: 1 } })
  const tx = transactions(orm)
  const contenders = pair(
    'Knex',
    sql => orm.transaction(async trx => await trx.raw(sql)),
    sql => tx.run(async t => await t.orm.raw(sql)),
  )
  return { contenders, close: () => orm.destroy() }
}
