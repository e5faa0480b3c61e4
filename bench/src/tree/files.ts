/**
 * `node bench/dist/tree/files.js`: every file of every package of Debian, loaded with links, and asked by links and by
 * recursive queries.
 *
 * @module
 */
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { installTree, loadTree, readTree, readTreeTable, treeModel } from 'pillion/tree'
import { createDatabase, openServer } from '../server.js'
import { median } from '../statistics.js'
import { contentsRows, fetchContents } from './contents.js'
import { sessionOn, ways } from './plant.js'

const help = `Loads the tree of Debian's files, 7.9 million nodes, and asks for what is below some.

  node bench/dist/tree/files.js [options]

  --nodes <n>     no more than so many
  --lists <dir>   where apt's lists are, or are to be fetched to: 50 MB (${join(tmpdir(), 'pillion-contents')})
  --json <file>   the figures, too
  --help          this text

  PILLION_BENCH_URL  a superuser's URL of the PostgreSQL to use, with 20 GB of disk; otherwise one is started
`

const { values } = parseArgs({
  options: {
    nodes: { type: 'string', default: 'Infinity' },
    lists: { type: 'string', default: join(tmpdir(), 'pillion-contents') },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})
const rounds = 7
const say = (line: string): void => void process.stdout.write(`${line}\n`)

const facts = (name: string, share: number): string => `
  CREATE TABLE ${name} (id bigint PRIMARY KEY, node_id bigint, amount int);
  INSERT INTO ${name} SELECT n, 1 + abs(hashint8(n + 7)) % (SELECT max(id) FROM node), n % 100
    FROM generate_series(1, (SELECT (count(*) * ${share})::bigint FROM node)) AS n;
  CREATE INDEX ON ${name} (node_id);`

async function load(client: pg.Client, lists: readonly string[]) {
  const session = sessionOn(client)
  await client.query('CREATE TABLE node (id bigint PRIMARY KEY, parent_id bigint); CREATE INDEX ON node (parent_id)')
  const table = await readTreeTable(session, 'node')
  await installTree(session, treeModel('postgres', table, { parent: 'parent_id', closure: 'link' }))
  const begun = performance.now()
  const seconds = () => (performance.now() - begun) / 1_000
  let told = 0
  let memory = 0
  const nodes = await loadTree(session, await readTree(session, 'link'), contentsRows(lists, Number(values.nodes)), {
    columns: ['id', 'parent_id'],
    batch: 5_000,
    onProgress: ({ step, rows }) => {
      memory = Math.max(memory, process.memoryUsage().rss)
      if (step === 'rows' && seconds() - told < 10) return
      told = seconds()
      process.stderr.write(`${step}: ${rows.toLocaleString('en')} nodes, ${told.toFixed(0)} s\n`)
    },
  })
  return { nodes, seconds: seconds(), memory }
}

interface Question {
  readonly what: string
  readonly links: string
  readonly recursive: string
}

const [walked, kept] = ['recursive query', 'pillion links'].map(name => ways.find(way => way.name === name))
if (walked === undefined || kept === undefined) throw new Error('Two ways are to be compared, and one has gone.')

/** `fact` is the table in the text of both; one of them is asked of fewer facts. */
const questions: readonly Question[] = [
  { what: 'count', links: kept.count, recursive: walked.count },
  { what: 'rows', links: kept.rows, recursive: walked.rows },
  ...['sparse', 'dense'].map(name => ({
    what: `${name} facts`,
    links: kept.facts.replace('FROM fact', `FROM ${name}`),
    recursive: walked.facts.replace('FROM fact', `FROM ${name}`),
  })),
  ...['sparse', 'dense'].map(name => ({
    what: `${name} facts, array`,
    links: `SELECT sum(amount) FROM ${name} WHERE node_id = ANY (ARRAY(SELECT node_id FROM link WHERE ancestor_id = $1))`,
    recursive: walked.facts.replace('FROM fact', `FROM ${name}`),
  })),
]

/** Milliseconds of both, one after the other in each round; the medians. */
async function ask(client: pg.Client, { links, recursive }: Question, id: string): Promise<readonly [number, number]> {
  const figures: [number[], number[]] = [[], []]
  for (let round = 0; round <= rounds; round++) {
    for (const [i, text] of [links, recursive].entries()) {
      const begun = performance.now()
      await client.query(text, [id])
      if (round > 0) figures[i]?.push(performance.now() - begun)
    }
  }
  return [median(figures[0]), median(figures[1])]
}

async function measure(): Promise<void> {
  const lists = await fetchContents(values.lists)
  await using server = await openServer()
  await using database = await createDatabase(server, [], new AbortController().signal)
  const client = new pg.Client(database.url)
  await client.connect()
  try {
    const loaded = await load(client, lists)
    say(
      `${loaded.nodes} nodes with their links in ${loaded.seconds.toFixed(0)} s; this process had at most ${(loaded.memory / 2 ** 20).toFixed(0)} MiB`,
    )
    await client.query(facts('sparse', 0.05) + facts('dense', 1))
    await client.query('VACUUM ANALYZE')
    const { rows: sizes } = await client.query<{ links: number; bytes: number }>(
      `SELECT (SELECT count(*) FROM link)::float8 / $1 AS links, pg_total_relation_size('link')::float8 / $1 AS bytes`,
      [loaded.nodes],
    )
    say(`${sizes[0]?.links.toFixed(2)} links a node, ${sizes[0]?.bytes.toFixed(0)} bytes a node\n`)
    say(`${'ms'.padEnd(22)}${['below', 'links', 'recursive', 'ratio'].map(each => each.padStart(12)).join('')}`)
    const figures = []
    for (const wanted of [100, 10_000, 1_000_000].filter(n => n < loaded.nodes)) {
      const { rows } = await client.query<{ id: string; n: string }>(
        'SELECT ancestor_id AS id, count(*) - 1 AS n FROM link GROUP BY 1 ORDER BY abs(count(*) - 1 - $1) LIMIT 1',
        [wanted],
      )
      const { id, n } = rows[0] as { id: string; n: string }
      for (const question of questions) {
        const [links, recursive] = await ask(client, question, id)
        figures.push({ what: question.what, below: Number(n), links, recursive })
        say(
          `${question.what.padEnd(22)}${[n, links.toFixed(2), recursive.toFixed(2), (links / recursive).toFixed(2)].map(each => each.padStart(12)).join('')}`,
        )
      }
    }
    if (values.json !== undefined) {
      const summary = { ...loaded, ...sizes[0], figures }
      await writeFile(values.json, `${JSON.stringify(summary, undefined, 2)}\n`)
    }
  } finally {
    await client.end()
  }
}

if (values.help) process.stdout.write(help)
else await measure()
