/**
 * `npm run bench:transactions`: what a transaction of pillion's costs beside the host's own, and what a crowd of them leaves
 * behind.
 *
 * @module
 */
import { writeFile } from 'node:fs/promises'
import { loadavg } from 'node:os'
import { keepAwake } from '../awake.js'
import { fixture } from '../fixture.js'
import { type Database, mariadbWith, sqliteWith } from '../hosts/databases.js'
import { interruption } from '../interruption.js'
import { type Seats, seats } from '../pinned.js'
import { createDatabase, openServer, serverVersion } from '../server.js'
import { median } from '../statistics.js'
import { type Field, fieldsOn } from './contenders.js'
import { type Aftermath, concurrentTransactions, nestedScopes } from './crowd.js'
import { help, type Options, parseOptions } from './options.js'
import { measure, ratio, type Samples } from './rounds.js'

const within = 1.05
const often = 50
/** A write waits for the disk, which takes ten times as long as all the rest. */
const seldom = 10

/** What is written. */
const written = 'create table written (n int not null)'

/** As servers come: what was answered to be committed is on the disk. Those of tests and benches are started without. */
const durable = {
  postgres: { fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on' },
  mariadb: { innodb_flush_log_at_trx_commit: 1, innodb_flush_method: 'fsync', innodb_doublewrite: 'on' },
}

/** The process is left to itself, as in production. */
function asItRuns(): void {}

function collected(): void {
  globalThis.gc?.()
}

/** How a field was measured: the client apart from the server, together with it on one processor, and apart after collections. */
interface Measured {
  readonly read: Samples
  readonly together?: Samples
  readonly afterwards: Samples
  readonly write: Samples
}

async function measured(
  { contenders, statements }: Field,
  { sit, unpinned }: Seats,
  rounds: number,
  signal: AbortSignal,
): Promise<Measured> {
  const reading = { rounds, perRound: often, sql: statements.read }
  const read = await measure(contenders, reading, signal, asItRuns)
  const afterwards = await measure(contenders, reading, signal, collected)
  const write = await measure(contenders, { rounds, perRound: seldom, sql: statements.write }, signal, asItRuns)
  if (unpinned !== undefined) return { read, afterwards, write }
  await sit('together')
  try {
    return { read, together: await measure(contenders, reading, signal, asItRuns), afterwards, write }
  } finally {
    await sit('apart')
  }
}

function placesText({ unpinned }: Seats): string {
  const first =
    unpinned === undefined
      ? 'client and server on a processor each'
      : `client and server wherever the scheduler puts them, for ${unpinned}`
  return `One transaction around one statement, one connection each: microseconds of one that reads next to nothing, ${first},
and the ratio; the ratio with both on one processor, where the work of both counts; and after a full collection each round, which
throws away what the compiler has made of the code. Then one that writes a row, which is on the disk when COMMIT is answered.`
}

function costText({ contenders }: Field, { read, together, afterwards, write }: Measured): string {
  const time = (samples: Samples, name: string): string => `${median(samples.get(name)!).toFixed(0).padStart(6)} µs`
  const lines = contenders.map(({ name, beside }) => {
    const of = (samples: Samples | undefined): number | undefined =>
      samples && ratio(samples.get(name)!, samples.get(beside)!)
    const [reading, writing] = [of(read)!, of(write)!]
    const held = (factor: number): string => (factor <= within ? 'yes' : 'NO')
    const verdict = name.startsWith('pillion') ? `  within ${within}: ${held(reading)}, ${held(writing)}` : ''
    const rest = [of(together), of(afterwards)].map(figure).join('')
    return `  ${name.padEnd(24)}${time(read, name)}${figure(reading)}${rest}${time(write, name)}${figure(writing)} of ${beside}${verdict}`
  })
  return lines.join('\n')
}

function figure(factor: number | undefined): string {
  return (factor?.toFixed(3) ?? '–').padStart(7)
}

function crowdText({ what, rows, expected, half, whole, missing }: Aftermath): string {
  const megabytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(1)
  return `${what}: ${rows} of ${expected} rows, ${missing} connections missing, heap ${megabytes(half)} MiB at half, ${megabytes(whole)} MiB at the end`
}

/** Microseconds by contender and kind of round, as they were taken. */
function plain(measured: Measured): object {
  return Object.fromEntries(Object.entries(measured).map(([kind, samples]) => [kind, Object.fromEntries(samples)]))
}

async function main(options: Options, signal: AbortSignal): Promise<void> {
  const places = await seats()
  await using server = await places.serving(() => openServer(durable.postgres))
  await using database = await createDatabase(server, [...fixture, written], signal)
  const asksFor = (...names: readonly string[]): boolean => names.some(name => options.fields.includes(name))
  await using mariadb = asksFor('mysql2', 'mariadb')
    ? await places.serving(() => mariadbWith([written], durable.mariadb))
    : unasked()
  // a driver that is built for one version of Node is no driver for another
  await using sqlite = asksFor('better-sqlite3') ? await sqliteWith([written]) : unasked()
  const versions = [`PostgreSQL ${await serverVersion(database.url)}`, mariadb.version, sqlite.version].filter(Boolean)
  console.log(`${versions.join(', ')}, Node ${process.versions.node}`)
  console.log(placesText(places))
  const names = { postgres: database.url, mariadb: mariadb.name, sqlite: sqlite.name }
  const samples: Record<string, object> = {}
  for (const { name, open } of fieldsOn(names).filter(({ name }) => options.fields.includes(name))) {
    await using field = await open()
    await using _ = keepAwake()
    const found = await measured(field, places, options.rounds, signal)
    samples[name] = plain(found)
    console.log(costText(field, found))
  }
  const crowds = options.crowd ? await crowdsOn(database.url, signal) : []
  if (options.json === undefined) return
  const circumstances = { when: new Date().toISOString(), node: process.versions.node, versions, load: loadavg()[0] }
  await writeFile(options.json, `${JSON.stringify({ circumstances, samples, crowds }, null, 2)}\n`)
  console.log(`Figures: ${options.json}`)
}

/** In the place of a database that nobody is measured on. */
function unasked(): Database {
  return { name: undefined, version: '', [Symbol.asyncDispose]: async () => {} }
}

async function crowdsOn(url: string, signal: AbortSignal): Promise<readonly Aftermath[]> {
  const found: Aftermath[] = []
  for (const crowd of [() => nestedScopes(url, 10_000), () => concurrentTransactions(url, 1_000)]) {
    signal.throwIfAborted()
    const aftermath = await crowd()
    found.push(aftermath)
    console.log(crowdText(aftermath))
  }
  return found
}

const signal = interruption()
try {
  const options = parseOptions(process.argv.slice(2))
  if (options.help) process.stdout.write(help)
  else await main(options, signal)
} catch (error) {
  console.error(signal.aborted ? String(signal.reason) : error)
  process.exitCode = 1
}
