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
import { type Seats, seats } from '../pinned.js'
import { createDatabase, openServer, serverVersion } from '../server.js'
import { median } from '../statistics.js'
import { type Contender, type Field, fieldsOn } from './contenders.js'
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

function placesText({ unpinned }: Seats): string {
  const first =
    unpinned === undefined
      ? 'client and server on a processor each'
      : `client and server wherever the scheduler puts them, for ${unpinned}`
  return `One transaction around one statement, one connection each: ${first};
the ratio with both on one processor, where the work of both counts;
and apart, after a full collection each round, which throws away what the compiler has made of the code:`
}

/** The median over rounds of the ratio within a round. */
function ratio(own: readonly number[], beside: readonly number[]): number {
  return median(own.map((sample, i) => sample / beside[i]!))
}

type Samples = ReadonlyMap<string, readonly number[]>

/** How a field was measured: the client apart from the server, together with it on one processor, and apart after collections. */
interface Measured {
  readonly apart: Samples
  readonly together?: Samples
  readonly afterwards: Samples
}

function costText(contenders: readonly Contender[], { apart, together, afterwards }: Measured): string {
  const lines = contenders.map(({ name, beside }) => {
    const of = (samples: Samples | undefined): number | undefined =>
      samples && ratio(samples.get(name)!, samples.get(beside)!)
    const factor = of(apart)!
    const held = name === 'pillion on pg' ? `  within ${within}: ${factor <= within ? 'yes' : 'NO'}` : ''
    const ratios = [factor, of(together), of(afterwards)]
      .map(figure => (figure?.toFixed(3) ?? '–').padStart(8))
      .join('')
    return `  ${name.padEnd(26)}${median(apart.get(name)!).toFixed(0).padStart(6)} µs${ratios} of ${beside}${held}`
  })
  return lines.join('\n')
}

async function measured({ contenders }: Field, { sit, unpinned }: Seats, signal: AbortSignal): Promise<Measured> {
  const apart = await measure(contenders, signal, asItRuns)
  const afterwards = await measure(contenders, signal, collected)
  if (unpinned !== undefined) return { apart, afterwards }
  await sit('together')
  try {
    return { apart, together: await measure(contenders, signal, asItRuns), afterwards }
  } finally {
    await sit('apart')
  }
}

function crowdText({ what, rows, expected, half, whole, missing }: Aftermath): string {
  const megabytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(1)
  return `${what}: ${rows} of ${expected} rows, ${missing} connections missing, heap ${megabytes(half)} MiB at half, ${megabytes(whole)} MiB at the end`
}

async function main(signal: AbortSignal): Promise<void> {
  const places = await seats()
  await using server = await places.serving(() => openServer())
  await using database = await createDatabase(server, fixture, signal)
  await using mariadb = await places.serving(() => databases.mariadb())
  await using sqlite = await databases.sqlite()
  const versions = [`PostgreSQL ${await serverVersion(database.url)}`, mariadb.version, sqlite.version]
  console.log(`${versions.join(', ')}, Node ${process.versions.node}`)
  console.log(placesText(places))
  const names = { postgres: database.url, mariadb: mariadb.name, sqlite: sqlite.name as string }
  for (const open of fieldsOn(names)) {
    await using field = await open()
    await using _ = keepAwake()
    console.log(costText(field.contenders, await measured(field, places, signal)))
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
