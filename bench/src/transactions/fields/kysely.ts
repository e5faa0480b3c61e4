/** Kysely: `transaction().execute`. @module */
import { CompiledQuery, Kysely, PostgresDialect } from 'kysely'
import { transactions } from 'pillion/transaction'
import { type Open, pair } from '../field.js'
import { knowing } from '../knowing.js'
import { poolOn } from '../pool.js'

export const open: Open = url => {
  const kysely = new Kysely<unknown>({ dialect: new PostgresDialect({ pool: poolOn(url, 1) }) })
  const tx = transactions(kysely)
  const [own, ours] = pair(
    'Kysely',
    sql => kysely.transaction().execute(trx => trx.executeQuery(CompiledQuery.raw(sql))),
    sql => tx.run(t => t.orm.executeQuery(CompiledQuery.raw(sql))),
  )
  return { contenders: [own, knowing(own), ours], close: () => kysely.destroy() }
}
