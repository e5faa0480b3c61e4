import type { TreeSession } from '../session.js'
import { gathered, type TableReader } from './reader.js'

/** Finds a table by its name as it is or as SQL writes it, through the session's search_path where it is not qualified. */
export const postgresTable: TableReader = async (session, name) => {
  const [found] = await session.run(
    `SELECT c.oid::text, n.nspname, c.relname, CASE WHEN c.relispartition THEN 'partition' WHEN c.relkind = 'r' AND EXISTS (SELECT FROM pg_catalog.pg_inherits WHERE c.oid IN (inhparent, inhrelid)) THEN 'heir' ELSE c.relkind::text END FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.oid = coalesce(to_regclass(quote_ident($1)), CASE WHEN $1 ~ '^\\s*("([^"]|"")+"|[^\\s."]+)(\\s*\\.\\s*("([^"]|"")+"|[^\\s."]+))*\\s*$' THEN to_regclass($1) END)`,
    [name],
  )
  if (found === undefined) return undefined
  const [oid = '', schema = '', table = '', kind = ''] = found as readonly string[]
  const columns = await session.run(
    // triggers have no search_path to find a type or a collation by
    `SELECT a.attname, CASE WHEN t.typnamespace = 'pg_catalog'::regnamespace THEN format_type(a.atttypid, a.atttypmod) ELSE format('%I.%I', n.nspname, t.typname) END, NOT a.attnotnull,
CASE WHEN c.collname <> 'default' THEN format('%I.%I', m.nspname, c.collname) END,
EXISTS (SELECT FROM pg_catalog.pg_operator AS o WHERE o.oprname = '=' AND o.oprleft = coalesce(nullif(t.typbasetype, 0), t.oid) AND o.oprright = o.oprleft AND o.oprnamespace <> 'pg_catalog'::regnamespace)
FROM pg_catalog.pg_attribute AS a JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid JOIN pg_catalog.pg_namespace AS n ON n.oid = t.typnamespace
LEFT JOIN pg_catalog.pg_collation AS c ON c.oid = a.attcollation LEFT JOIN pg_catalog.pg_namespace AS m ON m.oid = c.collnamespace
WHERE a.attrelid = $1::oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`,
    [oid],
  )
  return {
    schema,
    name: table,
    ...(kind !== 'r' && kind !== 'p' && { instead: kinds.get(kind) ?? 'no table' }),
    ...(kind === 'p' && { partitioned: true }),
    columns: columns.map(([column, sqlType, nullable, collate, compared]) => ({
      name: column ?? '',
      sqlType: sqlType ?? '',
      nullable: nullable === 't',
      ...(collate && { collate }),
      ...(compared === 't' && { compared: 'elsewhere' as const }),
    })),
    ...gathered(await indexes(session, oid), await foreignKeys(session, oid)),
    comment: (await session.run(`SELECT obj_description($1::oid, 'pg_class')`, [oid]))[0]?.[0] ?? undefined,
  }
}

const kinds: ReadonlyMap<string, string> = new Map([
  ['v', 'a view'],
  ['m', 'a materialized view'],
  ['f', 'a foreign table'],
  ['S', 'a sequence'],
  // a statement fires the triggers of the table that it names, and of no other that it writes
  ['partition', 'a partition, whose triggers no statement on the whole table fires'],
  ['heir', 'a table that has rows in common with others, by INHERITS, whose statements do not fire its triggers'],
])

const indexes = (session: TreeSession, oid: string) =>
  session.run(
    `SELECT i.indexrelid::text, CASE WHEN i.indisprimary THEN 'primary' WHEN i.indisunique THEN 'unique' ELSE 'index' END, a.attname, CASE WHEN NOT i.indimmediate THEN 'deferred' END
FROM pg_catalog.pg_index AS i CROSS JOIN unnest(i.indkey[0 : i.indnkeyatts - 1]) WITH ORDINALITY AS k (attnum, place)
JOIN pg_catalog.pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
WHERE i.indrelid = $1::oid AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL ORDER BY i.indexrelid, k.place`,
    [oid],
  )

const foreignKeys = (session: TreeSession, oid: string) =>
  session.run(
    `SELECT k.conname, n.nspname || '.' || c.relname, a.attname, b.attname,
CASE k.confdeltype WHEN 'c' THEN 'cascade' WHEN 'n' THEN 'set null' WHEN 'd' THEN 'set default' WHEN 'r' THEN 'restrict' ELSE 'no action' END,
CASE WHEN k.condeferred THEN 'deferred' WHEN k.condeferrable THEN 'immediate' END
FROM pg_catalog.pg_constraint AS k JOIN pg_catalog.pg_class AS c ON c.oid = k.confrelid JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
CROSS JOIN unnest(k.conkey, k.confkey) WITH ORDINALITY AS p (here, there, place)
JOIN pg_catalog.pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = p.here
JOIN pg_catalog.pg_attribute AS b ON b.attrelid = k.confrelid AND b.attnum = p.there
WHERE k.conrelid = $1::oid AND k.contype = 'f' AND coalesce((to_jsonb(k) ->> 'conenforced')::boolean, true) ORDER BY k.conname, p.place`,
    [oid],
  )
