/** The same rows under each way to keep a tree. @module */
import type pg from 'pg'
import { installTree, readTreeTable, type TreeSession, treeModel } from 'pillion/tree'
import { closureEntity } from './typeorm.js'

/**
 * Settings of the server: every table is vacuumed when it is planted. Beside autovacuum's own transactions that leaves some pages
 * out, and a count then reads what an index would have told.
 */
export const undisturbed = { autovacuum: 'off' }

/**
 * What is committed before its log is on the disk cannot be marked as visible to all, and neither can what shares a page of the
 * log of commits with it: the statistics that the same VACUUM writes are enough. A count would then read rows for what an index tells.
 * So all of it is on the disk first, and these commits wait.
 */
export async function vacuum(client: pg.Client): Promise<void> {
  await client.query('CHECKPOINT')
  await client.query('SET synchronous_commit = on')
  await client.query('VACUUM ANALYZE')
  await client.query('RESET synchronous_commit')
}

/** A way to keep a tree, and how it answers. `$1` is a node's key; each query gives one row a descendant, or a count. */
export interface Way {
  readonly name: string
  /** What it keeps beside the pointers of `node`, made over the rows that are there. */
  plant(ground: Ground): Promise<Writer>
  readonly count: string
  readonly rows: string
  readonly ancestors: string
  /** Those rows as an index finds them one by one; undefined where `rows` does so already. */
  readonly rowsByIndex?: string
  /** The keys of all that is below a node. */
  readonly keys: string
  /** Bytes of what it keeps, its indexes in them. */
  readonly storage: string
}

/** The sum of facts below a node: by a semi-join, which the planner may turn round. */
const factsBelow = (fact: string, { keys }: Way): string => `SELECT sum(amount) FROM ${fact} WHERE node_id IN (${keys})`

/** The same by the index of the facts' node, whatever the planner holds of it. */
const factsByIndex = (fact: string, { keys }: Way): string =>
  `SELECT sum(amount) FROM ${fact} WHERE node_id = ANY (ARRAY(${keys}))`

/** How what is below is asked for. */
export interface Asked {
  readonly rows: (way: Way) => string
  readonly facts: (fact: string, way: Way) => string
}

/** As it is usually written; pillion's `under`. */
export const usually: Asked = { rows: way => way.rows, facts: factsBelow }

/** As an array of keys; pillion's `underIndexed`. */
export const byIndex: Asked = { rows: way => way.rowsByIndex ?? way.rows, facts: factsByIndex }

/** Where a way is planted: a connection whose search path has `node`, and what an ORM would open. */
export interface Ground {
  readonly client: pg.Client
  readonly url: string
  readonly schema: string
}

/** Changes the tree as its users would. */
export interface Writer {
  /** Inserts a leaf. */
  insert(id: number, parent: number): Promise<unknown>
  /** Moves a node. */
  move(id: number, parent: number): Promise<unknown>
  close(): Promise<void>
}

/** Statements one after the other, in one transaction where they are several. */
export function bySql(client: pg.Client, insert: readonly string[], move: readonly string[]): Writer {
  const run = async (statements: readonly string[], values: readonly unknown[]): Promise<void> => {
    const whole = statements.length > 1
    if (whole) await client.query('BEGIN')
    for (const text of statements) await client.query(text, [...values])
    if (whole) await client.query('COMMIT')
  }
  return {
    insert: (id, parent) => run(insert, [id, parent]),
    move: (id, parent) => run(move, [id, parent]),
    close: async () => {},
  }
}

export function sessionOn(client: pg.Client): TreeSession {
  const types = { getTypeParser: () => (text: string) => text }
  return {
    dialect: 'postgres',
    run: async (text, values = []) =>
      (await client.query<(string | null)[]>({ text, values: [...values], rowMode: 'array', types })).rows,
  }
}

const down = `WITH RECURSIVE d AS (SELECT id FROM node WHERE id = $1 UNION ALL SELECT n.id FROM d JOIN node n ON n.parent_id = d.id)`

const insertion = 'INSERT INTO node (id, parent_id) VALUES ($1, $2)'
const movement = 'UPDATE node SET parent_id = $2 WHERE id = $1'

