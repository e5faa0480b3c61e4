/** PGlite, in memory: `transaction`. @module */
import { PGlite } from '@electric-sql/pglite'
import { transactions } from 'pillion/transaction'
import { type Open, pair, setUp } from '../field.js'

export const open: Open = async () => {
  const pglite = await PGlite.create()
  for (const statement of setUp) await pglite.exec(statement)
  const tx = transactions(pglite)
  const contenders = pair(
    'PGlite',
    sql => pglite.transaction(inside => inside.query(sql)),
    sql => tx.run(t => t.orm.query(sql)),
  )
  return { contenders, close: () => pglite.close() }
}
