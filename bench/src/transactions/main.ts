/**
 * `npm run bench:transactions`: what a transaction of pillion's costs beside the host's own, and what a crowd of them leaves
 * behind.
 *
 * @module
 */
import { writeFile } from 'node:fs/promises'
import { loadavg } from 'node:os'
import { keepAwake } from '../awake.js'
import { type Database, mariadbWith, sqliteWith } from '../hosts/databases.js'
import { interruption } from '../interruption.js'
import { type Seats, seats } from '../pinned.js'
import { createDatabase, openServer, serverVersion } from '../server.js'
import { median } from '../statistics.js'
import { type Aftermath, concurrentTransactions, nestedScopes } from './crowd.js'
import { setUp } from './field.js'
import type { Needs } from './fields/index.js'
import type { Named } from './once.js'
import { help, type Options, parseOptions } from './options.js'
import { type Course, ratio, type Samples } from './rounds.js'
import { type Runner, startRunner } from './runner.js'

const within = 1.05
const often = 50
/**
 * A write waits for the disk, which takes ten times as long as all the rest, and now twice that: so there are fewer, and each is compared
 * with its neighbour.
 */
const seldom = 10

/** As servers come: what was answered to be committed is on the disk. Those of tests and benches are started without. */
const durable = {
  postgres: { fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on' },
  mariadb: { innodb_flush_log_at_trx_commit: 1, innodb_flush_method: 'fsync', innodb_doublewrite: 'on' },
}

/** How a field was measured: the client apart from the server, together with it on one processor, and apart after collections. */
interface Measured {
  readonly read: Samples
  readonly together?: Samples
  readonly afterwards: Samples
  readonly write: Samples
}

async function measured({ pid, run }: Runner, { sit, unpinned }: Seats, rounds: number): Promise<Measured> {
  const reading: Course = { statement: 'read', rounds, perRound: often, collects: false }
  const read = await run(reading)
  const afterwards = await run({ ...reading, collects: true })
  const write = await run({ statement: 'write', rounds: rounds * seldom, perRound: 1, collects: false })
  if (unpinned !== undefined) return { read, afterwards, write }
  await sit('together', pid)
  return { read, together: await run(reading), afterwards, write }
}

function placesText({ unpinned }: Seats): string {
  const first =
    unpinned === undefined
      ? 'client and server on a processor each'
      : `client and server wherever the scheduler puts them, for ${unpinned}`
  return `One transaction around one statement, one connection each: microseconds of one that reads a row by its key, ${first},
and the ratio; the ratio with both on one processor, where the work of both counts; and after a full collection each round, which
throws away what the compiler has made of the code. Then one that writes a row, which is on the disk when COMMIT is answered.`
}

function costText(contenders: readonly Named[], { read, together, afterwards, write }: Measured): string {
  const time = (samples: Samples, name: string): string => `${median(samples[name]!).toFixed(0).padStart(6)} µs`
  const lines = contenders.map(({ name, beside }) => {
    const of = (samples: Samples | undefined): number | undefined => samples && ratio(samples[name]!, samples[beside]!)
    const [reading, writing] = [of(read)!, of(write)!]
    const held = (factor: number): string => (factor <= within ? 'yes' : 'NO')
    const verdict = name.startsWith('pillion') ? `  within ${within}: ${held(reading)}, ${held(writing)}` : ''
    const rest = [of(together), of(afterwards)].map(figure).join('')
    return `  ${name.padEnd(36)}${time(read, name)}${figure(reading)}${rest}${time(write, name)}${figure(writing)} of ${beside}${verdict}`
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

async function main(options: Options, signal: AbortSignal): Promise<void> {
  const places = await seats()
  await using server = await places.serving(() => openServer(durable.postgres))
  await using database = await createDatabase(server, setUp, signal)
  const needs = new Set(options.fields.map(field => field.needs))
  await using mariadb = needs.has('mariadb')
    ? await places.serving(() => mariadbWith(setUp, durable.mariadb))
    : unasked()
  // a driver that is built for one version of Node is no driver for another
  await using sqlite = needs.has('sqlite') ? await sqliteWith(setUp) : unasked()
  const versions = [`PostgreSQL ${await serverVersion(database.url)}`, mariadb.version, sqlite.version].filter(Boolean)
  console.log(`${versions.join(', ')}, Node ${process.versions.node}`)
  console.log(placesText(places))
  const at: Readonly<Record<Needs, string | undefined>> = {
    postgres: database.url,
    mariadb: mariadb.name,
    sqlite: sqlite.name,
    nothing: '',
  }
  const samples: Record<string, Measured> = {}
  for (const { name, needs } of options.fields) {
    const where = at[needs]
    if (where === undefined) continue
    await using _ = keepAwake()
    await using runner = await startRunner(name, where, signal)
    const found = await measured(runner, places, options.rounds)
    samples[name] = found
    console.log(costText(runner.contenders, found))
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
