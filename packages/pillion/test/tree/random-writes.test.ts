/**
 * Statements of every kind by chance, in transactions with savepoints that are rolled back, over tables of every kind: beside the nodes
 * is a twin without a tree, and each statement is run on both. What the twin makes a forest of the nodes are then, with the links of
 * those pointers; what it refuses, or makes no forest of, is refused.
 *
 * @module
 */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { TreeDialect, TreeOptions } from '../../src/tree/model.js'
import { anyStatement } from './support/any-statement.js'
import { type Engine, engines, type Ground, type TestSession } from './support/engines.js'
import { lostIn } from './support/oracle.js'
import { grow, type Planted } from './support/planted.js'

/** A table of nodes, and what is to be beside it: the statements that make one of a name. */
interface Field {
  readonly make: (table: string) => readonly string[]
  readonly options?: Partial<TreeOptions>
  /** Statements that the engine itself does otherwise than it says, with a tree and without. */
  readonly leftOut?: RegExp
  /** Refusals that hang on the order in which a plan meets the rows, with a tree and without. */
  readonly byOrder?: RegExp
}

const columns = (rest: string): string => `id bigint primary key, parent_id bigint ${rest}`
const simple = (rest: string, options: Partial<TreeOptions> = { counts: true }): Field => ({
  make: table => [`create table ${table} (${columns(rest.replaceAll('@', table))})`],
  options,
})

const cascades = 'references @ (id) on delete cascade on update cascade'
const everywhere: Readonly<Record<string, Field>> = {
  'a key that cascades': simple(cascades),
  'a key that sets NULL': simple('references @ (id) on delete set null on update set null'),
  'a key that refuses': simple('references @ (id)'),
  'no key': simple(''),
  'a key that cascades, with keys on the links': simple(cascades, { foreignKeys: true }),
  'a key that cascades, with keys on the links and counts': simple(cascades, { foreignKeys: true, counts: true }),
}

const inPostgres = (rest: string, events: string, when: string, body: string): Field => ({
  make: table => [
    `create table ${table} (${columns(rest.replaceAll('@', table))})`,
    `create function ${table}_own() returns trigger language plpgsql as $$ begin ${body.replaceAll('@', table)} end $$`,
    `create trigger a_own ${when} ${events} on ${table} for each row execute function ${table}_own()`,
  ],
  options: { counts: true },
  // a row that such a trigger writes again before the key is looked at is not looked at as it was
  byOrder: /violates foreign key constraint "node_parent_id_fkey"$/,
})

const fields: Readonly<Record<TreeDialect, Readonly<Record<string, Field>>>> = {
  postgres: {
    ...everywhere,
    'a key that sets a default': simple('default 1 references @ (id) on delete set default on update set default'),
    'a key that may be put off': simple(`${cascades} deferrable initially deferred`),
    'partitions by the key': {
      make: table => [
        `create table ${table} (${columns(cascades.replaceAll('@', table))}) partition by hash (id)`,
        ...[0, 1, 2].map(
          n => `create table ${table}_${n} partition of ${table} for values with (modulus 3, remainder ${n})`,
        ),
      ],
      options: { counts: true },
    },
    'partitions without a key': {
      make: table => [
        `create table ${table} (${columns('')}) partition by range (id)`,
        `create table ${table}_low partition of ${table} for values from (0) to (5)`,
        `create table ${table}_high partition of ${table} default`,
      ],
    },
    'a trigger that changes pointers before': inPostgres(
      cascades,
      'insert or update',
      'before',
      'if new.id > 5 and new.parent_id > 5 then new.parent_id := null; end if; return new;',
    ),
    'a trigger that passes rows over': inPostgres(
      '',
      'insert or update or delete',
      'before',
      'if tg_op = $a$DELETE$a$ then if old.id = 6 and old.parent_id is not null then return null; end if; return old; end if; if new.id = 9 then return null; end if; return new;',
    ),
    'a trigger that moves others after': inPostgres(
      cascades,
      'insert or update',
      'after',
      'update @ set parent_id = null where parent_id = new.id and id = new.id + 1; return null;',
    ),
    'a trigger that deletes others after': inPostgres(
      cascades,
      'insert or update or delete',
      'after',
      'delete from @ where id = coalesce(new.id, old.id) + 2; return null;',
    ),
    'a trigger that brings others after': inPostgres(
      cascades,
      'insert or update or delete',
      'after',
      'if tg_op <> $a$DELETE$a$ and new.id < 7 then insert into @ (id, parent_id) values (new.id + 20, new.id) on conflict (id) do update set parent_id = excluded.parent_id; end if; return null;',
    ),
    'a trigger that moves several after': inPostgres(
      cascades,
      'insert or update',
      'after',
      'if new.parent_id is null then update @ set parent_id = new.id where id in (new.id + 1, new.id - 1); end if; return null;',
    ),
    'a trigger that moves the row itself after': inPostgres(
      cascades,
      'insert or update',
      'after',
      'if new.id > 5 and new.parent_id is not null then update @ set parent_id = null where id = new.id; end if; return null;',
    ),
    'a trigger that gives the row another key after': inPostgres(
      cascades,
      'insert or update',
      'after',
      'if new.id between 6 and 9 then update @ set id = new.id + 30 where id = new.id; end if; return null;',
    ),
  },
  mariadb: {
    ...everywhere,
    'a key that sets NULL': {
      ...simple('references @ (id) on delete set null on update set null'),
      // which rows are the first is the server's choice, where the statement itself changes what they are sorted by
      leftOut: /^delete.* order by parent_id/,
    },
    'a trigger that changes pointers before': {
      make: table => [
        `create table ${table} (${columns(cascades.replaceAll('@', table))})`,
        ...['insert', 'update'].map(
          event =>
            `create trigger ${table}_${event} before ${event} on ${table} for each row set new.parent_id = if(new.id > 5 and new.parent_id > 5, null, new.parent_id)`,
        ),
      ],
      options: { counts: true },
    },
  },
  sqlite: {
    ...everywhere,
    'a key that sets NULL': {
      ...simple('references @ (id) on delete set null on update set null'),
      // a test below shows that no foreign key is looked at
      leftOut: /do update set id/,
    },
    'a key that sets a default': simple('default 1 references @ (id) on delete set default on update set default'),
    'a key that may be put off': simple(`${cascades} deferrable initially deferred`),
    'a trigger that moves others after': {
      make: table => [
        `create table ${table} (${columns(cascades.replaceAll('@', table))})`,
        ...['insert', 'update'].map(
          event =>
            `create trigger ${table}_own_${event} after ${event} on ${table} begin update ${table} set parent_id = null where parent_id = new.id and id = new.id + 1; end`,
        ),
      ],
      options: { counts: true },
    },
    'a trigger that deletes others after': {
      make: table => [
        `create table ${table} (${columns(cascades.replaceAll('@', table))})`,
        ...['insert', 'update'].map(
          event =>
            `create trigger ${table}_own_${event} after ${event} on ${table} begin delete from ${table} where id = new.id + 2; end`,
        ),
      ],
      options: { counts: true },
    },
    'a trigger that brings others before': {
      make: table => [
        `create table ${table} (${columns(cascades.replaceAll('@', table))})`,
        `create trigger ${table}_own before insert on ${table} when new.id < 7 begin insert or ignore into ${table} values (new.id + 20, null); end`,
      ],
      options: { counts: true },
    },
  },
}

