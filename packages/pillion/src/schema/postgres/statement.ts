/**
 * The one statement that reads a whole schema. One statement is one snapshot, at any isolation level and
 * without a transaction of our own; so every part of it is a branch of one UNION ALL, told apart by a tag.
 *
 * What the server prints (defaults, checks, views) depends on settings of the session, such as
 * `search_path`. The first branch sets them for this statement and the last puts them back, so that two
 * sessions read the same text, every name in it qualified. UNION ALL runs its branches in order, and a
 * statement that calls `set_config` never runs in parallel; if it fails, the server undoes the settings.
 *
 * @module
 */
import { catalogue } from './read.js'
import { isNamedType, isRelation, isRoutine, isSequence, scope } from './scope.js'

/** What printed SQL depends on, and what we read it under. */
const settings = {
  search_path: '',
  timezone: 'UTC',
  datestyle: 'ISO, MDY',
  intervalstyle: 'postgres',
  extra_float_digits: '1',
  bytea_output: 'hex',
  quote_all_identifiers: 'off',
} as const

const names = Object.keys(settings)
const literal = (text: string) => `'${text}'`
const each = (write: (setting: string) => string) => names.map(write).join(', ')

const session = `
before AS MATERIALIZED (
  SELECT current_schema()::text AS schema, ${each(name => `current_setting(${literal(name)}) AS ${name}`)}
),
session AS MATERIALIZED (
  SELECT before.*, ${Object.entries(settings)
    .map(([name, value]) => `set_config('${name}', '${value}', true) AS set_${name}`)
    .join(', ')}
  FROM before
)`

/**
 * Sequences and relations to read, and relations that their reading needs: what views read, however deep;
 * targets of foreign keys; children of INHERITS parents; row types used as types.
 */
function relations(onlyTouched: boolean): string {
  return `
sequence AS MATERIALIZED (
  SELECT c.oid, n.name AS schema, c.relname AS name
  FROM pg_catalog.pg_class c JOIN namespace n ON n.oid = c.relnamespace
  WHERE ${isSequence}${onlyTouched ? ` AND c.oid IN (SELECT objid FROM touched WHERE classid = ${catalogue.relation})` : ''}
),
relation AS MATERIALIZED (
  SELECT c.oid, n.name AS schema, c.relname AS name, c.relkind AS kind
  FROM pg_catalog.pg_class c JOIN namespace n ON n.oid = c.relnamespace
  WHERE ${isRelation}${onlyTouched ? ' AND c.oid IN (SELECT oid FROM touched_relation)' : ''}
),
source (view, oid) AS (
  SELECT relation.oid, relation.oid FROM relation WHERE kind IN ('v', 'm')
  UNION
  SELECT source.oid, d.refobjid
  FROM source
  JOIN pg_catalog.pg_rewrite r ON r.ev_class = source.oid
  JOIN pg_catalog.pg_depend d ON d.classid = ${catalogue.rule} AND d.objid = r.oid
    AND d.refclassid = ${catalogue.relation} AND d.refobjid <> source.oid
),
row_type AS MATERIALIZED (
  SELECT t.oid, t.typrelid
  FROM (
    SELECT DISTINCT d.refobjid AS oid FROM pg_catalog.pg_depend d
    WHERE d.refclassid = ${catalogue.type} AND d.refobjid >= 16384
      AND (d.deptype = 'n' OR d.deptype = 'i' AND d.classid = ${catalogue.relation})
  ) used
  JOIN pg_catalog.pg_type named ON named.oid = used.oid
  JOIN pg_catalog.pg_type t ON t.oid = CASE named.typtype WHEN 'c' THEN named.oid ELSE named.typelem END
  WHERE t.typtype = 'c'
),
family (oid) AS (
  SELECT oid FROM relation
  UNION SELECT oid FROM source
  UNION
  SELECT i.inhrelid FROM family
  JOIN pg_catalog.pg_inherits i ON i.inhparent = family.oid
  JOIN pg_catalog.pg_class parent ON parent.oid = family.oid AND parent.relkind <> 'p'
),
described AS MATERIALIZED (
  SELECT oid FROM family
  UNION SELECT typrelid FROM row_type
  UNION SELECT k.confrelid FROM pg_catalog.pg_constraint k JOIN relation ON relation.oid = k.conrelid WHERE k.contype = 'f'
)`
}

