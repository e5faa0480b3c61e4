// Prints what the core answers over pg, with what needs a server: a transaction of pg's, a stream, and a timeout.
import pg from 'pg'
import { pillion } from 'pillion'
import { pgHost } from 'pillion/pg'
import { coreAnswers, failureOf, print } from './core.js'

const pool = new pg.Pool({ connectionString: process.argv[2] })
const db = /** @type {import('pillion').Database<import('./core.js').DB>} */ (
  await pillion(pgHost(pool), { names: 'camel' })
)
const { tag } = db.tables
const labels = db.from(tag).select({ label: tag.label }).orderBy(tag.id.asc())

const client = await pool.connect()
await client.query('begin')
await client.query("insert into tag values (3, 'uncommitted')")
const [inside, outside] = [await labels.on(client).all(), await labels.all()]
await client.query('rollback')
client.release()

const streamed = []
for await (const row of labels.stream({ batch: 1 })) streamed.push(row)

const endless = db.sql`select count(*) from generate_series(1, 1000000) a, generate_series(1, 1000000) b`
const late = await failureOf(endless.all({ timeout: 50 }))

print({ core: await coreAnswers(db), inside, outside, streamed, late })
await pool.end()