/** One statement, or a transaction of three whose middle one is undone. */
type Step = readonly [string] | readonly [string, string, string]

const runs = Number(process.env['PILLION_RUNS'] ?? 1)

const beginning = 'insert into node (id, parent_id) values (1, null), (2, 1), (3, 1), (4, 2), (5, 4), (6, 4), (7, null)'

const emptying = {
  postgres: ['truncate node cascade'],
  mariadb: ['update node set parent_id = null', 'delete from node'],
  // a node whose parent goes may get itself for the default
  sqlite: ['update node set parent_id = null', 'delete from node', 'delete from node'],
} as const

async function rowsOf(session: TestSession): Promise<ReadonlyMap<string, string | null>> {
  return new Map((await session.run('select id, parent_id from node order by id')) as [string, string | null][])
}

/** With what was under way: nothing, where the server did it by itself. */
function told(error: Error & { readonly where?: string }): string {
  return error.where === undefined ? String(error) : `${error} in ${error.where}`
}

/** Why the statements are refused, and `look` after each; undefined where they are not. The transaction is left open. */
async function refusal(session: TestSession, step: Step, look: () => Promise<void>): Promise<string | undefined> {
  const [first, undone, last] = step
  const texts = undone === undefined ? [first] : [first, 'savepoint s', undone, 'rollback to savepoint s', last]
  for (const sql of texts) {
    const why = await session.run(sql as string).then(() => undefined, told)
    if (why !== undefined) return why
    await look()
  }
  return undefined
}

/** What triggers must refuse although the rows make a forest, and the docs say so. */
const allowed: Readonly<Record<TreeDialect, RegExp>> = {
  // The rows of several statements in one are those of none of them. Keys on the links are looked at by the server itself, too: of a node
  // that gets another key it makes links, though what else it does in that statement has taken the node away.
  postgres:
    /gives no key to another row in one statement|MERGE tells no trigger|TREE_CYCLE|node_ancestry_link_pkey|"node_ancestry_link_node_fkey"$/,
  // row by row, and each must leave a tree
  mariadb: /./,
  // a trigger of the test's own takes away what made a circle
  sqlite: /TREE_KEY_TAKEN|TREE_CYCLE/,
}

