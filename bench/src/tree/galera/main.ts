/**
 * `npm run stress:galera`: one tree, written from three nodes of a cluster at once; then every node's links beside its
 * pointers, and every node's rows beside the others'.
 *
 * @module
 */
import { parseArgs } from 'node:util'
import { createConnection, type Connection } from 'mysql2/promise'
import { installTree, readTreeTable, treeModel, type TreeRow, type TreeSession, verifyTree } from 'pillion/tree'
import { startCluster } from './cluster.js'
import { type Manner, type Tally, write } from './writers.js'

const help = `Writes one tree from three nodes of a Galera cluster at once, and says whether it is still one.

  npm run stress:galera -- [options]

  --seconds <n>   each manner of writing lasts so long (20)
  --only <name>   all, one or turn; may be repeated
  --help          this text

  all    writers on every node, with pillion's triggers and nothing else
  one    every writer on one node, and the others read
  turn   writers on every node, and each transaction first writes a row that all of them write

Ends with 1 where 'one' or 'turn' left a tree wrong. Needs Debian's mariadb-server, galera-4 and rsync.
`

const manners: Readonly<Record<string, Manner & { readonly nodes: number }>> = {
  all: { nodes: 3 },
  one: { nodes: 1 },
  turn: { nodes: 3, first: 'UPDATE turn SET n = n + 1' },
}
const writers = 6

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '20' },
    only: { type: 'string', multiple: true, default: Object.keys(manners) },
    help: { type: 'boolean', default: false },
  },
})
const unknown = values.only.find(name => !Object.hasOwn(manners, name))
if (unknown !== undefined) throw new Error(`--only takes ${Object.keys(manners).join(', ')}; not ${unknown}`)

function sessionOn(connection: Connection): TreeSession {
  return {
    dialect: 'mariadb',
    async run(sql, parameters = []) {
      const [rows] = await connection.query({ sql, rowsAsArray: true, typeCast: field => field.string() }, [
        ...parameters,
      ])
      return Array.isArray(rows) ? (rows as unknown as TreeRow[]) : []
    },
  }
}

/** A new tree of five nodes, on every node of the cluster. */
async function plant(connection: Connection): Promise<void> {
  for (const sql of [
    'DROP DATABASE IF EXISTS grove',
    'CREATE DATABASE grove',
    'USE grove',
    'CREATE TABLE turn (id int PRIMARY KEY, n bigint NOT NULL)',
    'INSERT INTO turn VALUES (1, 0)',
    'CREATE TABLE node (id bigint PRIMARY KEY, parent_id bigint, FOREIGN KEY (parent_id) REFERENCES node (id) ON DELETE CASCADE)',
  ])
    await connection.query(sql)
  const session = sessionOn(connection)
  const table = await readTreeTable(session, 'node')
  await installTree(session, treeModel('mariadb', table, { parent: 'parent_id', closure: 'link' }))
  await connection.query('INSERT INTO node VALUES (1, NULL), (2, 1), (3, 1), (4, 2), (5, 3)')
}

/** What a node holds, once it has all that the others have. */
async function harvest(connection: Connection): Promise<{ readonly faults: number; readonly rows: string }> {
  await connection.query('SET SESSION wsrep_sync_wait = 15')
  const session = sessionOn(connection)
  const table = await readTreeTable(session, 'node')
  const faults = await verifyTree(session, treeModel('mariadb', table, { parent: 'parent_id', closure: 'link' }))
  const nodes = await session.run('SELECT id, parent_id FROM node ORDER BY id')
  const links = await session.run('SELECT node_id, ancestor_id, distance FROM link ORDER BY node_id, ancestor_id')
  await connection.query('SET SESSION wsrep_sync_wait = 0')
  return { faults: faults.length, rows: JSON.stringify([nodes, links]) }
}

async function run(name: string, urls: readonly string[], seconds: number): Promise<boolean> {
  const manner = manners[name] as Manner & { readonly nodes: number }
  const first = await createConnection(urls[0] as string)
  const connections: Connection[] = [first]
  try {
    await plant(first)
    await first.query('SET SESSION wsrep_sync_wait = 0')
    const hands = await Promise.all(
      Array.from({ length: writers }, async (_, i) => {
        const connection = await createConnection(urls[i % manner.nodes] as string)
        connections.push(connection)
        await connection.query('SET SESSION wsrep_sync_wait = 15')
        await connection.query('USE grove')
        await connection.query('SET SESSION wsrep_sync_wait = 0')
        return connection
      }),
    )
    const tally: Tally = { done: 0, again: 0, refused: 0, flushed: 0, other: new Map() }
    const until = performance.now() + seconds * 1_000
    await Promise.all(hands.map((hand, i) => write(hand, i + 1, until, manner, tally)))
    const harvests = []
    for (const url of urls) {
      const connection = await createConnection(url)
      connections.push(connection)
      await connection.query('USE grove')
      harvests.push(await harvest(connection))
    }
    const faults = Math.max(...harvests.map(each => each.faults))
    const equal = new Set(harvests.map(each => each.rows)).size === 1
    process.stdout.write(
      `${name.padEnd(6)}${seconds} s: ${tally.done} done, ${tally.again} tried again, ${tally.refused} refused, ${tally.flushed} flushed; ` +
        `the nodes are ${equal ? 'equal' : 'NOT EQUAL'}, ${faults} faults in the links\n`,
    )
    for (const [said, times] of tally.other) process.stdout.write(`      ${times} times: ${said}\n`)
    return equal && faults === 0
  } finally {
    for (const connection of connections) connection.destroy()
  }
}

if (values.help) process.stdout.write(help)
else {
  await using cluster = await startCluster()
  for (const name of values.only) {
    const sound = await run(name, cluster.urls, Number(values.seconds))
    // what 'all' does is what is to be found out
    if (!sound && name !== 'all') process.exitCode = 1
  }
}
