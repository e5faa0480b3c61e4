/**
 * `node bench/dist/tree/files.js`: every file of every package of Debian, loaded with links, and asked by links, by
 * recursive queries, by ltree, by a path, by TypeORM's closure-table.
 *
 * @module
 */
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { installTree, loadTree, readTree, readTreeTable, treeModel } from 'pillion/tree'
import { interruption } from '../interruption.js'
import { createDatabase, openServer } from '../server.js'
import {
  allByIndex,
  compare,
  type Contender,
  figure,
  heading,
  type Line,
  lineOf,
  textOf,
  verdictsOf,
} from './contest.js'
import { contentsRows, fetchContents } from './contents.js'
import { describeMemory, watchMemory } from './memory.js'
import { undisturbed, vacuum, bySql, sessionOn, type Way, waysNamed } from './plant.js'
import { whole } from './options.js'
import { progressOn, sayBeside } from './progress.js'
import { askBelow, type Tell } from './questions.js'
import { type Ends, untilStopped } from './stopping.js'

const help = `Loads the tree of Debian's files, 7.9 million nodes, and asks for what is below some, by every way to keep it.

  node bench/dist/tree/files.js [options]

  --nodes <n>     no more than so many
  --rounds <n>    rounds of each question (5)
  --only <way>    one of the ways, by its name in the table; may be repeated. Without TypeORM unless it is named:
                  its links take as much disk as pillion's, and longer to make
  --lists <dir>   where apt's lists are, or are to be fetched to: 50 MB (${join(tmpdir(), 'pillion-contents')})
  --json <file>   the figures, too
  --help          this text

  node bench/dist/tree/files.js                                     an hour and 25 GB
  node bench/dist/tree/files.js --nodes 500000                      some minutes
  node bench/dist/tree/files.js --only 'recursive query' --only pillion --only ltree

  PILLION_BENCH_URL  a superuser's URL of the PostgreSQL to use; otherwise one is started
`

