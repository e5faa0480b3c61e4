// Prints what the core answers over PGlite, in a database of its own that the given files fill.
import { readFileSync } from 'node:fs'
import { PGlite } from '@electric-sql/pglite'
import { pillion } from 'pillion'
import { pgliteHost } from 'pillion/pglite'
import { coreAnswers, print } from './core.js'

const pglite = await PGlite.create()
for (const file of process.argv.slice(2)) await pglite.exec(readFileSync(file, 'utf8'))
const db = /** @type {import('pillion').Database<import('./core.js').DB>} */ (
  await pillion(pgliteHost(pglite), { names: 'camel' })
)
const { tag } = db.tables
const labels = db.from(tag).select({ label: tag.label }).orderBy(tag.id.asc())

const inside = await pglite.transaction(async transaction => {
  await transaction.query("insert into tag values (3, 'uncommitted')")
  const seen = await labels.on(transaction).all()
  await transaction.rollback()
  return seen
})

print({ core: await coreAnswers(db), inside, outside: await labels.all() })
await pglite.close()
