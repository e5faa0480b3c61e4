/**
 * The example, once it is known what it runs on: a database, its rows, the tour, the page.
 *
 * @module
 */
import { once } from 'node:events'
import { pillion } from 'pillion'
import { interviewsApp } from './app.js'
import { createInterviews, type Progress } from './database.js'
import type { DB } from './db.js'
import { engines } from './engine/engines.js'
import { audible } from './hearing.js'
import type { Options } from './options.js'
import { openOrm } from './orm/open.js'
import type { Orm } from './orm/orm.js'
import { tableNames } from './rows.js'
import { listen } from './server.js'
import { tour } from './tour/tour.js'

const progress: Progress = (written, total) => {
  if (!process.stderr.isTTY) return
  const line = `writing rows: ${written.toLocaleString('en')} of ${total.toLocaleString('en')}`
  process.stderr.write(written === total ? `\r${line}\n` : `\r${line}`)
}

/** From nothing to a page in the browser, and, when the signal says so, back to nothing. */
export async function run({ database, host, port }: Options, signal: AbortSignal): Promise<void> {
  const engine = engines[database]
  const own = await engine.start()
  try {
    await createInterviews(engine, own.url, progress, signal)
    const orm = await openOrm(host, engine, own.url)
    try {
      await present(orm, port, signal)
    } finally {
      await orm.close()
    }
  } finally {
    await own.stop()
  }
}

async function present(orm: Orm, port: number, signal: AbortSignal): Promise<void> {
  for (const [table, count] of Object.entries(await rowCounts(orm)))
    console.log(`${table.padEnd(12)}${count.toLocaleString('en').padStart(8)}`)

  // In development, queries remember where they were written.
  const db = await pillion<DB>(audible(orm.host), { names: 'camel', origins: 'clause' })
  console.log(`\nreflected ${db.catalog.tables.length} tables on a connection of ${orm.name}'s\n`)
  for await (const text of tour(orm, db)) {
    signal.throwIfAborted()
    console.log(text)
  }

  const server = await listen(
    interviewsApp(db, orm, error => console.error(error)),
    port,
  )
  console.log(`${server.url} (${orm.name}); Ctrl-C ends it`)
  if (!signal.aborted) await once(signal, 'abort')
  await server.close()
}

async function rowCounts(orm: Orm): Promise<Readonly<Record<string, number>>> {
  return Object.fromEntries(await Promise.all(tableNames.map(async table => [table, await orm.count(table)] as const)))
}
