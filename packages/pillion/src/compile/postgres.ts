/**
 * PostgreSQL's SQL.
 *
 * @module
 */
import { nowhere } from '../query/origin.js'
import { baseName, quoteLiteral, sqlName, text } from '../schema/base-types.js'
import { codecOf } from '../schema/codec.js'
import type { DataType } from '../schema/model.js'
import type { AggregateRewrite, Dialect, Operands } from './dialect.js'
import { notInDialect } from './failure.js'

/** A function takes at most 100 arguments. */
const maxArguments = 100

/** Names that are other databases' alone. */
const foreign = new Set(['uint4', 'uint8', 'int53', 'set', 'any'])

function isForeign(type: DataType): boolean {
  if (type.kind === 'array') return isForeign(type.element)
  if (type.kind === 'domain') return isForeign(type.base)
  return type.kind === 'base' && (type.schema === 'mysql' || (type.schema === undefined && foreign.has(type.name)))
}

const cast = (sql: string, type: DataType): string | undefined =>
  isForeign(type) ? undefined : `${sql}::${sqlName(type)}`

/** Types that have the operators of `oid`, and yet are written as names. */
const borrowing = new Set(
  'regclass regcollation regconfig regdictionary regnamespace regoper regoperator regproc regprocedure regrole regtype'.split(
    ' ',
  ),
)

/** Would the server take a value beside it for one of another type: of that whose operators it has? */
function isMisread(type: DataType): boolean {
  if (type.kind === 'array') return isMisread(type.element)
  if (type.kind === 'domain') return type.base.kind === 'composite' || isMisread(type.base)
  return type.kind === 'base' && borrowing.has(type.name)
}

export const postgres: Dialect = Object.freeze({
  name: 'PostgreSQL',
  maxIdentifier: 63,
  lacks: new Set<never>(),
  quote: name => `"${name.includes('"') ? name.replaceAll('"', '""') : name}"`,
  folded: name => name,
  literal: quoteLiteral,
  placeholder: position => `$${position}`,
  placeholders: 'numbered',
  cast,
  typed: cast,
  // the server infers it from the column
  beside: (placeholder, type) => (isMisread(type) ? `${placeholder}::${sqlName(type)}` : placeholder),
  codec: codecOf,
  output: sql => sql,
  castsLabels: true,
  groupsByPrimaryKeys: true,
  forgetsAbsence: true,
  operators: { '/': quotient, '%': remainder },
  functions: {
    'minus between moments': of => `(${of.sql(0)} - ${of.sql(1)})`,
    date_trunc: truncated,
    extract: of => `extract(${of.word(0)} FROM ${of.sql(1)})::float8`,
  },
  aggregates: { min: extreme('min', 'bool_and'), max: extreme('max', 'bool_or') },
  filter: 'clause',
  nulls: 'largest',
  orderKey: (sql, descending, nulls) =>
    `${sql}${descending ? ' DESC' : ''}${nulls ? ` NULLS ${nulls.toUpperCase()}` : ''}`,
  comparesRows: true,
  infersBeside: true,
  // a row of NULLs is not a missing row: only the latter's text is NULL
  isRow: (alias, present) => `${alias}::text IS ${present ? 'NOT ' : ''}NULL`,
  values: (rows, alias, columns) =>
    `(VALUES ${rows.map(row => `(${row.join(', ')})`).join(', ')}) AS ${alias} (${columns.join(', ')})`,
  compound: (left, operator, right) => `(${left}) ${operator} (${right})`,
  limits: (limit, offset) =>
    `${limit === undefined ? '' : ` LIMIT ${limit}`}${offset === undefined ? '' : ` OFFSET ${offset}`}`,
  skipsFolded: true,
  emptyList: 'SELECT NULL WHERE FALSE',
  jsonChunk: maxArguments,
  jsonArray,
  jsonValue: item => `to_json(${item})`,
  // ARRAY keeps the order of its rows, and is faster than an aggregate with an ORDER BY of its own
  jsonRows: rows => `array_to_json(ARRAY(${rows.select()}))`,
  jsonNested: rows => rows,
  jsonText: sql => `${sql}::${sqlName(text)}`,
  exactText: (sql, type) => (isCalendar(type) ? `(to_json(${sql}) #>> '{}')` : `(${sql})::text`),
  exactCell: text => text,
  statement: sql => sql,
  explain: {
    statement: (sql, { analyze, buffers }) =>
      `EXPLAIN (${['FORMAT JSON', analyze && 'ANALYZE', buffers && 'BUFFERS'].filter(Boolean).join(', ')}) ${sql}`,
    read: rows => JSON.parse(rows.map(row => row[0]).join('\n')),
  },
} satisfies Dialect)

/** The least and the greatest truth have names of their own. */
function extreme(name: string, ofTruths: string): AggregateRewrite {
  return ({ operands, distinct }) =>
    `${isOf(operands.type(0), 'bool') ? ofTruths : name}(${distinct ? 'DISTINCT ' : ''}${operands.sql(0)})`
}

/** Between whole numbers of which one is a numeric, as a sum of bigints is, it leaves a fraction. */
function quotient(of: Operands): string {
  const [a, b] = [of.sql(0), of.sql(1)]
  const isDivided = of.isWhole(0) && of.isWhole(1) && [0, 1].some(at => isOf(of.type(at), 'numeric'))
  return isDivided ? `div(${a}, ${b})` : `${a} / ${b}`
}

function remainder(of: Operands): string {
  for (const at of [0, 1]) {
    if (isOf(of.type(at), 'float4', 'float8')) throw notInDialect('PostgreSQL', 'the operator % of floats', nowhere)
  }
  return `${of.sql(0)} % ${of.sql(1)}`
}

/** A day would be cut as a moment of the session's time zone, and to one. */
function truncated(of: Operands): string {
  const [unit, at] = [of.sql(0), of.sql(1)]
  return isOf(of.type(1), 'date') ? `date_trunc(${unit}, ${at}::timestamp)::date` : `date_trunc(${unit}, ${at})`
}

function isOf(type: DataType, ...names: readonly string[]): boolean {
  return names.includes(baseName(type))
}

function jsonArray(items: readonly string[]): string {
  if (items.length <= maxArguments) return `json_build_array(${items.join(', ')})`
  const chunks: string[] = []
  for (let i = 0; i < items.length; i += maxArguments) chunks.push(jsonArray(items.slice(i, i + maxArguments)))
  return jsonArray(chunks)
}

// to_json writes ISO whatever DateStyle says
function isCalendar(type: DataType): boolean {
  return isOf(type, 'date', 'timestamp', 'timestamptz')
}