/** What changed objects reach: what depends on them, however deep, up to the relations that hold it. */
const touched = `
touched (classid, objid) AS (
  SELECT split_part(object, ':', 1)::oid, split_part(object, ':', 2)::oid FROM unnest($2::text[]) object
  UNION
  SELECT reached.classid, reached.objid
  FROM touched CROSS JOIN LATERAL (
    SELECT d.classid, d.objid FROM pg_catalog.pg_depend d
    WHERE d.refclassid = touched.classid AND d.refobjid = touched.objid
    UNION ALL
    SELECT ${catalogue.relation}, r.ev_class FROM pg_catalog.pg_rewrite r
    WHERE touched.classid = ${catalogue.rule} AND r.oid = touched.objid
    UNION ALL
    SELECT ${catalogue.relation}, i.inhparent FROM pg_catalog.pg_inherits i
    WHERE touched.classid = ${catalogue.relation} AND i.inhrelid = touched.objid
  ) reached
),
touched_relation AS MATERIALIZED (
  SELECT objid AS oid FROM touched WHERE classid = ${catalogue.relation}
  UNION SELECT k.conrelid FROM pg_catalog.pg_constraint k JOIN touched ON classid = ${catalogue.constraint} AND objid = k.oid
  UNION SELECT d.adrelid FROM pg_catalog.pg_attrdef d JOIN touched ON classid = ${catalogue.default} AND objid = d.oid
  UNION SELECT t.tgrelid FROM pg_catalog.pg_trigger t JOIN touched ON classid = ${catalogue.trigger} AND objid = t.oid
  UNION SELECT p.polrelid FROM pg_catalog.pg_policy p JOIN touched ON classid = ${catalogue.policy} AND objid = p.oid
  UNION SELECT i.indrelid FROM pg_catalog.pg_index i JOIN touched ON classid = ${catalogue.relation} AND objid = i.indexrelid
)`

/** One branch of the union: its tag, what it selects, and the rest of the statement. */
interface Part {
  readonly tag: string
  readonly select: readonly string[]
  readonly from: string
}

const since = (version: number, major: number, expression: string, otherwise: string) =>
  version >= major * 10_000 ? expression : otherwise

/** Letters and truths in one word, a character each: narrow rows are quick rows. */
const flags = (...columns: readonly string[]) => `concat(${columns.join(', ')})`

/** A letter that may be missing: then a space, which would otherwise be nothing. */
const letter = (column: string) => `CASE ${column} WHEN '' THEN ' ' ELSE ${column}::text END`

/**
 * The comment on an object of a catalogue. Looked up, not joined: a database that was never analyzed is thought to have
 * none, and joined to all of them row by row.
 */
const comment = (classId: number, oid: string, column = '0') =>
  `(SELECT d.description FROM pg_catalog.pg_description d
    WHERE d.objoid = ${oid} AND d.classoid = ${classId} AND d.objsubid = ${column})`

