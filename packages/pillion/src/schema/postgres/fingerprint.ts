/**
 * A short answer to "has the schema changed, and where?", from the row versions of the catalogues.
 *
 * Every DDL writes new versions of the rows it touches, so the identities and versions of the rows about one
 * table stand for its whole definition. Data, statistics and sequences' values leave them alone; REINDEX,
 * TRUNCATE, CLUSTER and GRANT do not, and cost one needless re-reading. Changes that one transaction makes to
 * one row have one version, so two fingerprints inside it may not tell them apart. Fingerprints of two servers,
 * or from before and after a restore, cannot be compared: for that, compare catalogs.
 *
 * @module
 */
import type { Fingerprint } from '../fingerprint.js'
import { type Read, textRows } from '../read.js'
import { arrayLiteral, catalogue } from './read.js'
import { isNotOwned, isRoutine, scope } from './scope.js'

/**
 * The transaction that wrote a row, as a number. No cast leads from one to the other but by text, which is slow. How far
 * it is behind the present is a number that grows; how far the first transaction is behind it is one that stays, for
 * `age` counts both from one moment, modulo 2³². The two that the server keeps for itself have no age.
 */
const writer = (row: string) =>
  `CASE WHEN ${row}.xmin = '1'::xid OR ${row}.xmin = '2'::xid THEN 0
    ELSE age(${row}.xmin)::bigint - age('3'::xid) & 4294967295 END`

/** Which row, and in which version, as one number: those about an object are summed. */
const version = (row: string, identity: string) => `hashint8extended(${writer(row)}, (${identity})::bigint)`

/** The rows of a catalogue that name objects. */
const named = (classId: number, oid: string, name: string, rowVersion: string, from: string) =>
  `SELECT ${classId}::oid, ${oid}, ${name}, ${rowVersion} FROM ${from}`

/** The rows of a catalogue that say more about objects named elsewhere. */
const about = (classId: number | string, oid: string, rowVersion: string, from: string) =>
  `SELECT (${classId})::oid, ${oid}, NULL, ${rowVersion} FROM ${from}`

const aboutRelation = (oid: string, rowVersion: string, from: string) =>
  about(catalogue.relation, oid, rowVersion, `pg_catalog.${from}`)

const aboutType = (oid: string, rowVersion: string, from: string) =>
  about(catalogue.type, oid, rowVersion, `pg_catalog.${from}`)

/** The comments on objects of a catalogue: those on columns are about their relations. */
const comments = (classId: number) =>
  `(SELECT d.objoid, d.xmin FROM pg_catalog.pg_description d
    WHERE d.classoid = ${classId} AND d.objsubid = 0 AND d.objoid >= 16384)`

