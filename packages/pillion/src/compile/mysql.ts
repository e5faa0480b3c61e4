/**
 * MySQL's SQL, from 8.4 on, and what MariaDB's has in common with it.
 *
 * @module
 */
import { nowhere } from '../query/origin.js'
import { baseName } from '../schema/base-types.js'
import { cellOfText, mysqlCodecOf, zeroMoment } from '../schema/codec/mysql.js'
import type { DataType } from '../schema/model.js'
import type { Dialect, Feature, Trait } from './dialect.js'
import { notInDialect } from './failure.js'
import { aggregatesOf, functions, asJson } from './mysql/functions.js'
import { enumOf, operatorsOf, rank } from './mysql/operators.js'
import {
  cast,
  digitsOf,
  inUtf8,
  isBare,
  placeholderBeside,
  placeholderOf,
  placeholderTyped,
  text,
} from './mysql/types.js'

/** What neither server has. */
export const lacksBoth: readonly Feature[] = [
  'DISTINCT ON',
  'MATERIALIZED',
  'an array',
  'a function in FROM',
  'a row that nothing but NULLs tells from a missing one',
  'LIMIT inside IN',
  'GROUPS in a window',
  'EXCLUDE in a window',
]

/** As many rows as there can be. Of the most that 64 bits can say, behind a UNION, MySQL leaves none: it adds the offset. */
export const allRows = '9223372036854775807'

/**
 * Longer texts are cut by neither server's aggregates. None could be sent in one packet, and a session that is strict for
 * all tables is refused more than the setting takes.
 */
export const longestText = 1_073_741_824

/** Both servers' SQL, as far as it is the same. */
export const mysqlFamily = {
  maxIdentifier: 64,
  quote: (name: string) => `\`${name.includes('`') ? name.replaceAll('`', '``') : name}\``,
  folded: (name: string) => name,
  literal,
  placeholder: () => '?',
  placeholders: 'in order',
  cast,
  typed: placeholderOf,
  beside: placeholderOf,
  codec: mysqlCodecOf,
  output: (sql: string, type: DataType) => outputs.get(baseName(type))?.(sql) ?? sql,
  stored: (sql: string, type: DataType) => storeds.get(baseName(type))?.(sql) ?? sql,
  operators: operatorsOf(literal),
  functions,
  filter: 'case',
  nulls: 'smallest',
  orderKey,
  compoundKey,
  // a comparison of rows finds no index here
  comparesRows: false,
  infersBeside: false,
  isRow: () => undefined,
  values,
  compound: (left: string, operator: string, right: string) => `(${left}) ${operator} (${right})`,
  limits: (limit: string | undefined, offset: string | undefined) =>
    offset === undefined ? ` LIMIT ${limit}` : ` LIMIT ${limit ?? allRows} OFFSET ${offset}`,
  skipsFolded: false,
  // it knows no columns but those that are grouped by or selected; there is one value in a group
  inHaving: 'MIN',
  emptyList: 'SELECT NULL FROM DUAL WHERE FALSE',
  jsonChunk: Number.POSITIVE_INFINITY,
  jsonArray: (items: readonly string[]) => `JSON_ARRAY(${items.join(', ')})`,
  jsonValue: (item: string) => item,
  // what comes out of a subquery is text to MariaDB, which this makes JSON again
  jsonNested: (rows: string) => `JSON_EXTRACT(${rows}, '$')`,
  jsonNative: inUtf8,
  jsonText: (sql: string, type: DataType) => (baseName(type) === 'bit' ? sql : text(sql, type)),
  exactText: (sql: string, type: DataType) =>
    baseName(type) === 'timestamptz' ? `CAST(${seconds(sql)} AS CHAR)` : text(sql, type),
  exactCell: cellOfText,
  pageKey,
} satisfies Partial<Dialect>

export const mysql: Dialect = Object.freeze({
  ...mysqlFamily,
  name: 'MySQL',
  typed: placeholderTyped,
  beside: placeholderBeside,
  // by what it sorts arrays and objects is not by what it compares them, so that nothing can be said to come after one
  lacks: new Set<Feature>([...lacksBoth, 'an aggregate in ORDER BY alone', 'a page in the order of JSON documents']),
  aggregates: Object.freeze({
    ...aggregatesOf(literal),
    json_agg({ operands, orderBy }) {
      if (orderBy !== '') throw notInDialect('MySQL', 'ORDER BY inside JSON_ARRAYAGG', nowhere)
      return `JSON_ARRAYAGG(${asJson(operands)})`
    },
  }),
  ofGroup: 'ANY_VALUE',
  // 9.7 did so beside a window function, where groups are not folded on their way
  losesFolded: isBare,
  // 9.7 sorts the first table and keeps no more of it than LIMIT wants where the others have no condition; what can be told beforehand is none
  onLateral: 'RAND() < 1',
  // what an EXISTS of a left join's conditions reads left 9.7 without a plan (error 1815), beside other outer joins and by what the tables held
  hintInLeftJoin: '/*+ NO_SEMIJOIN() */ ',
  // what it can tell beforehand of columns that are never NULL it takes for told where there is no row, too
  apartWhereAbsent: { says: ` LIMIT ${allRows}`, of: 'any tables' },
  // without a LIMIT the order of the inner rows would be dropped, and the aggregate has no words for it
  jsonRows: rows =>
    `(SELECT COALESCE(JSON_ARRAYAGG(listed.item), JSON_ARRAY()) FROM (${rows.select('item', ` LIMIT ${allRows}`)}) AS listed)`,
  statement(sql, traits) {
    const plans = plansLeftOut(traits)
    const settings = [
      ...(traits.has('words put together') ? [`SET_VAR(group_concat_max_len = ${longestText})`] : []),
      ...(plans === undefined ? [] : [`SET_VAR(optimizer_switch = '${plans}=off')`]),
    ]
    return settings.length === 0 ? sql : sql.replace(firstSelect, `$1SELECT /*+ ${settings.join(' ')} */ `)
  },
  explain: {
    statement: (sql, { analyze, buffers }) => {
      if (buffers) throw notInDialect('MySQL', 'EXPLAIN (BUFFERS)', nowhere)
      return `${analyze ? 'EXPLAIN ANALYZE' : 'EXPLAIN FORMAT=JSON'} ${sql}`
    },
    read: rows => readPlan(rows.map(row => String(row[0])).join('\n')),
  },
} satisfies Dialect)

