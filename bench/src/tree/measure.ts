/**
 * Ways to keep a tree, side by side on the same rows: `node bench/dist/tree/measure.js [nodes]`. Prints medians in
 * milliseconds, and the ratios that pillion is held to.
 *
 * @module
 */
import pg from 'pg'
import { loadTree, readTree, treeModel, installTree, readTreeTable } from 'pillion/tree'
import { createDatabase, openServer } from '../server.js'
import { sessionOn, type Way, ways } from './plant.js'

const nodes = Number(process.argv[2] ?? 200_000)
const rounds = 5
const never = new AbortController().signal

/** Node n is below a random one of those before it, of few children near the top: about eight deep. */
const rows = `
  CREATE TABLE node (id bigint PRIMARY KEY, parent_id bigint);
  INSERT INTO node SELECT n, CASE WHEN n > 1 THEN greatest(1, n / 5 + (hashint8(n) % 3)) END FROM generate_series(1, ${nodes}) AS n;
  UPDATE node SET parent_id = 1 WHERE parent_id >= id;
  CREATE INDEX ON node (parent_id);
  CREATE TABLE fact (id bigint PRIMARY KEY, node_id bigint, amount int);
  INSERT INTO fact SELECT n, 1 + abs(hashint8(n + 7)) % ${nodes}, n % 100 FROM generate_series(1, ${nodes}) AS n;
  CREATE INDEX ON fact (node_id);
  CREATE TABLE size AS SELECT pg_total_relation_size('node') AS plain;`

const median = (figures: readonly number[]): number =>
  figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)] ?? Number.NaN

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now()
  await work()
  return performance.now() - begun
}

interface Contender {
  readonly way: Way
  readonly client: pg.Client
}

/** A prepared statement under a name of its text. */
const names = new Map<string, string>()
function run({ client }: Contender, text: string, values: readonly unknown[]) {
  const name = names.get(text) ?? `s${names.size}`
  names.set(text, name)
  return client.query({ name, text, values: [...values] })
}

/** Every contender once a round, each round another first; the median of each. */
async function compare(
  contenders: readonly Contender[],
  work: (each: Contender) => Promise<unknown>,
  count = rounds,
): Promise<readonly number[]> {
  const figures = contenders.map(() => [] as number[])
  for (const each of contenders) await work(each)
  for (let round = 0; round < count; round++) {
    for (let i = 0; i < contenders.length; i++) {
      const at = (i + round) % contenders.length
      const contender = contenders[at] as Contender
      figures[at]?.push(await timed(() => work(contender)))
    }
  }
  return figures.map(median)
}

const table: { title: string; figures: readonly number[] }[] = []
function tell(title: string, figures: readonly number[]): void {
  table.push({ title, figures })
  process.stdout.write(
    `${title.padEnd(38)}${figures.map(each => (each < 10 ? each.toFixed(2) : each.toFixed(0)).padStart(17)).join('')}\n`,
  )
}

await using server = await openServer()
/** What is to be closed, the last first. */
const ends: (() => PromiseLike<unknown>)[] = []

async function database(statements: readonly string[]): Promise<pg.Client> {
  const made = await createDatabase(server, statements, never)
  const client = new pg.Client(made.url)
  // the server goes first where something fails: the failure is to be seen, not that
  client.on('error', () => {})
  await client.connect()
  ends.unshift(async () => {
    await client.end()
    await made[Symbol.asyncDispose]()
  })
  return client
}

const contenders: Contender[] = []
for (const way of ways) {
  const client = await database([rows])
  await way.plant(client)
  await client.query('VACUUM FULL node')
  await client.query('VACUUM ANALYZE')
  contenders.push({ way, client })
}
process.stdout.write(
  `${nodes} nodes; medians of ${rounds} rounds, milliseconds\n${' '.repeat(38)}${ways.map(({ name }) => name.padStart(17)).join('')}\n`,
)

const sizes = await (contenders[1] as Contender).client.query<{ id: string; n: string }>(
  'SELECT ancestor_id AS id, count(*) - 1 AS n FROM link GROUP BY ancestor_id',
)
const near = (wanted: number) =>
  sizes.rows.reduce((best, each) =>
    Math.abs(Number(each.n) - wanted) < Math.abs(Number(best.n) - wanted) ? each : best,
  )