/** Of a way that adds a column: what the table has more than its rows alone, as `VACUUM FULL` leaves both. */
const columnBytes = `SELECT pg_total_relation_size('node') - (SELECT plain FROM size) AS bytes`

/** Where the way is in the pointers, or in triggers over them. */
const byPointer = (client: pg.Client): Writer => bySql(client, [insertion], [movement])

const pillion: Way = {
  name: 'pillion',
  async plant({ client, schema }) {
    const session = sessionOn(client)
    const table = await readTreeTable(session, `${schema}.node`)
    await installTree(session, treeModel('postgres', table, { parent: 'parent_id', closure: 'link' }))
    return byPointer(client)
  },
  ...links('link', 'node_id', 'ancestor_id'),
}

function links(table: string, node: string, ancestor: string): Omit<Way, 'name' | 'plant'> {
  const keys = `SELECT ${node} FROM ${table} WHERE ${ancestor} = $1`
  return {
    count: `SELECT count(*) FROM ${table} WHERE ${ancestor} = $1`,
    rows: `SELECT * FROM node WHERE id IN (${keys})`,
    rowsByIndex: `SELECT * FROM node WHERE id = ANY (ARRAY(${keys}))`,
    keys,
    ancestors: `SELECT n.* FROM ${table} l JOIN node n ON n.id = l.${ancestor} WHERE l.${node} = $1`,
    storage: `SELECT pg_total_relation_size('${table}') AS bytes`,
  }
}

