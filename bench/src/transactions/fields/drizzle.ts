/** Drizzle: `transaction`, over `pg`. @module */
import { sql as raw } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/node-postgres'
import { transactions } from 'pillion/transaction'
import { type Open, pair } from '../field.js'
import { poolOn } from '../pool.js'

export const open: Open = url => {
  const pool = poolOn(url, 1)
  const orm = drizzle(pool)
  const tx = transactions(orm)
  const contenders = pair(
    'Drizzle',
    sql => orm.transaction(inside => inside.execute(raw.raw(sql))),
    sql => tx.run(t => t.orm.execute(raw.raw(sql))),
  )
  return { contenders, close: () => pool.end() }
}