const subtrees = [100, 10_000, 100_000, 1_000_000].filter(n => n < nodes).map(near)

tell('ancestors of a leaf', await compare(contenders, each => run(each, each.way.ancestors, [nodes])))
for (const { id, n } of subtrees) {
  const answers = await Promise.all(contenders.map(async each => (await run(each, each.way.count, [id])).rows[0].count))
  if (new Set(answers).size > 1) throw new Error(`they do not agree on what is below ${id}: ${answers.join(', ')}`)
  tell(`count of ${n} descendants`, await compare(contenders, each => run(each, each.way.count, [id])))
  if (Number(n) <= 100_000)
    tell(`rows of ${n} descendants`, await compare(contenders, each => run(each, each.way.rows, [id])))
  tell(`facts below, ${n} descendants`, await compare(contenders, each => run(each, each.way.facts, [id])))
}

let next = nodes
tell(
  'insert of a leaf',
  await compare(
    contenders,
    async each => {
      next += 1
      for (const sql of each.way.insert) await run(each, sql, [next, Math.ceil(nodes / 2)])
    },
    200,
  ),
)
const homes = [2, 3]
for (const wanted of [1, 100, 1_000, 10_000].filter(n => n < nodes / 10)) {
  const { id, n } = near(wanted === 1 ? 0 : wanted)
  let turn = 0
  tell(
    `move of ${Number(n) + 1} nodes`,
    await compare(
      contenders,
      async each => {
        const to = homes[Math.floor(turn++ / contenders.length) % 2]
        for (const sql of each.way.move) await run(each, sql, [id, to])
      },
      6,
    ),
  )
}
const bytes = await Promise.all(
  contenders.map(
    async ({ way, client }) => Number(Object.values((await client.query(way.storage)).rows[0] as object)[0]) / nodes,
  ),
)
tell('bytes a node beside the pointers', bytes)

// loading: the same rows with links at the end, and row by row under the naive trigger
const client = await database([
  'CREATE TABLE node (id bigint PRIMARY KEY, parent_id bigint); CREATE INDEX ON node (parent_id)',
])
const session = sessionOn(client)
await installTree(
  session,
  treeModel('postgres', await readTreeTable(session, 'node'), { parent: 'parent_id', closure: 'link' }),
)
const source = (
  await (contenders[0] as Contender).client.query<{ id: string; parent_id: string | null }>(
    'SELECT id, parent_id FROM node WHERE id <= $1 ORDER BY id',
    [nodes],
  )
).rows
const before = process.memoryUsage().rss
let most = before
const took = await timed(async () =>
  loadTree(
    session,
    await readTree(session, 'link'),
    source.map(row => [row.id, row.parent_id]),
    { columns: ['id', 'parent_id'], onProgress: () => (most = Math.max(most, process.memoryUsage().rss)) },
  ),
)
const naive = contenders[2] as Contender
const some = source.slice(0, 5_000)
const one =
  (await timed(async () => {
    for (const row of some)
      await run(naive, naive.way.insert[0] as string, [
        Number(row.id) + 10_000_000,
        row.parent_id === null ? null : Number(row.parent_id),
      ])
  })) / some.length
process.stdout.write(
  `load of ${nodes} rows, links too: ${(took / 1000).toFixed(1)} s; by the naive trigger row by row ${((one * nodes) / 1000).toFixed(1)} s (from ${some.length} rows); memory grew by ${((most - before) / 2 ** 20).toFixed(0)} MiB\n`,
)

const ratio = (title: string, a: string, b: string): string => {
  const row = table.find(each => each.title.startsWith(title))
  const at = (name: string): number => row?.figures[ways.findIndex(way => way.name === name)] ?? Number.NaN
  return `${row?.title ?? title}: ${(at(a) / at(b)).toFixed(2)}`
}
process.stdout.write(`\npillion links over the recursive query\n`)
for (const { title } of table.filter(each => /^(count|rows|facts)/.test(each.title)))
  process.stdout.write(`  ${ratio(title, 'pillion links', 'recursive query')}\n`)
process.stdout.write(`pillion links over the naive trigger\n`)
for (const { title } of table.filter(each => /^(insert|move)/.test(each.title)))
  process.stdout.write(`  ${ratio(title, 'pillion links', 'naive trigger')}\n`)
for (const end of ends) await end()