export const ways: readonly Way[] = [
  {
    name: 'recursive query',
    plant: async ({ client }) => byPointer(client),
    count: `${down} SELECT count(*) FROM d`,
    // the rows on the way: looking them up again by their keys takes longer
    rows: `WITH RECURSIVE d AS (SELECT * FROM node WHERE id = $1 UNION ALL SELECT n.* FROM d JOIN node n ON n.parent_id = d.id) SELECT * FROM d`,
    ancestors: `WITH RECURSIVE u AS (SELECT * FROM node WHERE id = $1 UNION ALL SELECT n.* FROM u JOIN node n ON n.id = u.parent_id) SELECT * FROM u`,
    keys: `${down} SELECT id FROM d`,
    storage: 'SELECT 0 AS bytes',
  },
  pillion,
  { ...pillion, name: 'pillion, again' },
  {
    // the classic: row by row, no locks, wrong as soon as two write
    name: 'naive trigger',
    async plant({ client }) {
      await client.query(`
        CREATE TABLE naive (node_id bigint, ancestor_id bigint);
        WITH RECURSIVE m AS (SELECT id AS node_id, id AS ancestor_id FROM node UNION ALL SELECT n.id, m.ancestor_id FROM m JOIN node n ON n.parent_id = m.node_id)
          INSERT INTO naive SELECT * FROM m;
        ALTER TABLE naive ADD PRIMARY KEY (node_id, ancestor_id); CREATE INDEX ON naive (ancestor_id, node_id);
        CREATE FUNCTION naive_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
          INSERT INTO naive SELECT NEW.id, ancestor_id FROM naive WHERE node_id = NEW.parent_id UNION ALL SELECT NEW.id, NEW.id; RETURN NULL; END $$;
        CREATE FUNCTION naive_move() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
          DELETE FROM naive l USING naive d, naive a WHERE d.ancestor_id = NEW.id AND a.node_id = NEW.id AND a.ancestor_id <> NEW.id AND l.node_id = d.node_id AND l.ancestor_id = a.ancestor_id;
          INSERT INTO naive SELECT d.node_id, a.ancestor_id FROM naive d CROSS JOIN naive a WHERE d.ancestor_id = NEW.id AND a.node_id = NEW.parent_id; RETURN NULL; END $$;
        CREATE TRIGGER naive_insert AFTER INSERT ON node FOR EACH ROW EXECUTE FUNCTION naive_insert();
        CREATE TRIGGER naive_move AFTER UPDATE OF parent_id ON node FOR EACH ROW EXECUTE FUNCTION naive_move();`)
      return byPointer(client)
    },
    ...links('naive', 'node_id', 'ancestor_id'),
  },
  { name: 'TypeORM', plant: closureEntity, ...links('node_closure', 'id_descendant', 'id_ancestor') },
  {
    name: 'ltree',
    async plant({ client }) {
      await client.query(`
        CREATE EXTENSION IF NOT EXISTS ltree SCHEMA public;
        ALTER TABLE node ADD path public.ltree;
        WITH RECURSIVE m AS (SELECT id, id::text::public.ltree AS path FROM node WHERE parent_id IS NULL UNION ALL SELECT n.id, m.path OPERATOR(public.||) n.id::text FROM m JOIN node n ON n.parent_id = m.id)
          UPDATE node SET path = m.path FROM m WHERE m.id = node.id;
        CREATE INDEX ON node USING gist (path public.gist_ltree_ops); CREATE INDEX node_path ON node (path);`)
      return bySql(
        client,
        [
          `INSERT INTO node (id, parent_id, path) SELECT $1::bigint, $2::bigint, path OPERATOR(public.||) $1::bigint::text FROM node WHERE id = $2::bigint`,
        ],
        [
          movement,
          `UPDATE node n SET path = q.path OPERATOR(public.||) public.subpath(n.path, public.nlevel(m.path) - 1) FROM node m, node q
           WHERE m.id = $1 AND q.id = $2 AND n.path OPERATOR(public.<@) m.path`,
        ],
      )
    },
    count: `SELECT count(*) FROM node WHERE path OPERATOR(public.<@) (SELECT path FROM node WHERE id = $1)`,
    rows: `SELECT * FROM node WHERE path OPERATOR(public.<@) (SELECT path FROM node WHERE id = $1)`,
    ancestors: `SELECT * FROM node WHERE path OPERATOR(public.@>) (SELECT path FROM node WHERE id = $1)`,
    keys: `SELECT id FROM node WHERE path OPERATOR(public.<@) (SELECT path FROM node WHERE id = $1)`,
    storage: columnBytes,
  },
  {
    name: 'path as text',
    async plant({ client }) {
      await client.query(`
        ALTER TABLE node ADD path text COLLATE "C";
        WITH RECURSIVE m AS (SELECT id, id || '/' AS path FROM node WHERE parent_id IS NULL UNION ALL SELECT n.id, m.path || n.id || '/' FROM m JOIN node n ON n.parent_id = m.id)
          UPDATE node SET path = m.path FROM m WHERE m.id = node.id;
        CREATE INDEX node_path ON node (path);`)
      return bySql(
        client,
        [
          `INSERT INTO node (id, parent_id, path) SELECT $1::bigint, $2::bigint, path || $1::bigint || '/' FROM node WHERE id = $2::bigint`,
        ],
        [
          movement,
          `UPDATE node n SET path = q.path || substr(n.path, length(m.path) - length($1::bigint::text)) FROM node m, node q
           WHERE m.id = $1::bigint AND q.id = $2::bigint AND n.path >= m.path AND n.path < m.path || chr(127)`,
        ],
      )
    },
    count: `SELECT count(*) FROM node WHERE path >= (SELECT path FROM node WHERE id = $1) AND path < (SELECT path || chr(127) FROM node WHERE id = $1)`,
    rows: `SELECT * FROM node WHERE path >= (SELECT path FROM node WHERE id = $1) AND path < (SELECT path || chr(127) FROM node WHERE id = $1)`,
    ancestors: `SELECT * FROM node WHERE id = ANY (string_to_array(rtrim((SELECT path FROM node WHERE id = $1), '/'), '/')::bigint[])`,
    keys: `SELECT id FROM node WHERE path >= (SELECT path FROM node WHERE id = $1) AND path < (SELECT path || chr(127) FROM node WHERE id = $1)`,
    storage: columnBytes,
  },
]

/** The ways of these names; all where none is named. */
export function waysNamed(names: readonly string[]): readonly Way[] {
  const unknown = names.find(name => ways.every(way => way.name !== name))
  if (unknown !== undefined)
    throw new Error(`--only takes ${ways.map(({ name }) => `'${name}'`).join(', ')}; not '${unknown}'`)
  return names.length === 0 ? ways : ways.filter(({ name }) => names.includes(name))
}
