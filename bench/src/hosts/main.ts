/**
 * What a ride costs: pillion's query on each host over that host's own raw query of the same text, on the same
 * connection, rows read by both. `npm run bench:hosts`.
 *
 * @module
 */
import { param, pillion } from 'pillion'
import { keepAwake } from '../awake.js'
import { median } from '../statistics.js'
import { createDatabase, openServer } from '../server.js'
import { type Raw, type Rider, riders } from './riders.js'

const setUp = [
  `create table ride (id int primary key, whole int8 not null, exact numeric not null, fraction float8 not null,
     label text not null, yes bool not null, at timestamptz not null, day date not null)`,
  `insert into ride select n, n, n / 7.0, n / 7.0, 'row ' || n, n % 2 = 0, timestamptz '2026-01-01' + n * interval '1 hour',
     date '2026-01-01' + n from generate_series(1, 1000) n`,
]

interface DB {
  ride: object
}

/** Rounds, and how often a batch of each case asks. */
const rounds = 15
const cases = { one: 150, thousand: 8 } as const
type Case = keyof typeof cases

/** Times over the raw query: the median over rounds of the ratio within a round, whose two batches are neighbours. */
type Ratios = Record<Case, number>

interface Contest {
  raw(of: Case): Promise<unknown>
  ride(of: Case): Promise<unknown>
}

async function main(): Promise<void> {
  await using server = await openServer()
  await using database = await createDatabase(server, setUp, AbortSignal.timeout(600_000))
  await using _ = keepAwake()
  const only = process.argv.slice(2)
  const names = Object.keys(riders).filter(name => only.length === 0 || only.includes(name))
  const results = new Map<string, { readonly root: Ratios; readonly inside: Ratios }>()
  for (const name of names) {
    const rider = await riders[name]!(database.url, setUp)
    try {
      results.set(name, await measure(rider))
    } finally {
      await rider.close()
    }
  }
  console.log(table(results))
}

async function measure(rider: Rider): Promise<{ readonly root: Ratios; readonly inside: Ratios }> {
  const db = await pillion<DB>(rider.host)
  const { ride } = db.tables as unknown as { ride: Parameters<typeof db.from>[0] & Record<'id', never> }
  const id = param<number>('id')
  const column = ride.id as { eq(value: unknown): never; asc(): never }
  const queries = {
    one: db.from(ride).where(column.eq(id)),
    thousand: db.from(ride).orderBy(column.asc()),
  }
  const one = queries.one.toSQL(id.is(500)).sql
  const raws: Record<Case, Raw> = {
    one: { text: one, values: [500] },
    thousand: { text: queries.thousand.toSQL().sql, values: [] },
  }
  const contest = (target: unknown, raw: (raw: Raw) => Promise<unknown>): Contest => {
    const on = {
      one: target === undefined ? queries.one : queries.one.on(target),
      thousand: target === undefined ? queries.thousand : queries.thousand.on(target),
    }
    return {
      raw: of => raw(raws[of]),
      ride: of => (of === 'one' ? on.one.all(id.is(500)) : on.thousand.all()),
    }
  }
  const root = await ratiosOf(contest(undefined, raw => rider.root(raw)))
  let inside: Ratios = { one: Number.NaN, thousand: Number.NaN }
  await rider.transaction(async (target, raw) => {
    inside = await ratiosOf(contest(target, raw))
  })
  return { root, inside }
}

async function ratiosOf(contest: Contest): Promise<Ratios> {
  const ratios: Ratios = { one: 0, thousand: 0 }
  for (const of of ['one', 'thousand'] as const) {
    for (const way of [contest.raw, contest.ride]) await batch(() => way(of), cases[of])
    const found: number[] = []
    for (let round = 0; round < rounds; round++) {
      const ways = {
        raw: () => batch(() => contest.raw(of), cases[of]),
        ride: () => batch(() => contest.ride(of), cases[of]),
      }
      const taken = { raw: 0, ride: 0 }
      for (const way of round % 2 === 0 ? (['raw', 'ride'] as const) : (['ride', 'raw'] as const)) {
        taken[way] = await ways[way]()
      }
      found.push(taken.ride / taken.raw)
    }
    ratios[of] = median(found)
  }
  return ratios
}

/** Milliseconds that so many take, one after another. */
async function batch(ask: () => Promise<unknown>, times: number): Promise<number> {
  const begun = performance.now()
  for (let i = 0; i < times; i++) await ask()
  return performance.now() - begun
}

function table(results: ReadonlyMap<string, { readonly root: Ratios; readonly inside: Ratios }>): string {
  const cell = (ratio: number, most: number): string => `${ratio.toFixed(2)}${ratio <= most ? '' : ' !'}`
  const rows = [...results].map(([name, { root, inside }]) => [
    name,
    cell(root.one, 1.05),
    cell(root.thousand, 1),
    cell(inside.one, 1.05),
    cell(inside.thousand, 1),
  ])
  const head = ['ride / raw query', '1 row', '1,000 rows', '1 row in a transaction', '1,000 in a transaction']
  const widths = head.map((title, at) => Math.max(title.length, ...rows.map(row => row[at]!.length)))
  const line = (row: readonly string[]): string => row.map((each, at) => each.padEnd(widths[at]!)).join('  ')
  return [line(head), ...rows.map(line), '', 'Held to: 1.05 at 1 row, 1 at 1,000 rows; beyond it is marked !'].join(
    '\n',
  )
}

await main()
