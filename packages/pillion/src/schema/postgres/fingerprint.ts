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
import { isNamedType, isRelation, isRoutine, isSequence, scope } from './scope.js'

/** One row's part in a hash: which row, and in which version. */
const version = (row: string, identity: string, salt: number) =>
  `hashtextextended(${row}.xmin::text, (${identity})::bigint << 8 | ${salt})`

const comments = (classId: number) => `pg_catalog.pg_description d WHERE d.classoid = ${classId} AND d.objoid >= 16384`

// A default is never written without its column, so pg_attrdef has nothing to add.
// Nor has a NOT NULL that holds, beyond its column: PostgreSQL 18 has a constraint for each.
// IS TRUE keeps IN a filter over one scan: as a join it would hash every column of the database.
const rowVersions = `
SELECT relation.oid AS owner, relation.version FROM relation
UNION ALL SELECT a.attrelid, ${version('a', 'a.attnum', 2)}
  FROM pg_catalog.pg_attribute a WHERE a.attnum > 0 AND (a.attrelid IN (SELECT oid FROM relation)) IS TRUE
UNION ALL SELECT k.conrelid, ${version('k', 'k.oid', 4)}
  FROM pg_catalog.pg_constraint k WHERE k.conrelid >= 16384 AND NOT (k.contype = 'n' AND k.convalidated)
UNION ALL SELECT i.indrelid, ${version('i', 'i.indexrelid', 5)} # ${version('c', 'c.oid', 6)}
  FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid WHERE i.indrelid >= 16384
UNION ALL SELECT t.tgrelid, ${version('t', 't.oid', 7)} FROM pg_catalog.pg_trigger t WHERE NOT t.tgisinternal
UNION ALL SELECT r.ev_class, ${version('r', 'r.oid', 8)} FROM pg_catalog.pg_rewrite r WHERE r.ev_class >= 16384
UNION ALL SELECT p.polrelid, ${version('p', 'p.oid', 9)} FROM pg_catalog.pg_policy p
UNION ALL SELECT i.inhrelid, ${version('i', 'i.inhparent', 10)} FROM pg_catalog.pg_inherits i
UNION ALL SELECT f.ftrelid, ${version('f', 'f.ftserver', 11)} FROM pg_catalog.pg_foreign_table f
UNION ALL SELECT d.objoid, ${version('d', 'd.objsubid', 12)} FROM ${comments(catalogue.relation)}
UNION ALL SELECT i.indrelid, ${version('d', 'd.objoid', 13)} FROM pg_catalog.pg_index i
  JOIN (SELECT d.objoid, d.xmin FROM ${comments(catalogue.relation)}) d ON d.objoid = i.indexrelid
UNION ALL SELECT k.conrelid, ${version('d', 'd.objoid', 14)} FROM pg_catalog.pg_constraint k
  JOIN (SELECT d.objoid, d.xmin FROM ${comments(catalogue.constraint)}) d ON d.objoid = k.oid`

const typeVersions = `
SELECT named_type.oid AS owner, named_type.version FROM named_type
UNION ALL SELECT e.enumtypid, ${version('e', 'e.oid', 2)} FROM pg_catalog.pg_enum e
UNION ALL SELECT k.contypid, ${version('k', 'k.oid', 3)} FROM pg_catalog.pg_constraint k WHERE k.contypid <> 0
UNION ALL SELECT named_type.oid, ${version('a', 'a.attnum', 4)}
  FROM named_type JOIN pg_catalog.pg_attribute a ON a.attrelid = named_type.typrelid AND a.attnum > 0
UNION ALL SELECT d.objoid, ${version('d', 'd.objsubid', 5)} FROM ${comments(catalogue.type)}`

const fingerprintStatement = `
WITH ${scope},
relation AS MATERIALIZED (
  SELECT c.oid, n.name AS schema, c.relname AS name, ${version('c', 'c.oid', 1)} AS version
  FROM pg_catalog.pg_class c JOIN namespace n ON n.oid = c.relnamespace WHERE ${isRelation}
),
named_type AS MATERIALIZED (
  SELECT t.oid, t.typrelid, n.name AS schema, t.typname AS name, ${version('t', 't.oid', 1)} AS version
  FROM pg_catalog.pg_type t JOIN namespace n ON n.oid = t.typnamespace WHERE ${isNamedType}
)
SELECT relation.schema || '.' || relation.name, '${catalogue.relation}:' || relation.oid || ' ' || whole.version
FROM (SELECT part.owner, sum(part.version) AS version FROM (${rowVersions}) part GROUP BY part.owner) whole
JOIN relation ON relation.oid = whole.owner
UNION ALL
SELECT 'type ' || named_type.schema || '.' || named_type.name, '${catalogue.type}:' || named_type.oid || ' ' || whole.version
FROM (SELECT part.owner, sum(part.version) AS version FROM (${typeVersions}) part GROUP BY part.owner) whole
JOIN named_type ON named_type.oid = whole.owner
UNION ALL
SELECT 'sequence ' || n.name || '.' || c.relname,
  concat_ws(' ', '${catalogue.relation}:' || c.oid, c.xmin, s.xmin, own.refobjid, own.refobjsubid, d.xmin)
FROM pg_catalog.pg_class c JOIN namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_sequence s ON s.seqrelid = c.oid
LEFT JOIN pg_catalog.pg_depend own ON own.classid = ${catalogue.relation} AND own.objid = c.oid
  AND own.refclassid = ${catalogue.relation} AND own.refobjsubid > 0 AND own.deptype IN ('a', 'i')
LEFT JOIN pg_catalog.pg_description d ON d.objoid = c.oid AND d.classoid = ${catalogue.relation} AND d.objsubid = 0
WHERE ${isSequence}
UNION ALL
SELECT 'routine ' || n.name || '.' || p.proname || '(' || p.proargtypes::text || ')',
  concat_ws(' ', '${catalogue.routine}:' || p.oid, p.xmin, d.xmin)
FROM pg_catalog.pg_proc p JOIN namespace n ON n.oid = p.pronamespace
LEFT JOIN pg_catalog.pg_description d ON d.objoid = p.oid AND d.classoid = ${catalogue.routine}
WHERE ${isRoutine}
UNION ALL
SELECT 'schema ' || n.nspname, concat_ws(' ', '${catalogue.namespace}:' || n.oid, n.xmin)
FROM namespace JOIN pg_catalog.pg_namespace n ON n.oid = namespace.oid
UNION ALL
SELECT 'extension ' || x.extname, concat_ws(' ', '${catalogue.extension}:' || x.oid, x.xmin) FROM pg_catalog.pg_extension x
UNION ALL
SELECT 'server ' || s.srvname, concat_ws(' ', '${catalogue.server}:' || s.oid, s.xmin, w.xmin)
FROM pg_catalog.pg_foreign_server s JOIN pg_catalog.pg_foreign_data_wrapper w ON w.oid = s.srvfdw`

/**
 * Takes the fingerprint of a database in one statement.
 *
 * @param schemas As given to `reflectPostgres`; default: all but the server's own.
 * @example const before = await fingerprintPostgres(read)
 */
export async function fingerprintPostgres(read: Read, schemas?: readonly string[]): Promise<Fingerprint> {
  const rows = await textRows(read(fingerprintStatement, [schemas ? arrayLiteral(schemas) : null]))
  return Object.freeze(Object.fromEntries(rows) as Record<string, string>)
}

/** The object behind an entry, as `classid:oid`. */
export const objectOf = (fingerprint: Fingerprint, entry: string): string => fingerprint[entry]?.split(' ')[0] ?? ''