/** The labels of an enumeration are words in what comes out of a UNION. */
function compoundKey(column: string, type: DataType): string {
  const labels = enumOf(type)?.labels
  return labels === undefined ? column : rank(column, labels, literal)
}

/** Ways to run a subquery by which 9.7 gave a row once for each that the subquery found, by what the tables held. */
function plansLeftOut(traits: ReadonlySet<Trait>): 'semijoin' | 'duplicateweedout' | undefined {
  // joined with what is inside of the LATERAL
  if (traits.has('LATERAL') && traits.has('EXISTS')) return 'semijoin'
  // it sorts out what comes twice, and forgets to where tables that must not be found stand among those that must
  return traits.has('an anti-join') ? 'duplicateweedout' : undefined
}

/** Up to the first SELECT, past names that look like one. What it sets holds for the whole statement, in whichever SELECT it stands. */
const firstSelect = /^((?:`(?:[^`]|``)*`|[^`])*?)SELECT /

/**
 * A quotient has more digits to the server than it prints, and a product of decimals more than a placeholder for one takes: beside
 * what a cursor holds, a row would come before or after itself.
 */
function pageKey(sql: string, type: DataType): string {
  const name = baseName(type)
  if (name === 'numeric') return `CAST(${sql} AS DECIMAL(65, 30))`
  return inDoubles.has(name) ? `CAST(${sql} AS DOUBLE)` : sql
}

const inDoubles = new Set(['int2', 'int4', 'uint4', 'int53', 'float8'])

/** JSON; but what EXPLAIN ANALYZE says is a drawing of a tree. */
export function readPlan(plan: string): unknown {
  return plan.startsWith('{') ? JSON.parse(plan) : plan
}

/** A backslash means itself or not, by a setting of the session: written in hexadecimal there is no question. */
function literal(word: string): string {
  return word.includes('\\')
    ? `X'${Buffer.from(word).toString('hex').toUpperCase()}'`
    : `'${word.replaceAll("'", "''")}'`
}

/**
 * A moment as it leaves the server: its seconds since 1970. A column holds none before the first of them, so that 0 is
 * `0000-00-00 00:00:00`: asked for its year as well, each moment would cost the server several times as much.
 */
function secondsStored(sql: string): string {
  return `UNIX_TIMESTAMP(${sql})`
}

/** An expression may be the beginning of 1970, which leaves as less than the smallest part of a second. */
function seconds(sql: string): string {
  return `IF(YEAR(${sql}) = 0, ${zeroMoment}, GREATEST(${secondsStored(sql)}, 0.0000001))`
}

/**
 * The digits of bits, as many as there can be, so that they sort as bits do. What a function gives of them MariaDB calls bits, and sends
 * as the text of a decimal number.
 */
function digits(sql: string): string {
  return digitsOf(sql, 64)
}

/** What values leave as, by the names of their types; and those of a table's own columns. */
const outputs: ReadonlyMap<string, (sql: string) => string> = new Map([
  ['timestamptz', seconds],
  ['bit', digits],
])
const storeds: ReadonlyMap<string, (sql: string) => string> = new Map([
  ['timestamptz', secondsStored],
  ['bit', digits],
])

/** NULLs come first going up: where that is what is asked for, no word of it, so that any index will do. */
function orderKey(
  sql: string,
  descending: boolean,
  nulls: 'first' | 'last' | undefined,
  type: DataType | undefined,
): string {
  const key = `${type !== undefined && baseName(type) === 'set' ? asWords(sql) : sql}${descending ? ' DESC' : ''}`
  if (nulls === undefined || nulls === (descending ? 'last' : 'first')) return key
  if (/^\d+$/.test(sql)) {
    throw notInDialect(
      'MySQL',
      `NULLS ${nulls.toUpperCase()} on an expression with a value or a subquery in it, in a grouped query,`,
      nowhere,
    )
  }
  return `${sql} IS NULL${descending ? ' DESC' : ''}, ${key}`
}

/** What is a SET compares as its words and sorts as a number, so that nothing could be said to come after it. */
function asWords(sql: string): string {
  return /^\d+$/.test(sql) ? sql : `CONCAT(${sql})`
}

function values(rows: readonly (readonly string[])[], alias: string, columns: readonly string[]): string {
  const [first = [], ...rest] = rows
  const head = `SELECT ${first.map((cell, i) => `${cell} AS ${columns[i]}`).join(', ')}`
  return `(${[head, ...rest.map(row => `SELECT ${row.join(', ')}`)].join(' UNION ALL ')}) AS ${alias}`
}
