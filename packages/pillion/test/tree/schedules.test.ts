/**
 * Two transactions on one tree, in the interleavings that break triggers without locks: each schedule at each isolation
 * level of each engine. One that fails must fail so that a second try cures it, or by a refusal that says why; the links are
 * those of the pointers in any case.
 *
 * @module
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { innodbTransactions } from '../../../../test/support/innodb.js'
import { waitFor } from '../../../../test/support/wait-for.js'
import { retryable } from '../../src/retry/retryable.js'
import { type Engine, engines, type TestSession } from './support/engines.js'
import { type Planted, type Plot, plant, withoutLocks } from './support/planted.js'

/** 1 over 2 and 3; 4 under 2; 5 under 3. */
const start = 'insert into node (id, parent_id) values (1, null), (2, 1), (3, 1), (4, 2), (5, 3)'

const schedules = [
  [
    'two nodes below each other',
    'update node set parent_id = 3 where id = 2',
    'update node set parent_id = 2 where id = 3',
  ],
  [
    'two nodes below each other’s children',
    'update node set parent_id = 5 where id = 2',
    'update node set parent_id = 4 where id = 3',
  ],
  [
    'a leaf comes, and its parent moves',
    'insert into node (id, parent_id) values (6, 2)',
    'update node set parent_id = 3 where id = 2',
  ],
  [
    'a node moves, and a leaf comes below it',
    'update node set parent_id = 3 where id = 2',
    'insert into node (id, parent_id) values (6, 2)',
  ],
  [
    'a leaf moves below a node that moves',
    'update node set parent_id = 5 where id = 4',
    'update node set parent_id = null where id = 3',
  ],
  [
    'a node moves, and a leaf of it goes',
    'update node set parent_id = 3 where id = 2',
    'delete from node where id = 4',
  ],
  [
    'a node goes, and a leaf comes below it',
    'delete from node where id = 5',
    'insert into node (id, parent_id) values (6, 5)',
  ],
  [
    'a node goes, and another moves below it',
    'delete from node where id = 5',
    'update node set parent_id = 5 where id = 2',
  ],
  [
    'a node moves below another, and that goes',
    'update node set parent_id = 5 where id = 4',
    'delete from node where id = 5',
  ],
] as const

/** What became of a session's statement. */
type Outcome = 'done' | 'again' | 'refused'

let tree: Planted
let sessions: readonly [TestSession, TestSession, TestSession]

async function open(engine: Engine, plot: Plot): Promise<void> {
  tree = await plant(engine, plot)
  const { ground } = tree
  sessions = [await ground.session(), await ground.session(), await ground.session()]
}

async function close(): Promise<void> {
  for (const each of sessions) await each.close()
  await tree.drop()
}

/** The first five nodes again, and two transactions that have seen them. */
async function begin({ dialect }: Engine, levels: string): Promise<void> {
  const { session } = tree
  for (const sql of emptying[dialect]) await session.run(sql)
  await session.run(beginning[dialect])
  await session.run(start)
  await session.run('commit')
  const [first = '', second = first] = levels.split(' beside ')
  for (const [i, each] of sessions.slice(0, 2).entries()) {
    const level = i === 0 ? first : second
    if (dialect === 'mariadb') await each.run(`set transaction isolation level ${level}`)
    await each.run(dialect === 'postgres' ? `begin isolation level ${level}` : 'begin')
    // at MariaDB's SERIALIZABLE reading locks, and one would wait for the other before it began
    if (dialect !== 'mariadb' || level !== 'SERIALIZABLE') await each.run('select count(*) from node')
  }
}

/** Whatever the last schedule left, also without locks. */
const emptying = {
  postgres: ['truncate node'],
  mariadb: ['update node set parent_id = null', 'delete from node', 'delete from node_ancestry_link'],
  sqlite: ['delete from node'],
} as const

const beginning = { postgres: 'begin isolation level serializable', mariadb: 'begin', sqlite: 'begin' } as const

