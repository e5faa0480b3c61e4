/**
 * What pillion adds to the driver's call once a query's shape is compiled: `once.js <url> <rounds>` prints an
 * {@link Overhead} as JSON.
 *
 * @module
 */
import pg from 'pg'
import { type Host, param, pillion, type WireResult } from 'pillion'
import { pgHost } from 'pillion/pg'
import type { DB } from '../contenders/db.gen.js'
import { median } from '../statistics.js'
import type { Overhead } from './measure.js'

const isolatedCalls = 2000
const liveCalls = 200

const driverQuery = 'select title from interview where id = $1'

async function main(url: string, rounds: number): Promise<Overhead> {
  const pool = new pg.Pool({ connectionString: url, max: 1 })
  const isolated = await isolatedSample(pgHost(pool))
  const live = await liveSample(pool)
  await isolated()
  await live()
  const overhead: { isolated: number[]; live: number[] } = { isolated: [], live: [] }
  for (let round = 0; round < rounds; round++) {
    globalThis.gc?.()
    overhead.isolated.push(await isolated())
    overhead.live.push(await live())
  }
  await pool.end()
  return overhead
}

/** Nanoseconds a call, of one round. */
type Sample = () => Promise<number>

/** Over a host of the bench's own, which gives one kept answer at once. */
async function isolatedSample(real: Host): Promise<Sample> {
  let kept: WireResult | undefined
  const host: Host = {
    ...real,
    run: async (...call) => kept ?? real.run(...call),
  }
  const ours = await titleQuery(host)
  const statement = { text: driverQuery, values: ['1'] }
  kept = await real.run(undefined, statement, {})
  return async () =>
    (await timed(isolatedCalls, ours)) - (await timed(isolatedCalls, () => host.run(undefined, statement, {})))
}

/** Over `pg`, call by call in turn with the driver's own call. */
async function liveSample(pool: pg.Pool): Promise<Sample> {
  const ours = await titleQuery(pgHost(pool))
  const drivers = (i: number) => pool.query({ name: 'title', text: driverQuery, values: [i] })
  return async () => {
    const times: { ours: number[]; drivers: number[] } = { ours: [], drivers: [] }
    for (let i = 1; i <= liveCalls; i++) {
      times.ours.push(await timed(1, ours))
      times.drivers.push(await timed(1, drivers))
    }
    return median(times.ours) - median(times.drivers)
  }
}

async function titleQuery(host: Host): Promise<(i: number) => Promise<unknown>> {
  const db = await pillion<DB>(host, { names: 'camel' })
  const { interview } = db.tables
  const id = param<number>('id')
  const query = db.from(interview).select({ title: interview.title }).where(interview.id.eq(id))
  return i => query.all(id.is(i))
}

/** Nanoseconds a call, over so many calls. */
async function timed(count: number, call: (i: number) => Promise<unknown>): Promise<number> {
  const start = process.hrtime.bigint()
  for (let i = 1; i <= count; i++) await call(i)
  return Number(process.hrtime.bigint() - start) / count
}

const [url, rounds] = process.argv.slice(2)
console.log(JSON.stringify(await main(url!, Number(rounds))))
