/**
 * Four transactions at once, three of them with a result set open, committed as they were begun; and again from the start.
 *
 *     node examples/transactions/four.js            on a PostgreSQL of its own
 *     node examples/transactions/four.js <url>      on yours: it makes a table `ledger` and drops it
 *
 * A manager that keeps "the current transaction" on a stack dies at the second commit: it takes the connection of whichever
 * was begun last. Here a handle owns its connection, and what is current is nobody's business but the code's around it.
 *
 * @module
 */
import pg from 'pg'
import { pillion } from 'pillion'
import { pgHost } from 'pillion/pg'
import { transactions } from 'pillion/transaction'

const [given] = process.argv.slice(2)
const server = given === undefined ? await (await import('@pillion/postgres')).startPostgres() : undefined
const pool = new pg.Pool({ connectionString: given ?? server?.url, max: 5 })
try {
  await pool.query('CREATE TABLE ledger (id int PRIMARY KEY, amount int NOT NULL)')
  await pool.query('INSERT INTO ledger SELECT n, n * 10 FROM generate_series(1, 1000) n')
  await fourAtOnce()
  console.log('\nand again:')
  await fourAtOnce()
} finally {
  await pool.query('DROP TABLE IF EXISTS ledger')
  // a pool that ends waits for none of its connections: the server that is stopped then may tell one so
  pool.on('error', () => {})
  await pool.end()
  await server?.stop()
}

async function fourAtOnce() {
  const db = await pillion(pgHost(pool))
  const tx = transactions(pool)
  const { ledger } = /** @type {Record<string, any>} */ (db.tables)

  const handles = []
  for (const name of ['one', 'two', 'three', 'four']) handles.push(await tx.begin({ name }))

  // the first three each write, and read from a cursor in the server
  const streams = []
  for (const [i, t] of handles.entries()) {
    await t.orm.query('UPDATE ledger SET amount = amount + 1 WHERE id = $1', [i + 1])
    const { rows } = await t.orm.query('SELECT pg_backend_pid() AS pid, pg_current_xact_id()::text AS xid')
    console.log(`${t.name}: session ${rows[0].pid}, transaction ${rows[0].xid}`)
    if (i === 3) continue
    const stream = db.from(ledger).on(t).orderBy(ledger.id.asc()).stream({ batch: 1 })[Symbol.asyncIterator]()
    const { value } = await stream.next()
    console.log(`${t.name}: reading, row ${value.id} of its own snapshot is ${value.amount}`)
    streams.push(stream)
  }

  for (const t of handles) {
    await t.commit()
    console.log(`${t.name}: committed`)
  }

  // what was being read ended with its transaction, and says so
  for (const stream of streams) {
    await stream.next().catch((/** @type {{ code: string }} */ error) => console.log(`a stream: ${error.code}`))
  }
}