const { values } = parseArgs({
  options: {
    nodes: { type: 'string', default: 'Infinity' },
    rounds: { type: 'string', default: '5' },
    only: { type: 'string', multiple: true, default: [] },
    lists: { type: 'string', default: join(tmpdir(), 'pillion-contents') },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})
const usualWays = ['recursive query', 'pillion', 'pillion, again', 'ltree', 'path as text']
const progress = progressOn(process.stderr)
const say = sayBeside(progress)

async function load(client: pg.Client, lists: readonly string[], signal: AbortSignal) {
  const session = sessionOn(client)
  // the index of the pointer holds the key as well: a walk down needs no row for a count
  await client.query(
    'CREATE TABLE node (id bigint PRIMARY KEY, parent_id bigint); CREATE INDEX node_parent_id ON node (parent_id, id)',
  )
  const table = await readTreeTable(session, 'node')
  await installTree(session, treeModel('postgres', table, { parent: 'parent_id', closure: 'link' }))
  const memory = watchMemory()
  const begun = performance.now()
  const seconds = () => (performance.now() - begun) / 1_000
  let rowsAfter = 0
  const nodes = await loadTree(session, await readTree(session, 'link'), contentsRows(lists, Number(values.nodes)), {
    columns: ['id', 'parent_id'],
    batch: 5_000,
    signal,
    onProgress({ step, rows }) {
      memory.look()
      if (step === 'links') rowsAfter = seconds()
      progress.show(`load, ${step}: ${rows.toLocaleString('en')} nodes, ${seconds().toFixed(0)} s`)
    },
  })
  return { nodes, rowsSeconds: rowsAfter, seconds: seconds(), memory: memory.result() }
}

const facts = (name: string, share: number): string => `
  CREATE TABLE ${name} (id bigint PRIMARY KEY, node_id bigint, amount int);
  INSERT INTO ${name} SELECT n, 1 + abs(hashint8(n + 7)::bigint) % (SELECT max(id) FROM node), n % 100
    FROM generate_series(1, (SELECT (count(*) * ${share})::bigint FROM node)) AS n;
  CREATE INDEX ON ${name} (node_id) INCLUDE (amount);`

/** A way in a schema of its own, over a copy of the nodes where it adds to them. Whoever has the links already has them in `public`. */
async function plant(
  way: Way,
  url: string,
  signal: AbortSignal,
): Promise<Contender & { readonly bytes: number; readonly seconds: number }> {
  signal.throwIfAborted()
  progress.show(`${way.name}: planting`)
  const client = new pg.Client(url)
  // its database is dropped under it where the run is stopped
  client.on('error', () => {})
  await client.connect()
  const begun = performance.now()
  const shared = way.name === 'recursive query' || way.name.startsWith('pillion')
  let writer = bySql(client, [], [])
  if (!shared) {
    const schema = way.name.replaceAll(/\W/g, '_').toLowerCase()
    await client.query(`CREATE SCHEMA ${schema}; SET search_path = ${schema}, public;
      CREATE TABLE node (LIKE public.node INCLUDING ALL); INSERT INTO node SELECT * FROM public.node ORDER BY id;
      CREATE TABLE size AS SELECT pg_total_relation_size('node') AS plain`)
    writer = await way.plant({ client, url, schema })
    await client.query('VACUUM FULL node')
    await vacuum(client)
  }
  const { rows } = await client.query<{ bytes: string }>(way.storage)
  return {
    name: way.name,
    way,
    client,
    writer,
    bytes: Number(rows[0]?.bytes),
    seconds: (performance.now() - begun) / 1_000,
  }
}

async function measure(signal: AbortSignal, ends: Ends) {
  const rounds = whole('rounds', values.rounds, 1)
  const ways = waysNamed(values.only.length === 0 ? usualWays : values.only)
  const lists = await fetchContents(values.lists)
  const server = await openServer(undisturbed)
  ends.unshift(async () => server[Symbol.asyncDispose]())
  const database = await createDatabase(server, [], signal)
  ends.unshift(async () => database[Symbol.asyncDispose]())
  const client = new pg.Client(database.url)
  client.on('error', () => {})
  await client.connect()
  ends.unshift(() => client.end())
  const loaded = await load(client, lists, signal)
  say(
    `${loaded.nodes} nodes in ${figure(loaded.rowsSeconds)} s, their links in another ${figure(loaded.seconds - loaded.rowsSeconds)}; ${describeMemory(loaded.memory)}`,
  )
  progress.show('facts')
  await client.query(facts('sparse', 0.05) + facts('dense', 1))
  await vacuum(client)
  const contenders: Awaited<ReturnType<typeof plant>>[] = []
  for (const way of ways) {
    const planted = await plant(way, database.url, signal)
    ends.unshift(async () => (await planted.writer.close(), planted.client.end()))
    contenders.push(planted)
  }
  say('\nbytes a node beside the pointers')
  for (const { name, bytes } of contenders) say(`  ${name.padEnd(18)}${(bytes / loaded.nodes).toFixed(0).padStart(6)}`)
  say(`\nmedians of ${rounds} rounds, all ways in each\n${heading(contenders)}`)
  const lines: Line[] = []
  const tellOf =
    (id: string): Tell =>
    async (title, kind, readers, text) => {
      progress.show(title)
      const samples = await compare(readers, rounds, signal, each => each.client.query(text(each), [id]))
      const line = lineOf(title, kind, samples)
      lines.push(line)
      say(textOf(line, contenders))
    }
  const leaf = tellOf(String(loaded.nodes))
  await leaf('ancestors of a leaf', 'ancestors', allByIndex(contenders), ({ way }) => way.ancestors)
  for (const wanted of [100, 10_000, 100_000, 1_000_000].filter(n => n < loaded.nodes)) {
    const { rows } = await client.query<{ id: string; n: string }>(
      'SELECT ancestor_id AS id, count(*) - 1 AS n FROM link GROUP BY 1 ORDER BY abs(count(*) - 1 - $1) LIMIT 1',
      [wanted],
    )
    const { id, n } = rows[0] as { id: string; n: string }
    await askBelow(contenders, Number(n), tellOf(id), wanted >= 10_000)
  }
  say('\ntargets')
  for (const verdict of lines.flatMap(verdictsOf)) say(verdict)
  return {
    ...loaded,
    bytes: Object.fromEntries(contenders.map(({ name, bytes }) => [name, bytes / loaded.nodes])),
    lines,
  }
}

if (values.help) process.stdout.write(help)
else {
  const figures = await untilStopped(interruption(), progress, measure)
  if (figures !== undefined && values.json !== undefined)
    await writeFile(values.json, `${JSON.stringify(figures, undefined, 2)}\n`)
}