async function outcome(session: TestSession, sql: string): Promise<Outcome> {
  try {
    await session.run(sql)
    return 'done'
  } catch (error) {
    await session.run('rollback').catch(() => {})
    if (retryable(error)) return 'again'
    expect(String(error)).toMatch(/below itself|isolation level|foreign key|missing|children|FOREIGN KEY/)
    return 'refused'
  }
}

/** Whether a session waits for a lock, and not another test's on the same server. */
const waits = {
  postgres: async (watcher: TestSession, id: string) =>
    (await watcher.run(`select 1 from pg_locks where not granted and pid = ${id}`)).length > 0,
  mariadb: async (watcher: TestSession, id: string) => {
    const [[, , status] = []] = await watcher.run('show engine innodb status')
    return innodbTransactions(String(status)).some(({ session, waits }) => waits && session === Number(id))
  },
  sqlite: async () => false,
} as const

const ownId = { postgres: 'select pg_backend_pid()', mariadb: 'select connection_id()', sqlite: 'select 0' } as const

/** The first statement, the second until it is done or waits, then both commits. */
async function play(engine: Engine, first: string, second: string): Promise<readonly [Outcome, Outcome]> {
  const [one, two, watcher] = sessions
  const [[id] = []] = await two.run(ownId[engine.dialect])
  const a = await outcome(one, first)
  let over = false
  const later = outcome(two, second).finally(() => (over = true))
  await waitFor(async () => expect(over || (await waits[engine.dialect](watcher, String(id)))).toBe(true))
  const committed = a === 'done' ? await outcome(one, 'commit') : a
  const b = await later
  return [committed, b === 'done' ? await outcome(two, 'commit') : b]
}

/** Two who do not agree: what one may do must not rest on the other's level. */
const mixed = {
  postgres: [
    'READ COMMITTED beside REPEATABLE READ',
    'REPEATABLE READ beside READ COMMITTED',
    'SERIALIZABLE beside READ COMMITTED',
    'READ COMMITTED beside SERIALIZABLE',
  ],
  mariadb: ['READ COMMITTED beside REPEATABLE READ', 'REPEATABLE READ beside READ COMMITTED'],
  sqlite: [],
} as const

describe.each(engines())('on $name', engine => {
  const plots: readonly (readonly [string, string, Plot])[] = [
    ['READ COMMITTED', 'without a foreign key', { onDelete: 'none' }],
    ...engine.levels.map(level => [level, 'as usual', {}] as const),
    ...mixed[engine.dialect].map(levels => [levels, 'as usual', {}] as const),
    ...(engine.dialect === 'postgres'
      ? [['SERIALIZABLE', 'for SERIALIZABLE alone', { options: { isolation: 'serializable' } }] as const]
      : []),
  ]

  describe.each(plots)('at %s, %s', (level, _, plot) => {
    beforeAll(() => open(engine, plot))
    afterAll(close)

    test.each(schedules)('%s', async (_, first, second) => {
      await begin(engine, level)
      const outcomes = await play(engine, first, second)
      await tree.check()
      // a move at another level is refused, and by nobody's turn
      if (engine.dialect !== 'postgres' || level === 'READ COMMITTED') expect(outcomes).toContain('done')
    })
  })
})

/** SQLite is not here: it has one writer, and no lock of ours to take away. */
describe.each(engines().filter(({ dialect }) => dialect !== 'sqlite'))('without locks, on $name', engine => {
  const levels = engine.levels.filter(level =>
    engine.dialect === 'postgres' ? level !== 'SERIALIZABLE' : level === 'READ COMMITTED',
  )

  test.each(levels)(
    'the same schedules leave wrong links at %s',
    async level => {
      await open(engine, { ddl: withoutLocks })
      try {
        const corrupted: string[] = []
        for (const [name, first, second] of schedules) {
          await begin(engine, level)
          await play(engine, first, second)
          if ((await tree.faults()).length > 0) corrupted.push(name)
        }
        process.stderr.write(`without locks, ${engine.name} at ${level}: ${corrupted.join('; ')}\n`)
        expect(corrupted.length).toBeGreaterThan(0)
      } finally {
        await close()
      }
    },
    120_000,
  )
})
