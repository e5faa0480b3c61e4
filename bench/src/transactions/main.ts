/**
 * `npm run bench:transactions`: what a transaction of pillion's costs beside the host's own, and what a crowd of them leaves
 * behind.
 *
 * @module
 */
import { keepAwake } from '../awake.js'
import { fixture } from '../fixture.js'
import { databases } from '../hosts/databases.js'
import { interruption } from '../interruption.js'
import { createDatabase, openServer, serverVersion } from '../server.js'
import { median } from '../statistics.js'
import { type Contender, fieldsOn } from './contenders.js'
import { type Aftermath, concurrentTransactions, nestedScopes } from './crowd.js'

const rounds = 40
const perRound = 50
const within = 1.05
/** Milliseconds. */
const warmTime = 1_500

/** Microseconds a transaction, by round: in each round everybody once, and each round another goes first. */
async function measure(
  contenders: readonly Contender[],
  signal: AbortSignal,
  before: () => void,
): Promise<Map<string, number[]>> {
  const samples = new Map(contenders.map(({ name }) => [name, [] as number[]]))
  for (const contender of contenders) await warmed(contender)
  for (let round = 0; round < rounds; round++) {
    signal.throwIfAborted()
    before()
    const order = contenders.map((_, i) => contenders[(i + round) % contenders.length]!)
    for (const contender of order) samples.get(contender.name)!.push(await timed(contender))
  }
  return samples
}

/** The process is left to itself, as in production. */
function asItRuns(): void {}

function collected(): void {
  globalThis.gc?.()
}

/** Who does least of its own is compiled by the engine soonest: what is timed before all are tells of nothing but that. */
async function warmed(contender: Contender): Promise<void> {
  for (const begun = performance.now(); performance.now() - begun < warmTime; ) await timed(contender)
}

async function timed({ once }: Contender): Promise<number> {
  const start = process.hrtime.bigint()
  for (let i = 0; i < perRound; i++) await once()
  return Number(process.hrtime.bigint() - start) / perRound / 1000
}

/** The median over rounds of the ratio within a round. */
function ratio(own: readonly number[], beside: readonly number[]): number {
  return median(own.map((sample, i) => sample / beside[i]!))
}

type Samples = ReadonlyMap<string, readonly number[]>

function costText(contenders: readonly Contender[], warm: Samples, cold: Samples): string {
  const lines = contenders.map(({ name, beside }) => {
    const own = warm.get(name)!
    const [factor, afterwards] = [warm, cold].map(samples => ratio(samples.get(name)!, samples.get(beside)!))
    const held = name === 'pillion on pg' ? `  within ${within}: ${factor! <= within ? 'yes' : 'NO'}` : ''
    const figures = `${median(own).toFixed(0).padStart(6)} µs   ${factor!.toFixed(3)}   ${afterwards!.toFixed(3)}`
    return `  ${name.padEnd(26)}${figures} of ${beside}${held}`
  })
  return lines.join('\n')
}

function crowdText({ what, rows, expected, half, whole, missing }: Aftermath): string {
  const megabytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(1)
  return `${what}: ${rows} of ${expected} rows, ${missing} connections missing, heap ${megabytes(half)} MiB at half, ${megabytes(whole)} MiB at the end`
}

async function main(signal: AbortSignal): Promise<void> {
  await using server = await openServer()
  await using database = await createDatabase(server, fixture, signal)
  await using mariadb = await databases.mariadb()
  await using sqlite = await databases.sqlite()
  const versions = [`PostgreSQL ${await serverVersion(database.url)}`, mariadb.version, sqlite.version]
  console.log(`${versions.join(', ')}, Node ${process.versions.node}`)
  console.log(
    'One transaction around one statement, one connection each; and the same after a full collection each round,',
  )
  console.log('which throws away what the compiler has made of the code:')
  const places = { postgres: database.url, mariadb: mariadb.name, sqlite: sqlite.name as string }
  for (const open of fieldsOn(places)) {
    await using field = await open()
    await using _ = keepAwake()
    const warm = await measure(field.contenders, signal, asItRuns)
    console.log(costText(field.contenders, warm, await measure(field.contenders, signal, collected)))
  }
  signal.throwIfAborted()
  console.log(crowdText(await nestedScopes(database.url, 10_000)))
  signal.throwIfAborted()
  console.log(crowdText(await concurrentTransactions(database.url, 1_000)))
}

const signal = interruption()
try {
  await main(signal)
} catch (error) {
  console.error(signal.aborted ? String(signal.reason) : error)
  process.exitCode = 1
}
