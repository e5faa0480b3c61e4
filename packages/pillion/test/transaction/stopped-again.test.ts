/**
 * A request to stop a statement may fail, as any other on another connection: it is made again, for as long as the statement runs.
 */
import { transactions } from 'pillion/transaction'
import postgresJs from 'postgres'
import { expect, test } from 'vitest'
import { createDatabase } from '../../../../test/support/postgres.js'
import { failureIn } from './suite.js'

test('a statement past its timeout is stopped, though the connection to stop it by fails once', {
  timeout: 60_000,
}, async () => {
  const database = await createDatabase()
  const sql = postgresJs(database.url, { max: 2, onnotice: () => {} })
  try {
    const tx = transactions(sql)
    const t = await tx.begin({ timeout: 1_000 })
    // what is asked first of the connection that takes this one's place, postgres.js fails with what ended this one
    await failureIn(tx.run(u => u.orm`select pg_terminate_backend(pg_backend_pid())`))
    expect(await failureIn(t.orm`select pg_sleep(600)`)).toMatchObject({ code: '57014' })
    expect(await failureIn(t.commit())).toMatchObject({ code: 'TRANSACTION_FINISHED' })
  } finally {
    await sql.end({ timeout: 1 })
    await database.drop()
  }
})