const parts = (version: number): readonly Part[] => [
  { tag: 'session', select: ['schema'], from: 'session' },
  { tag: 'schema', select: ['name'], from: 'namespace' },
  {
    tag: 'extension',
    select: ['x.extname', 'n.nspname'],
    from: "pg_catalog.pg_extension x JOIN pg_catalog.pg_namespace n ON n.oid = x.extnamespace WHERE x.extname <> 'plpgsql'",
  },
  {
    tag: 'relation',
    select: [
      'c.oid',
      'relation.schema',
      'relation.name',
      flags('c.relkind', 'c.relpersistence', 'c.relrowsecurity', 'c.relforcerowsecurity', 'c.relispartition'),
      'pg_get_expr(c.relpartbound, c.oid)',
      "CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END",
      "CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END",
      "CASE WHEN c.relkind = 'v' THEN array_to_string(c.reloptions, ', ') END",
      `CASE WHEN c.relkind = 'f' THEN (
        SELECT s.srvname FROM pg_catalog.pg_foreign_table f JOIN pg_catalog.pg_foreign_server s ON s.oid = f.ftserver
        WHERE f.ftrelid = c.oid) END`,
      comment(catalogue.relation, 'c.oid'),
    ],
    from: `relation JOIN pg_catalog.pg_class c ON c.oid = relation.oid`,
  },
  {
    tag: 'name',
    select: ['c.oid', 'n.nspname', 'c.relname', 'c.relkind'],
    from: `described CROSS JOIN LATERAL (
        SELECT c.oid, c.relnamespace, c.relname, c.relkind FROM pg_catalog.pg_class c WHERE c.oid = described.oid OFFSET 0
      ) c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace`,
  },
  {
    tag: 'column',
    select: [
      'a.attrelid',
      'a.attnum',
      'a.attname',
      'a.atttypid',
      'CASE WHEN a.atttypmod >= 0 THEN format_type(a.atttypid, a.atttypmod) END',
      flags('a.attnotnull', 'a.attislocal', letter('a.attidentity'), letter('a.attgenerated')),
      'a.attndims',
      `CASE WHEN a.atthasdef THEN (
        SELECT pg_get_expr(def.adbin, def.adrelid) FROM pg_catalog.pg_attrdef def
        WHERE def.adrelid = a.attrelid AND def.adnum = a.attnum) END`,
      `CASE WHEN a.attcollation <> t.typcollation THEN (
        SELECT quote_ident(n.nspname) || '.' || quote_ident(coll.collname)
        FROM pg_catalog.pg_collation coll JOIN pg_catalog.pg_namespace n ON n.oid = coll.collnamespace
        WHERE coll.oid = a.attcollation) END`,
      comment(catalogue.relation, 'a.attrelid', 'a.attnum'),
    ],
    // LATERAL for the index: few relations must not cost a scan of all columns.
    from: `described CROSS JOIN LATERAL (
        SELECT * FROM pg_catalog.pg_attribute a
        WHERE a.attrelid = described.oid AND a.attnum > 0 AND NOT a.attisdropped OFFSET 0
      ) a
      JOIN pg_catalog.pg_type t ON t.oid = a.atttypid`,
  },
  {
    tag: 'parent',
    select: ['i.inhrelid', 'i.inhseqno', 'i.inhparent', 'n.nspname', 'c.relname'],
    from: `family JOIN pg_catalog.pg_inherits i ON i.inhrelid = family.oid
      JOIN pg_catalog.pg_class c ON c.oid = i.inhparent
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace`,
  },
  {
    tag: 'constraint',
    select: [
      'k.oid',
      'k.conrelid',
      'k.contypid',
      flags(
        'k.contype',
        'k.confupdtype',
        'k.confdeltype',
        'k.confmatchtype',
        'k.condeferrable',
        'k.condeferred',
        'k.convalidated',
        'k.connoinherit',
        'k.conislocal',
        since(version, 18, 'k.conenforced', 'true'),
        since(version, 18, 'k.conperiod', 'false'),
      ),
      'k.conname',
      'k.conkey',
      'k.confrelid',
      'k.confkey',
      'k.conparentid',
      'k.conindid',
      "CASE k.contype WHEN 'c' THEN pg_get_expr(k.conbin, k.conrelid) WHEN 'x' THEN pg_get_constraintdef(k.oid) END",
      since(version, 15, 'k.confdelsetcols', 'NULL'),
      comment(catalogue.constraint, 'k.oid'),
    ],
    // Constraints of domains are of the relation 0.
    from: `(SELECT oid FROM described UNION ALL SELECT 0) holder CROSS JOIN LATERAL (
        SELECT * FROM pg_catalog.pg_constraint k
        WHERE k.conrelid = holder.oid AND (k.contype IN ('p', 'u', 'f', 'c', 'x')
          ${since(version, 18, "OR k.contype = 'n' AND NOT k.convalidated", '')}) OFFSET 0
      ) k`,
  },
  {
    tag: 'index',
    select: [
      'i.indexrelid',
      'i.indrelid',
      'i.relname',
      'i.indkey',
      'i.indnkeyatts',
      flags('i.indisunique', since(version, 15, 'i.indnullsnotdistinct', 'false'), 'i.relispartition', 'i.indisvalid'),
      'i.amname',
      'CASE WHEN k.oid IS NULL THEN pg_get_indexdef(i.indexrelid) END',
      'pg_get_expr(i.indpred, i.indrelid)',
      `CASE WHEN i.indexprs IS NOT NULL THEN (
        SELECT json_agg(pg_get_indexdef(i.indexrelid, n::integer, false) ORDER BY n)
        FROM unnest(i.indkey::smallint[]) WITH ORDINALITY AS key (attnum, n) WHERE key.attnum = 0) END`,
      comment(catalogue.relation, 'i.indexrelid'),
      // by another equality than the column's: of a collation under which two texts may be one, or of another class
      `CASE WHEN i.indisunique THEN (
        SELECT json_object_agg(n, format('%I%s %I', attname, ' COLLATE ' || quote_ident(collname), opcname)) FROM (
          SELECT o.n, a.attname, l.collname, c.opcname
          FROM unnest(i.indkey::smallint[], i.indcollation::oid[], i.indclass::oid[]) WITH ORDINALITY AS o (attnum, coll, class, n)
          JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = o.attnum
          JOIN pg_catalog.pg_opclass c ON c.oid = o.class
          LEFT JOIN pg_catalog.pg_collation l ON l.oid = o.coll
          LEFT JOIN pg_catalog.pg_collation own ON own.oid = a.attcollation
          WHERE l.oid <> own.oid AND NOT (l.collisdeterministic AND own.collisdeterministic)
            OR NOT c.opcdefault AND NOT EXISTS (
              SELECT FROM pg_catalog.pg_amop e JOIN pg_catalog.pg_operator p ON p.oid = e.amopopr
              WHERE e.amopfamily = c.opcfamily AND e.amopstrategy = 3 AND e.amoplefttype = c.opcintype
                AND e.amoprighttype = c.opcintype AND p.oprname = '=')
        ) AS other) END`,
    ],
    from: `(
        SELECT i.*, c.relname, c.relispartition, am.amname
        FROM relation JOIN pg_catalog.pg_index i ON i.indrelid = relation.oid AND i.indislive
        JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
        JOIN pg_catalog.pg_am am ON am.oid = c.relam
        OFFSET 0
      ) i
      LEFT JOIN pg_catalog.pg_constraint k
        ON k.conrelid = i.indrelid AND k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x')`,
  },
  {
    tag: 'trigger',
    select: ['t.tgrelid', 't.tgname', "n.nspname || '.' || p.proname", 'pg_get_triggerdef(t.oid)', 't.tgenabled'],
    from: `relation JOIN pg_catalog.pg_trigger t ON t.tgrelid = relation.oid AND NOT t.tgisinternal AND t.tgparentid = 0
      JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid
      JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace`,
  },
  {
    tag: 'policy',
    select: [
      'p.polrelid',
      'p.polname',
      'p.polcmd',
      'p.polpermissive',
      `(SELECT json_agg(CASE role WHEN 0 THEN 'public' ELSE pg_get_userbyid(role) END) FROM unnest(p.polroles) role)`,
      'pg_get_expr(p.polqual, p.polrelid)',
      'pg_get_expr(p.polwithcheck, p.polrelid)',
    ],
    from: 'relation JOIN pg_catalog.pg_policy p ON p.polrelid = relation.oid',
  },
  {
    tag: 'rule',
    select: ['r.ev_class', 'r.ev_action'],
    from: `(SELECT DISTINCT oid FROM source) view
      JOIN pg_catalog.pg_rewrite r ON r.ev_class = view.oid AND r.ev_type = '1'`,
  },
  {
    tag: 'type',
    select: [
      't.oid',
      't.typarray',
      flags('t.typtype', 't.typnotnull', `t.typnamespace IN (SELECT oid FROM namespace) AND ${isNamedType}`),
      'n.nspname',
      't.typname',
      'format_type(t.oid, -1)',
      'coalesce(nullif(t.typrelid, 0), nullif(t.typbasetype, 0), r.rngsubtype)',
      'CASE WHEN t.typtypmod >= 0 THEN format_type(t.typbasetype, t.typtypmod) END',
      't.typndims',
      't.typdefault',
      since(version, 14, 'r.rngmultitypid', '0'),
      `CASE t.typtype WHEN 'e'
        THEN (SELECT json_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid) END`,
      comment(catalogue.type, 't.oid'),
    ],
    from: `pg_catalog.pg_type t
      JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
      LEFT JOIN pg_catalog.pg_range r ON r.rngtypid = t.oid
      WHERE t.typtype IN ('d', 'e', 'r', 'm') OR t.typtype = 'b' AND (t.typelem = 0 OR t.typarray <> 0)
        OR t.typtype = 'c' AND t.oid IN (SELECT oid FROM row_type)`,
  },
  {
    tag: 'sequence',
    select: [
      'sequence.schema',
      'sequence.name',
      'format_type(s.seqtypid, -1)',
      's.seqstart',
      's.seqincrement',
      's.seqmin',
      's.seqmax',
      's.seqcache',
      's.seqcycle',
      `(SELECT (
          SELECT n.nspname || '.' || c.relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
          WHERE c.oid = own.refobjid) || '.' || a.attname
        FROM pg_catalog.pg_depend own
        JOIN pg_catalog.pg_attribute a ON a.attrelid = own.refobjid AND a.attnum = own.refobjsubid
        WHERE own.classid = ${catalogue.relation} AND own.objid = sequence.oid AND own.refclassid = ${catalogue.relation}
          AND own.refobjsubid > 0 AND own.deptype IN ('a', 'i'))`,
      comment(catalogue.relation, 'sequence.oid'),
    ],
    from: `sequence JOIN pg_catalog.pg_sequence s ON s.seqrelid = sequence.oid`,
  },
  {
    tag: 'routine',
    select: [
      'n.name',
      'p.proname',
      'pg_get_function_identity_arguments(p.oid)',
      'pg_get_function_arguments(p.oid)',
      'pg_get_function_result(p.oid)',
      'p.prokind',
      'p.provolatile',
      `CASE WHEN p.prokind = 'a' THEN (
        SELECT format('CREATE AGGREGATE %I.%I(%s) (%s)', n.name, p.proname, pg_get_function_arguments(p.oid),
          concat_ws(', ', 'SFUNC = ' || a.aggtransfn, 'STYPE = ' || format_type(a.aggtranstype, -1),
            'FINALFUNC = ' || nullif(a.aggfinalfn, 0::regproc), 'COMBINEFUNC = ' || nullif(a.aggcombinefn, 0::regproc),
            'INITCOND = ' || quote_literal(a.agginitval)))
        FROM pg_catalog.pg_aggregate a WHERE a.aggfnoid = p.oid)
      ELSE pg_get_functiondef(p.oid) END`,
      comment(catalogue.routine, 'p.oid'),
    ],
    // OFFSET 0: the server's own routines are many, and all have comments.
    from: `namespace n CROSS JOIN LATERAL (
        SELECT * FROM pg_catalog.pg_proc p WHERE p.pronamespace = n.oid AND ${isRoutine} OFFSET 0
      ) p`,
  },
  {
    tag: 'server',
    select: ['s.srvname', 'w.fdwname'],
    from: 'pg_catalog.pg_foreign_server s JOIN pg_catalog.pg_foreign_data_wrapper w ON w.oid = s.srvfdw',
  },
  {
    tag: 'restored',
    select: names.map(name => `set_config('${name}', session.${name}, true)`),
    from: 'session',
  },
]

function branch({ tag, select, from }: Part, width: number): string {
  const padded = [...select.map(expression => `(${expression})::text`), ...Array(width - select.length).fill('NULL')]
  return `SELECT '${tag}', ${padded.join(', ')} FROM ${from}`
}

/**
 * No limit, but the planner cannot see that and counts with a tenth of the rows: twice, with a hundredth. Counting
 * with all of them it would compile a big schema's statement to machine code, which takes longer than it saves.
 */
const noLimit = 'LIMIT (SELECT NULL::bigint)'

function statement(version: number, ctes: readonly string[]): string {
  const branches = parts(version)
  const width = Math.max(...branches.map(part => part.select.length))
  const union = branches.map(part => branch(part, width)).join('\nUNION ALL\n')
  return `WITH RECURSIVE ${ctes.join(',')}\nSELECT * FROM (\n${union}\n${noLimit}\n) part ${noLimit}`
}

/** Reads everything in view. `$1`: schemas. */
export const wholeStatement = (version: number): string => statement(version, [session, scope, relations(false)])

/** Reads what changed objects reach. `$1`: schemas; `$2`: changed objects as `classid:oid`. */
export const touchedStatement = (version: number): string =>
  statement(version, [session, scope, touched, relations(true)])
