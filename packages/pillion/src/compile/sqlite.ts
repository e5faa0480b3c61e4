/**
 * SQLite's SQL, from 3.38 on.
 *
 * @module
 */
import { nowhere } from '../query/origin.js'
import { baseName, isWhole } from '../schema/base-types.js'
import type { Dates } from '../schema/codec/sqlite-moment.js'
import { sqliteCodecs, unquoted } from '../schema/codec/sqlite.js'
import type { DataType } from '../schema/model.js'
import type { Dialect, Feature } from './dialect.js'
import { notInDialect } from './failure.js'
import { aggregates, aroundAggregates, functions } from './sqlite/functions.js'
import { momentsIn } from './sqlite/moments.js'
import { truthOf } from './truth.js'
import { operators } from './sqlite/operators.js'

/** A function takes at most 100 arguments, or more by how it was built. */
const maxArguments = 100

const lacks: ReadonlySet<Feature> = new Set<Feature>([
  'DISTINCT ON',
  'LATERAL',
  'an array',
  'a function in FROM',
  'a row that nothing but NULLs tells from a missing one',
  'an aggregate in ORDER BY alone',
  'HAVING where nothing is grouped and nothing that is selected is an aggregate',
])

/** The first that has HAVING without GROUP BY. */
const havingAlone = 33_900

const known = new Map<string, Dialect>()

/**
 * SQLite, of a version, over a database that stores moments in one form.
 *
 * @param version as the catalogue has it: 33800 for 3.38.0.
 */
export function sqlite(version: number, dates: Dates): Dialect {
  const key = `${version} ${dates}`
  const found = known.get(key)
  if (found !== undefined) return found
  const made = sqliteOf(version, dates)
  known.set(key, made)
  return made
}

function sqliteOf(version: number, dates: Dates): Dialect {
  const moments = momentsIn(dates)
  return Object.freeze({
    name: 'SQLite',
    maxIdentifier: Number.MAX_SAFE_INTEGER,
    lacks: version < havingAlone ? new Set<Feature>([...lacks, 'HAVING without GROUP BY']) : lacks,
    quote: name => `"${name.includes('"') ? name.replaceAll('"', '""') : name}"`,
    // of ASCII alone
    folded: name => name.replace(/[A-Z]+/g, letters => letters.toLowerCase()),
    literal: word => `'${word.replaceAll("'", "''")}'`,
    placeholder: () => '?',
    placeholders: 'in order',
    cast: (sql, type, from) => cast(sql, type, from, moments.toDate),
    // a value has its type with it
    typed: placeholder => placeholder,
    beside: placeholder => placeholder,
    codec: sqliteCodecs(dates),
    output: (sql, type) => (isAny(type) ? exactWithText(sql) : sql),
    operators,
    functions: functions(moments),
    aggregates: aggregates(version),
    aroundAggregates,
    filter: 'clause',
    nulls: 'smallest',
    orderKey,
    comparesRows: true,
    infersBeside: false,
    isRow: () => undefined,
    values,
    compound: (left, operator, right) => `SELECT * FROM (${left}) ${operator} SELECT * FROM (${right})`,
    limits: (limit, offset) => (offset === undefined ? ` LIMIT ${limit}` : ` LIMIT ${limit ?? -1} OFFSET ${offset}`),
    skipsFolded: false,
    emptyList: 'SELECT NULL WHERE FALSE',
    jsonChunk: maxArguments,
    jsonArray,
    jsonValue: item => `json_quote(${item})`,
    // what comes out of a subquery is text, which `json` makes JSON again; the aggregate keeps the order it finds
    jsonRows: rows => `(SELECT json_group_array(json(item)) FROM (${rows.select('item')}))`,
    jsonNested: rows => `json(${rows})`,
    jsonText: (sql, type) =>
      isInexactText(type) ? exact(sql) : words.has(baseName(type)) ? word(sql) : `CAST(${sql} AS TEXT)`,
    exactText: (sql, type) => (isAny(type) || asText.has(baseName(type)) ? exactWithText(sql) : exact(sql)),
    exactCell: text => unquoted(text),
    statement: sql => sql,
    explain: {
      statement(sql, { analyze, buffers }) {
        if (analyze || buffers) throw notInDialect('SQLite', 'EXPLAIN ANALYZE', nowhere)
        return `EXPLAIN QUERY PLAN ${sql}`
      },
      read: rows => rows.map(([id, parent, , detail]) => ({ id: Number(id), parent: Number(parent), detail })),
    },
  } satisfies Dialect)
}

