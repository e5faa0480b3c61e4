/** `better-sqlite3`, by the driver's own calls, and the same with the least that can be told of a transaction. @module */
import Sqlite from 'better-sqlite3'
import { transactions } from 'pillion/transaction'
import { type Open, pair } from '../field.js'
import { knowing } from '../knowing.js'

export const open: Open = file => {
  const database = new Sqlite(file)
  const tx = transactions(database)
  const byHand = async (sql: string): Promise<void> => {
    // the lock of the writer at once, as pillion takes it
    database.exec('BEGIN IMMEDIATE')
    try {
      database.prepare(sql).all()
      database.exec('COMMIT')
    } catch (error) {
      database.exec('ROLLBACK')
      throw error
    }
  }
  const [plain, ours] = pair('better-sqlite3 by hand', byHand, sql => tx.run(t => t.orm.prepare(sql).all()))
  return { contenders: [plain, knowing(plain), ours], close: () => database.close() }
}