// What no row names, because it is out of scope, falls out when rows are grouped: whatever the planner makes of a
// database without statistics, that is one pass over each catalogue. Columns alone are asked for by relation, for most
// rows of theirs are those of indexes.
// A default is never written without its column, so pg_attrdef has nothing to add; nor is the owner of a sequence
// without pg_sequence, so pg_depend has not.
// Nor has a NOT NULL that holds, beyond its column: PostgreSQL 18 has a constraint for each.
const rowVersions = [
  named(
    catalogue.relation,
    'class.oid',
    `CASE class.relkind WHEN 'S' THEN 'sequence ' ELSE '' END || class.schema || '.' || class.relname`,
    'class.version',
    `class WHERE class.relkind <> 'c' AND ${isNotOwned(catalogue.relation, 'class.oid')}`,
  ),
  about(
    `CASE class.relkind WHEN 'c' THEN ${catalogue.type} ELSE ${catalogue.relation} END`,
    `CASE class.relkind WHEN 'c' THEN class.reltype ELSE class.oid END`,
    version('a', 'a.attnum'),
    `class CROSS JOIN LATERAL (
      SELECT a.attnum, a.xmin FROM pg_catalog.pg_attribute a WHERE a.attrelid = class.oid AND a.attnum > 0 OFFSET 0
    ) a WHERE class.relkind <> 'S'`,
  ),
  aboutRelation(
    'k.conrelid',
    version('k', 'k.oid'),
    `pg_constraint k WHERE k.conrelid >= 16384 AND NOT (k.contype = 'n' AND k.convalidated)`,
  ),
  aboutRelation(
    'i.indrelid',
    `hashint8extended(part.version, ${version('i', 'i.indexrelid')})`,
    `pg_index i JOIN (
      SELECT c.oid, ${version('c', '0')} FROM pg_catalog.pg_class c
      UNION ALL SELECT d.objoid, ${version('d', '1')} FROM ${comments(catalogue.relation)} d
    ) AS part (oid, version) ON part.oid = i.indexrelid WHERE i.indrelid >= 16384`,
  ),
  aboutRelation('t.tgrelid', version('t', 't.oid'), 'pg_trigger t WHERE NOT t.tgisinternal'),
  aboutRelation('r.ev_class', version('r', 'r.oid'), 'pg_rewrite r WHERE r.ev_class >= 16384'),
  aboutRelation('p.polrelid', version('p', 'p.oid'), 'pg_policy p'),
  aboutRelation('i.inhrelid', version('i', 'i.inhparent'), 'pg_inherits i'),
  about(
    catalogue.relation,
    'class.oid',
    version('i', 'i.inhrelid'),
    `class JOIN pg_catalog.pg_inherits i ON i.inhparent = class.oid WHERE class.relkind <> 'p'`,
  ),
  aboutRelation('f.ftrelid', version('f', 'f.ftserver'), 'pg_foreign_table f'),
  aboutRelation('s.seqrelid', version('s', 's.seqrelid'), 'pg_sequence s'),
  aboutRelation(
    'k.conrelid',
    version('d', 'd.objoid'),
    `pg_constraint k JOIN ${comments(catalogue.constraint)} d ON d.objoid = k.oid`,
  ),
  named(
    catalogue.type,
    't.oid',
    `'type ' || n.name || '.' || t.typname`,
    version('t', 't.oid'),
    `pg_catalog.pg_type t JOIN namespace n ON n.oid = t.typnamespace
    WHERE (t.typtype IN ('e', 'd', 'r')
      OR t.typtype = 'c' AND t.typrelid IN (SELECT class.oid FROM class WHERE class.relkind = 'c'))
      AND ${isNotOwned(catalogue.type, 't.oid')}`,
  ),
  aboutType('e.enumtypid', version('e', 'e.oid'), 'pg_enum e'),
  aboutType('k.contypid', version('k', 'k.oid'), 'pg_constraint k WHERE k.contypid > 0'),
  named(
    catalogue.routine,
    'p.oid',
    `'routine ' || n.name || '.' || p.proname || '(' || p.proargtypes::text || ')'`,
    version('p', 'p.oid'),
    `pg_catalog.pg_proc p JOIN namespace n ON n.oid = p.pronamespace WHERE ${isRoutine}`,
  ),
  named(
    catalogue.namespace,
    'n.oid',
    `'schema ' || n.nspname`,
    version('n', 'n.oid'),
    'namespace JOIN pg_catalog.pg_namespace n ON n.oid = namespace.oid',
  ),
  named(catalogue.extension, 'x.oid', `'extension ' || x.extname`, version('x', 'x.oid'), 'pg_catalog.pg_extension x'),
  named(
    catalogue.server,
    's.oid',
    `'server ' || s.srvname`,
    version('s', version('w', 'w.oid')),
    'pg_catalog.pg_foreign_server s JOIN pg_catalog.pg_foreign_data_wrapper w ON w.oid = s.srvfdw',
  ),
  about(
    'd.classoid',
    'd.objoid',
    version('d', 'd.objsubid'),
    `pg_catalog.pg_description d WHERE d.objoid >= 16384
    AND d.classoid IN (${catalogue.relation}, ${catalogue.type}, ${catalogue.routine})`,
  ),
]

// One cell: rows would cost the client more than they say.
const fingerprintStatement = `
WITH ${scope},
class AS MATERIALIZED (
  SELECT c.oid, c.relkind, c.reltype, n.name AS schema, c.relname, ${version('c', 'c.oid')} AS version
  FROM pg_catalog.pg_class c JOIN namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'v', 'm', 'p', 'f', 'S', 'c') AND c.relpersistence <> 't'
)
SELECT json_object_agg(object.entry, object.mark)::text FROM (
  SELECT max(row.entry), row.classid || ':' || row.objid || ' ' || sum(row.version)
  FROM (
${rowVersions.join('\nUNION ALL ')}
  ) AS row (classid, objid, entry, version)
  GROUP BY row.classid, row.objid HAVING max(row.entry) IS NOT NULL
) AS object (entry, mark)`

/**
 * Takes the fingerprint of a database in one statement.
 *
 * @param schemas As given to `reflectPostgres`; default: all but the server's own.
 * @example const before = await fingerprintPostgres(read)
 */
export async function fingerprintPostgres(read: Read, schemas?: readonly string[]): Promise<Fingerprint> {
  const [row] = await textRows(read(fingerprintStatement, [schemas ? arrayLiteral(schemas) : null]))
  return Object.freeze(JSON.parse(row?.[0] ?? '{}') as Record<string, string>)
}

/** The object behind an entry, as `classid:oid`. */
export const objectOf = (fingerprint: Fingerprint, entry: string): string => fingerprint[entry]?.split(' ')[0] ?? ''
