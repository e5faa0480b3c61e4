/** The same rows under each way to keep a tree: a schema each, on one server. @module */
import type pg from 'pg'
import { installTree, readTreeTable, type TreeSession, treeModel } from 'pillion/tree'

/** A way to keep a tree, and how it answers. `y` is a node's key; each query gives one row a descendant, or a count. */
export interface Way {
  readonly name: string
  /** What it keeps beside the pointers, made over the rows that are there. */
  plant(client: pg.Client): Promise<void>
  readonly count: string
  readonly rows: string
  readonly ancestors: string
  readonly facts: string
  /** Moves a node: $1 below $2. Several statements where the way has no triggers. */
  readonly move: readonly string[]
  /** Inserts a leaf: $1 below $2. */
  readonly insert: readonly string[]
  /** The relations that hold what it keeps, its indexes in them. */
  readonly storage: string
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

const pointers = {
  move: ['UPDATE node SET parent_id = $2 WHERE id = $1'],
  insert: ['INSERT INTO node (id, parent_id) VALUES ($1, $2)'],
}

const links = (table: string, node: string, ancestor: string) => ({
  count: `SELECT count(*) FROM ${table} WHERE ${ancestor} = $1`,
  rows: `SELECT n.* FROM ${table} l JOIN node n ON n.id = l.${node} WHERE l.${ancestor} = $1`,
  ancestors: `SELECT n.* FROM ${table} l JOIN node n ON n.id = l.${ancestor} WHERE l.${node} = $1`,
  facts: `SELECT sum(amount) FROM fact WHERE node_id IN (SELECT ${node} FROM ${table} WHERE ${ancestor} = $1)`,
})

export const ways: readonly Way[] = [
  {
    name: 'recursive query',
    plant: async () => {},
    count: `${down} SELECT count(*) FROM d`,
    rows: `${down} SELECT n.* FROM d JOIN node n USING (id)`,
    ancestors: `WITH RECURSIVE u AS (SELECT * FROM node WHERE id = $1 UNION ALL SELECT n.* FROM u JOIN node n ON n.id = u.parent_id) SELECT * FROM u`,
    facts: `${down} SELECT sum(amount) FROM fact WHERE node_id IN (SELECT id FROM d)`,
    ...pointers,
    storage: 'SELECT 0',
  },
  {
    name: 'pillion links',
    async plant(client) {
      const session = sessionOn(client)
      const table = await readTreeTable(session, 'node')
      await installTree(session, treeModel('postgres', table, { parent: 'parent_id', closure: 'link' }))
    },
    ...links('link', 'node_id', 'ancestor_id'),
    ...pointers,
    storage: `SELECT pg_total_relation_size('link')`,
  },
  {
    // the classic: row by row, no locks, wrong as soon as two write
    name: 'naive trigger',
    async plant(client) {
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
    },
    ...links('naive', 'node_id', 'ancestor_id'),
    ...pointers,
    storage: `SELECT pg_total_relation_size('naive')`,
  },
  {
    name: 'ltree',
    async plant(client) {
      await client.query(`
        CREATE EXTENSION IF NOT EXISTS ltree SCHEMA public;
        ALTER TABLE node ADD path public.ltree;
        WITH RECURSIVE m AS (SELECT id, id::text::public.ltree AS path FROM node WHERE parent_id IS NULL UNION ALL SELECT n.id, m.path OPERATOR(public.||) n.id::text FROM m JOIN node n ON n.parent_id = m.id)
          UPDATE node SET path = m.path FROM m WHERE m.id = node.id;
        CREATE INDEX ON node USING gist (path public.gist_ltree_ops); CREATE INDEX node_path ON node (path);`)
    },
    count: `SELECT count(*) FROM node WHERE path OPERATOR(public.<@) (SELECT path FROM node WHERE id = $1)`,
    rows: `SELECT * FROM node WHERE path OPERATOR(public.<@) (SELECT path FROM node WHERE id = $1)`,
    ancestors: `SELECT * FROM node WHERE path OPERATOR(public.@>) (SELECT path FROM node WHERE id = $1)`,
    facts: `SELECT sum(amount) FROM fact WHERE node_id IN (SELECT id FROM node WHERE path OPERATOR(public.<@) (SELECT path FROM node WHERE id = $1))`,
    move: [
      `UPDATE node SET parent_id = $2 WHERE id = $1`,
      `UPDATE node n SET path = q.path OPERATOR(public.||) public.subpath(n.path, public.nlevel(m.path) - 1) FROM node m, node q
       WHERE m.id = $1 AND q.id = $2 AND n.path OPERATOR(public.<@) m.path`,
    ],
    insert: [
      `INSERT INTO node (id, parent_id, path) SELECT $1::bigint, $2::bigint, path OPERATOR(public.||) $1::bigint::text FROM node WHERE id = $2::bigint`,
    ],
    storage: `SELECT pg_total_relation_size('node') - (SELECT plain FROM size)`,
  },
  {
    name: 'path as text',
    async plant(client) {
      await client.query(`
        ALTER TABLE node ADD path text COLLATE "C";
        WITH RECURSIVE m AS (SELECT id, id || '/' AS path FROM node WHERE parent_id IS NULL UNION ALL SELECT n.id, m.path || n.id || '/' FROM m JOIN node n ON n.parent_id = m.id)
          UPDATE node SET path = m.path FROM m WHERE m.id = node.id;
        CREATE INDEX node_path ON node (path);`)
    },
    count: `SELECT count(*) FROM node WHERE path >= (SELECT path FROM node WHERE id = $1) AND path < (SELECT path || chr(127) FROM node WHERE id = $1)`,
    rows: `SELECT * FROM node WHERE path >= (SELECT path FROM node WHERE id = $1) AND path < (SELECT path || chr(127) FROM node WHERE id = $1)`,
    ancestors: `SELECT * FROM node WHERE id = ANY (string_to_array(rtrim((SELECT path FROM node WHERE id = $1), '/'), '/')::bigint[])`,
    facts: `SELECT sum(amount) FROM fact WHERE node_id IN (SELECT id FROM node WHERE path >= (SELECT path FROM node WHERE id = $1) AND path < (SELECT path || chr(127) FROM node WHERE id = $1))`,
    move: [
      `UPDATE node SET parent_id = $2 WHERE id = $1`,
      `UPDATE node n SET path = q.path || substr(n.path, length(m.path) - length($1::bigint::text)) FROM node m, node q
       WHERE m.id = $1::bigint AND q.id = $2::bigint AND n.path >= m.path AND n.path < m.path || chr(127)`,
    ],
    insert: [
      `INSERT INTO node (id, parent_id, path) SELECT $1::bigint, $2::bigint, path || $1::bigint || '/' FROM node WHERE id = $2::bigint`,
    ],
    storage: `SELECT pg_total_relation_size('node') - (SELECT plain FROM size)`,
  },
]
