/**
 * A logical replica: its triggers are not called for what comes from the publisher, and its links come with the rows. Once it is written to
 * itself, its triggers keep them.
 */
import { type Postgres, startPostgres } from '@pillion/postgres'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { waitFor } from '../../../../test/support/wait-for.js'
import {
  installTree,
  readTreeTable,
  treeModel,
  treeSession,
  type TreeSession,
  verifyTree,
} from '../../src/tree/index.js'

let server: Postgres
beforeAll(async () => {
  server = await startPostgres({ settings: { wal_level: 'logical' } })
})
afterAll(() => server.stop())

const table =
  'create table node (id bigint primary key, parent_id bigint references node (id) on delete cascade on update cascade deferrable initially deferred)'

/** Runs work on two databases with the same tree, of which the second subscribes to what the first publishes. */
async function replicating(
  published: string,
  work: (there: {
    on: TreeSession
    replica: TreeSession
    caughtUp(): Promise<void>
    end(): Promise<void>
  }) => Promise<void>,
): Promise<void> {
  const admin = await connected(server.url)
  const names = ['publisher', 'replica']
  for (const name of names) await admin.query(`create database ${name}`)
  const [from, to] = (await Promise.all(names.map(name => connected(urlOf(name))))) as [pg.Client, pg.Client]
  const [on, replica] = [treeSession(from), treeSession(to)]
  for (const each of [on, replica]) {
    await each.run(table)
    await installTree(each, await modelOn(each))
  }
  await on.run(`create publication all_of_it for ${published}`)
  // in one and the same server the subscription would wait for itself to make it
  await on.run(`select pg_create_logical_replication_slot('it', 'pgoutput')`)
  await replica.run(
    `create subscription it connection '${urlOf('publisher')}' publication all_of_it with (create_slot = false, slot_name = 'it')`,
  )
  const caughtUp = async (): Promise<void> => {
    const [[now]] = (await on.run('select pg_current_wal_lsn()')) as [[string]]
    await waitFor(async () => {
      const told = await on.run(
        `select confirmed_flush_lsn >= '${now}' from pg_replication_slots where slot_name = 'it'`,
      )
      const begun = await replica.run(`select bool_and(srsubstate = 'r') from pg_subscription_rel`)
      expect([told, begun]).toEqual([[['t']], [['t']]])
    })
  }
  const end = async (): Promise<void> => {
    for (const sql of ['disable', 'set (slot_name = none)']) await replica.run(`alter subscription it ${sql}`)
    await replica.run('drop subscription it')
  }
  try {
    await work({ on, replica, caughtUp, end })
  } finally {
    await end().catch(() => {})
    await waitFor(() => on.run(`select pg_drop_replication_slot('it')`))
    for (const client of [from, to]) await client.end()
    for (const name of names) await admin.query(`drop database ${name} with (force)`)
    await admin.end()
  }
}

const urlOf = (name: string): string => Object.assign(new URL(server.url), { pathname: `/${name}` }).href

async function connected(url: string): Promise<pg.Client> {
  const client = new pg.Client(url)
  await client.connect()
  return client
}

async function modelOn(session: TreeSession) {
  const found = await readTreeTable(session, 'node')
  return treeModel('postgres', found, { parent: 'parent_id', closure: 'node_link', counts: true })
}

const writes = [
  'insert into node values (1, null), (2, 1), (3, 2)',
  'insert into node values (6, 5), (5, 3)',
  'update node set parent_id = 1 where id = 5',
  'update node set id = 50 where id = 5',
  'select node_link_roll_up()',
  'delete from node where id = 2',
]

test('has the links of the rows that come, and keeps them when it is written to itself', () =>
  replicating('all tables', async ({ on, replica, caughtUp, end }) => {
    for (const sql of writes) await on.run(sql)
    await caughtUp()
    expect(await replica.run('select id, parent_id from node order by id')).toEqual([
      ['1', null],
      ['6', '50'],
      ['50', '1'],
    ])
    expect(await verifyTree(replica, await modelOn(replica))).toEqual([])
    await end()
    for (const sql of ['insert into node values (7, 6)', 'update node set parent_id = 1 where id = 6'])
      await replica.run(sql)
    expect(await verifyTree(replica, await modelOn(replica))).toEqual([])
  }))

test('has none where the nodes alone are published', () =>
  replicating('table node', async ({ on, replica, caughtUp }) => {
    for (const sql of writes) await on.run(sql)
    await caughtUp()
    const kinds = (await verifyTree(replica, await modelOn(replica))).map(({ kind }) => kind)
    expect(new Set(kinds)).toEqual(new Set(['missing']))
  }))
