/**
 * `npm start`: the example from nothing to a page in the browser, and back to nothing.
 *
 * @module
 */
import { once } from 'node:events'
import { startPostgres } from '@pillion/postgres'
import { pillion } from 'pillion'
import { interviewsApp } from './app.js'
import { createInterviews, type Progress } from './database.js'
import type { DB } from './db.gen.js'
import { audible } from './hearing.js'
import { type Options, readOptions, usage } from './options.js'
import { openOrm } from './orm/open.js'
import type { Orm } from './orm/orm.js'
import { tableNames } from './rows.js'
import { listen } from './server.js'
import { tour } from './tour/tour.js'

const interruption = new AbortController()

// Once: who asks a second time is not kept waiting, and PostgreSQL still ends by itself.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.once(signal, () => interruption.abort(new Error(`stopped by ${signal}`)))

const progress: Progress = (written, total) => {
  if (!process.stderr.isTTY) return
  const line = `writing rows: ${written.toLocaleString('en')} of ${total.toLocaleString('en')}`
  process.stderr.write(written === total ? `\r${line}\n` : `\r${line}`)
}

async function start({ host, port }: Options, signal: AbortSignal): Promise<void> {
  const postgres = await startPostgres()
  try {
    await createInterviews(postgres.url, progress, signal)
    const orm = await openOrm(host, postgres.url)
    try {
      await present(orm, port, signal)
    } finally {
      await orm.close()
    }
  } finally {
    await postgres.stop()
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
    interviewsApp(db, error => console.error(error)),
    port,
  )
  console.log(`${server.url} (${orm.name}); Ctrl-C ends it`)
  if (!signal.aborted) await once(signal, 'abort')
  await server.close()
}

async function rowCounts(orm: Orm): Promise<Readonly<Record<string, number>>> {
  return Object.fromEntries(await Promise.all(tableNames.map(async table => [table, await orm.count(table)] as const)))
}

function complain(error: unknown): void {
  if (interruption.signal.aborted) return
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}

function readArguments(): Options | undefined {
  try {
    return readOptions(process.argv.slice(2))
  } catch (error) {
    complain(error)
    console.error(`\n${usage}`)
    return undefined
  }
}

const options = readArguments()
if (options?.help) console.log(usage)
else if (options) await start(options, interruption.signal).catch(complain)
