/**
 * `node bench/dist/tree/measure.js`: ways to keep a tree, side by side on the same rows.
 *
 * @module
 */
import { writeFile } from 'node:fs/promises'
import { cpus, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { interruption } from '../interruption.js'
import type { Rounds } from '../statistics.js'
import { createDatabase, openServer, serverVersion } from '../server.js'
import {
  compare,
  type Contender,
  figure,
  heading,
  type Kind,
  type Line,
  lineOf,
  textOf,
  verdictsOf,
} from './contest.js'
import { loadAll, rowByRow, type Single } from './loading.js'
import { describeMemory } from './memory.js'
import { undisturbed, vacuum, type Way, waysNamed } from './plant.js'
import { whole } from './options.js'
import { progressOn, sayBeside } from './progress.js'
import { askBelow, type Tell } from './questions.js'
import { type Ends, untilStopped } from './stopping.js'
import { syntheticTree } from './synthetic.js'

const help = `Keeps one tree in several ways, and asks and changes each: recursive queries, pillion's links, a trigger
without locks, TypeORM's closure-table, ltree, a path as text. PostgreSQL.

  node bench/dist/tree/measure.js [options]

  --nodes <n>    nodes of the tree (100000)
  --rounds <n>   rounds of each question (9)
  --only <way>   one of the ways, by its name in the table; may be repeated. Ratios are over 'recursive query' and 'naive trigger'
  --singly <n>   nodes to insert one by one, to compare with a load: 'all', or so many of them (3000)
  --json <file>  the figures, too
  --help         this text

  node bench/dist/tree/measure.js                                  about three minutes
  node bench/dist/tree/measure.js --nodes 1200000 --singly all     the million: an hour
  node bench/dist/tree/measure.js --only 'recursive query' --only pillion --only 'pillion, again' --only 'naive trigger'

  PILLION_BENCH_URL  a superuser's URL of the PostgreSQL to use; otherwise one is started
`

const { values } = parseArgs({
  options: {
    nodes: { type: 'string', default: '100000' },
    rounds: { type: 'string', default: '9' },
    only: { type: 'string', multiple: true, default: [] },
    singly: { type: 'string', default: '3000' },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})

const progress = progressOn(process.stderr)
const say = sayBeside(progress)

async function openDatabase(url: string, statements: readonly string[], ends: Ends, signal: AbortSignal) {
  const database = await createDatabase({ url, [Symbol.asyncDispose]: async () => {} }, statements, signal)
  ends.unshift(async () => database[Symbol.asyncDispose]())
  const client = new pg.Client(database.url)
  // its database is dropped under it where the run is stopped
  client.on('error', () => {})
  await client.connect()
  ends.unshift(() => client.end())
  return { client, url: database.url }
}

async function plant(way: Way, server: string, nodes: number, ends: Ends, signal: AbortSignal): Promise<Contender> {
  progress.show(`${way.name}: planting ${nodes} nodes`)
  const { client, url } = await openDatabase(server, [syntheticTree(nodes)], ends, signal)
  const writer = await way.plant({ client, url, schema: 'public' })
  ends.unshift(() => writer.close())
  await client.query('VACUUM FULL node')
  await vacuum(client)
  return { name: way.name, way, client, writer }
}

/** Of each node that has some: how many are below it. Nodes are made so that children come after their parents. */
async function sizesOf(client: pg.Client): Promise<readonly { readonly id: number; readonly below: number }[]> {
  const { rows } = await client.query<[number, number | null]>({
    text: 'SELECT id::int4, parent_id::int4 FROM node ORDER BY id DESC',
    rowMode: 'array',
  })
  const below = new Map<number, number>()
  for (const [id, parent] of rows)
    if (parent !== null) below.set(parent, (below.get(parent) ?? 0) + 1 + (below.get(id) ?? 0))
  return [...below].map(([id, n]) => ({ id, below: n }))
}

async function measure(signal: AbortSignal, ends: Ends) {
  const nodes = whole('nodes', values.nodes, 1_000)
  const rounds = whole('rounds', values.rounds, 1)
  const singly = values.singly === 'all' ? nodes : Math.min(nodes, whole('singly', values.singly, 5))
  const ways = waysNamed(values.only)
  const server = await openServer(undisturbed)
  ends.unshift(async () => server[Symbol.asyncDispose]())
  const circumstances = {
    when: new Date().toISOString(),
    node: process.versions.node,
    postgres: await serverVersion(server.url),
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    load: loadavg()[0] ?? Number.NaN,
  }
  say(
    `${nodes} nodes; PostgreSQL ${circumstances.postgres}, Node ${circumstances.node}, ${circumstances.cores} × ${circumstances.cpu}, load ${circumstances.load.toFixed(1)}`,
  )
  const contenders: Contender[] = []
  for (const way of ways) contenders.push(await plant(way, server.url, nodes, ends, signal))
  const [first] = contenders
  if (first === undefined) throw new Error('There is nothing to measure.')
  say(`\nmedians of ${rounds} rounds, all ways in each\n${heading(contenders)}`)

  const lines: Line[] = []
  const told = <C extends Contender>(title: string, kind: Kind, samples: ReadonlyMap<C, Rounds>): void => {
    const line = lineOf(title, kind, samples)
    lines.push(line)
    say(textOf(line, contenders))
  }
  const tell = async (
    title: string,
    kind: Kind,
    work: (each: Contender, round: number) => Promise<unknown>,
    n = rounds,
  ) => {
    progress.show(title)
    told(title, kind, await compare(contenders, n, signal, work))
  }
  const tellOf =
    (id: number): Tell =>
    async (title, kind, readers, text) => {
      progress.show(title)
      told(title, kind, await compare(readers, rounds, signal, each => each.client.query(text(each), [id])))
    }
  const sizes = await sizesOf(first.client)
  const near = (wanted: number) =>
    sizes.reduce((best, each) => (Math.abs(each.below - wanted) < Math.abs(best.below - wanted) ? each : best))

  await tell('ancestors of a leaf', 'ancestors', ({ client, way }) => client.query(way.ancestors, [nodes]))
  for (const wanted of [100, 10_000, 100_000, 1_000_000].filter(n => n < nodes)) {
    const { id, below } = near(wanted)
    await agree(contenders, id)
    await askBelow(contenders, below, tellOf(id), wanted >= 10_000)
  }

  // every contender the same leaf, below the same node, in each round
  const leaf = (round: number): number => nodes + 2 + round
  await tell(
    'insert of a leaf',
    'insert',
    ({ writer }, round) => writer.insert(leaf(round), 1 + ((round + 1) % (nodes >> 1))),
    rounds * 20,
  )
  const homes = [2, 3]
  for (const { id, below } of [0, 100, 1_000, 10_000]
    .filter(n => n < nodes / 10)
    .map(n => (n === 0 ? { id: nodes, below: 0 } : near(n)))) {
    const move = ({ writer }: Contender, round: number) => writer.move(id, homes[(round + 1) % 2] as number)
    await tell(`move of ${below + 1}`, 'move', move, below > 1_000 ? Math.min(rounds, 5) : rounds)
  }
  for (const each of homes) await agree(contenders, each)

  say('\nbytes a node beside the pointers')
  const bytes: Record<string, number> = {}
  for (const { name, way, client } of contenders) {
    const { rows } = await client.query<{ bytes: string }>(way.storage)
    bytes[name] = Number(rows[0]?.bytes) / nodes
    say(`  ${name.padEnd(18)}${(bytes[name] ?? 0).toFixed(0).padStart(6)}`)
  }

  const load = await loading(contenders, { nodes, singly, server: server.url, ends, signal })
  say('\ntargets')
  for (const verdict of lines.flatMap(verdictsOf)) say(verdict)
  for (const { name, seconds } of load.singles)
    say(
      `  ${seconds / load.seconds >= 3 ? 'met   ' : 'missed'}  load: ${figure(seconds / load.seconds)} times as fast as ${name} row by row, target 3`,
    )
  return { circumstances, nodes, rounds, lines, bytes, load }
}

/** They must give one answer, or their times mean nothing. */
async function agree(contenders: readonly Contender[], id: number): Promise<void> {
  const answers: (readonly [string, string])[] = []
  for (const { name, client, way } of contenders)
    answers.push([name, String((await client.query(way.count, [id])).rows[0].count)])
  if (new Set(answers.map(([, n]) => n)).size > 1)
    throw new Error(`They do not agree on how many are below ${id}: ${answers.map(each => each.join(' ')).join(', ')}.`)
}

interface Loading {
  readonly nodes: number
  readonly singly: number
  readonly server: string
  readonly ends: Ends
  readonly signal: AbortSignal
}

async function loading(contenders: readonly Contender[], { nodes, singly, server, ends, signal }: Loading) {
  const from = await openDatabase(server, [syntheticTree(nodes)], ends, signal)
  const to = await openDatabase(server, [], ends, signal)
  const told = (step: string, rows: number): void => progress.show(`load, ${step}: ${rows} of ${nodes} nodes`)
  const loaded = await loadAll(to.client, from.client, signal, told)
  say(
    `\nload of ${nodes} nodes with their links: ${figure(loaded.seconds)} s, ${figure((loaded.seconds / nodes) * 1e6)} µs a node; ${describeMemory(loaded.memory)}`,
  )
  const singles: Single[] = []
  for (const each of contenders.filter(({ name }) => ['pillion', 'naive trigger', 'TypeORM'].includes(name))) {
    const single = await rowByRow(each, {
      nodes,
      inserted: singly,
      signal,
      told: n => progress.show(`${each.name}, row by row: ${n} of ${singly} nodes`),
    })
    singles.push(single)
    say(
      `  ${each.name}, row by row: ${figure(single.seconds)} s${singly < nodes ? `, reckoned from ${singly} new leaves all over the whole tree` : ''}; µs a node, fifth by fifth: ${single.fifths.map(figure).join(', ')}`,
    )
  }
  return { ...loaded, singles }
}

if (values.help) process.stdout.write(help)
else {
  const figures = await untilStopped(interruption(), progress, measure)
  if (figures !== undefined && values.json !== undefined)
    await writeFile(values.json, `${JSON.stringify(figures, undefined, 2)}\n`)
}