/** Plays steps on nodes and their twin. */
async function play({ tree: { session, faults }, twin, field }: Pair, steps: readonly Step[]): Promise<void> {
  for (const each of [session, twin]) {
    // of a play that failed
    await each.run('rollback').catch(() => {})
    for (const sql of emptying[session.dialect]) await each.run(sql)
    await each.run(beginning)
  }
  for (const step of steps) {
    const text = step.join('; ')
    const before = await rowsOf(session)
    await twin.run('begin')
    let forest = true
    const refused = await refusal(twin, step, async () => {
      forest &&= lostIn(await rowsOf(twin)).length === 0
    })
    const after = refused === undefined ? await rowsOf(twin) : before
    if (step.length > 1) await session.run('begin')
    const why =
      (await refusal(session, step, async () => {
        if (lostIn(await rowsOf(session)).length === 0) expect(await faults(), text).toEqual([])
      })) ?? (step.length > 1 ? await session.run('commit').then(() => undefined, String) : undefined)
    if (why !== undefined && step.length > 1) await session.run('rollback').catch(() => {})
    await twin.run(why === undefined ? 'commit' : 'rollback').catch(() => {})
    expect(await faults(), text).toEqual([])
    // what a clause passes over or leaves done may be another row where triggers refuse, too
    if (/ (ignore|or fail) /.test(text)) return
    if (why === undefined) {
      // rows of a statement may be met in another order there, and a foreign key refuse them
      if (refused !== undefined) return
      expect(await rowsOf(session), text).toEqual(after)
    } else {
      expect(await rowsOf(session), text).toEqual(before)
      if (field.byOrder?.test(why) === true) return
      if (refused === undefined && forest && !allowed[session.dialect].test(why))
        throw new Error(`${text} is refused, and makes a forest: ${why}`)
    }
  }
}

const pastes = (kind: fc.Arbitrary<string>, all: fc.Arbitrary<string>): fc.Arbitrary<readonly Step[]> => {
  const one = fc.oneof({ weight: 2, arbitrary: kind }, all)
  return fc.array(fc.oneof({ weight: 3, arbitrary: fc.tuple(one) }, fc.tuple(one, kind, one)) as fc.Arbitrary<Step>, {
    minLength: 1,
    maxLength: 8,
  })
}

function kindsOf(
  dialect: TreeDialect,
  { leftOut }: Field,
): readonly (readonly [string, fc.Arbitrary<readonly Step[]>])[] {
  const kinds = Object.entries(anyStatement[dialect]).map(
    ([name, kind]) =>
      [name, kind.filter(sql => leftOut?.test(sql) !== true).map(sql => sql.replaceAll('@', 'node'))] as const,
  )
  const all = fc.oneof(...kinds.map(([, kind]) => kind))
  return kinds.map(([name, kind]) => [name, pastes(kind, all)])
}

interface Pair {
  readonly tree: Planted
  readonly twin: TestSession
  readonly field: Field
  drop(): Promise<void>
}

async function pair(engine: Engine, field: Field): Promise<Pair> {
  const { make, options } = field
  const tree = await grow(engine, make('node'), options)
  const ground: Ground = await engine.open()
  const twin = await ground.session()
  for (const sql of make('node')) await twin.run(sql)
  return {
    tree,
    twin,
    field,
    drop: async () => {
      await twin.close()
      await ground.drop()
      await tree.drop()
    },
  }
}

const on = (table: string) => (event: string) => `drop trigger node_ancestry_link_${event}${table}`
/** Each of these leaves links wrong. */
const untold = {
  postgres: ['insert', 'update', 'delete'].map(on(' on node')),
  mariadb: ['insert', 'update', 'delete'].map(on('')),
  sqlite: ['insert', 'update', 'rename', 'delete'].map(on('')),
} as const

describe.each(engines())('on $name', engine => {
  describe.each(Object.entries(fields[engine.dialect]))('over %s', (_, field) => {
    let both: Pair
    beforeAll(async () => {
      both = await pair(engine, field)
    })
    afterAll(() => both.drop())

    test.each(kindsOf(engine.dialect, field))('%s', async (_, steps) => {
      await fc.assert(
        fc.asyncProperty(steps, each => play(both, each)),
        { numRuns: runs, includeErrorInReport: true },
      )
    })
  })

  test.each(untold[engine.dialect])('they find out who is not told: %s', async gone => {
    const both = await pair(engine, simple(''))
    try {
      await both.tree.session.run(gone)
      const kinds = kindsOf(engine.dialect, simple('')).map(([, steps]) => steps)
      const { failed } = await fc.check(
        fc.asyncProperty(fc.oneof(...kinds), each => play(both, each)),
        { numRuns: 300, endOnFailure: true },
      )
      expect(failed).toBe(true)
    } finally {
      await both.drop()
    }
  })
})

// the docs say so of trees, too: when this fails, neither needs to any more
test('SQLite looks at no foreign key in an upsert that sets a key which others follow by SET NULL', async () => {
  const ground = await engines()
    .find(({ dialect }) => dialect === 'sqlite')!
    .open()
  const session = await ground.session()
  try {
    await session.run(
      'create table node (id bigint primary key, parent_id bigint references node (id) on update set null)',
    )
    const insert = 'insert into node (id, parent_id) values (3, 1)'
    await expect(session.run(insert)).rejects.toThrow('FOREIGN KEY constraint failed')
    await session.run(`${insert} on conflict (id) do update set id = excluded.id`)
    expect(await session.run('pragma foreign_key_check')).toHaveLength(1)
  } finally {
    await session.close()
    await ground.drop()
  }
})