/**
 * A value as text that tells its type and loses nothing; NULL stays NULL. `quote` ends a fraction at the digits by which SQLite itself
 * finds it again, and JavaScript reads another beside it, of one in 50,000.
 */
function exact(sql: string): string {
  return `CASE typeof(${sql}) WHEN 'real' THEN printf('%!.20e', ${sql}) ELSE nullif(quote(${sql}), 'NULL') END`
}

/** The same where there may be text, which `quote` cuts at a NUL in it. */
function exactWithText(sql: string): string {
  return `CASE typeof(${sql}) WHEN 'text' THEN '''' || replace(${sql}, '''', '''''') || '''' ELSE ${exact(sql)} END`
}

/** A word as text. The bytes of a blob would be one, too, of whatever characters: as it is, JSON refuses it. */
function word(sql: string): string {
  return `CASE typeof(${sql}) WHEN 'blob' THEN ${sql} ELSE CAST(${sql} AS TEXT) END`
}

const words = new Set(['uuid', 'time'])

function isAny(type: DataType): boolean {
  return baseName(type) === 'any'
}

const inexact = new Set(['float4', 'float8', 'numeric', 'bytea'])

/** Would a cast to text lose digits or bytes? */
function isInexactText(type: DataType): boolean {
  return inexact.has(baseName(type))
}

const reals = new Set(['float4', 'float8', 'numeric'])

const texts = new Set(['text', 'varchar', 'bpchar', 'name', 'char'])
const asText = new Set([...texts, 'json', 'jsonb'])
/** Its integers end at 2^63. */
const beyond = new Set(['uint8', 'oid'])

function cast(sql: string, type: DataType, from: DataType, toDate: (sql: string) => string): string | undefined {
  const name = baseName(type)
  if (beyond.has(name)) return undefined
  if (isWhole(type)) return `CAST(${reals.has(baseName(from)) ? `round(${sql})` : sql} AS INTEGER)`
  if (name === 'float4' || name === 'float8') return `CAST(${sql} AS REAL)`
  if (name === 'numeric') return `CAST(${sql} AS NUMERIC)`
  if (name === 'bool') return texts.has(baseName(from)) ? truthOf(sql) : `(${sql} <> 0)`
  if (name === 'date') return toDate(sql)
  if (name === 'bytea') return `CAST(${sql} AS BLOB)`
  if (name === 'timestamp' || name === 'timestamptz' || name === 'any') return sql
  if (!asText.has(name)) return undefined
  return baseName(from) === 'bool' ? `CASE ${sql} WHEN 1 THEN 'true' WHEN 0 THEN 'false' END` : `CAST(${sql} AS TEXT)`
}

/** NULLs come first going up: where that is what is asked for, no word of it, so that any index will do. */
function orderKey(sql: string, descending: boolean, nulls: 'first' | 'last' | undefined): string {
  const usual = descending ? 'last' : 'first'
  const placed = nulls === undefined || nulls === usual ? '' : ` NULLS ${nulls.toUpperCase()}`
  return `${sql}${descending ? ' DESC' : ''}${placed}`
}

function values(rows: readonly (readonly string[])[], alias: string, columns: readonly string[]): string {
  const named = columns.map((name, i) => `column${i + 1} AS ${name}`).join(', ')
  return `(SELECT ${named} FROM (VALUES ${rows.map(row => `(${row.join(', ')})`).join(', ')})) AS ${alias}`
}

function jsonArray(items: readonly string[]): string {
  if (items.length <= maxArguments) return `json_array(${items.join(', ')})`
  const chunks: string[] = []
  for (let i = 0; i < items.length; i += maxArguments) chunks.push(jsonArray(items.slice(i, i + maxArguments)))
  return jsonArray(chunks)
}
