/**
 * Statements that somebody else has written, on a database's host and target: plain values in, rows as objects out.
 *
 * @module
 */
import type { Dialect } from '../compile/dialect.js'
import { located, PillionError } from '../errors.js'
import { nameOf, typeOfValue, wrongType } from '../query/expr.js'
import { arrayOf, bytea, int8, text as textType, uint8 } from '../schema/base-types.js'
import type { Cell, Wire, WireCodec } from '../schema/codec.js'
import { decodeFailedAt } from '../schema/codec/failure.js'
import type { DataType } from '../schema/model.js'
import { runOn, type Stream, streamOn } from './ambient.js'
import type { Described, Host, RunOptions, Statement, StreamOptions, WireField, WireResult } from './host.js'
import { type MarkPlace, rewriteMarks } from './mysql-marks.js'

/** The way of a hand-written statement. */
export interface Direct {
  /** Of what family the SQL is: that of the host. */
  readonly dialect: Host['dialect']
  run(text: string, values: readonly unknown[], options: RunOptions): Promise<DirectResult>
  /** Its rows in batches. */
  stream(text: string, values: readonly unknown[], options: StreamOptions): AsyncIterable<DirectResult['rows']>
}

/** What a statement gave. */
export interface DirectResult {
  readonly rows: readonly Readonly<Record<string, unknown>>[]
  /** How many rows it wrote, where the driver tells. */
  readonly affected?: number
}

/** The way from a database on one of its targets. */
export function directOn(host: Host, dialect: Dialect, target: unknown): Direct {
  return Object.freeze({
    dialect: host.dialect,
    stream: (text, values, options) =>
      streamed(streamOn(host, target), statementOf(text, values, host, dialect), options, dialect),
    async run(text, values, options) {
      try {
        const result = await runOn(host, target, statementOf(text, values, host, dialect), options)
        const { affected } = result
        return { rows: objects(result, dialect), ...(affected === undefined ? {} : { affected }) }
      } catch (error) {
        throw located(error, { sql: text })
      }
    },
  } satisfies Direct)
}

async function* streamed(
  stream: Stream,
  statement: Statement,
  options: StreamOptions,
  dialect: Dialect,
): AsyncGenerator<DirectResult['rows'], void, undefined> {
  let fields: readonly WireField[] = []
  const described: Described = told => (fields = told)
  try {
    for await (const rows of stream(statement, { ...options, described })) yield objects({ fields, rows }, dialect)
  } catch (error) {
    throw located(error, { sql: statement.text })
  }
}

/**
 * A text with bare placeholders and plain values for them, as the host takes it: in MySQL's SQL, which knows a value's type by
 * how a driver binds it, each placeholder is of the type that its value looks to be of.
 */
export function statementOf(text: string, values: readonly unknown[], host: Host, dialect: Dialect): Statement {
  const encoded = values.map(value => encode(value, dialect))
  if (host.dialect !== 'mysql') return { text, values: encoded }
  const write = ({ nth, isReckoned }: MarkPlace): string => {
    const value = values[nth]
    if (!isPlain(value)) return dialect.placeholder(nth + 1)
    // a driver may bind it as a double, and with that the sum is one
    const type = isReckoned && Number.isSafeInteger(value) ? int8 : plainType(value, dialect)
    return dialect.beside(dialect.placeholder(nth + 1), type)
  }
  return { text: rewriteMarks(text, values.length, write), values: encoded }
}

/** A value of JavaScript's as the dialect's wire takes it, of the type that it looks to be of. */
function encode(value: unknown, dialect: Dialect): Cell {
  if (value === null) return null
  if (!isPlain(value)) {
    throw new PillionError(
      'QUERY_INVALID',
      `Raw SQL takes plain values for its placeholders, and was given ${nameOf(value)}.`,
      {
        hint: 'Columns of handles belong to db.from(…); in a hand-written statement write their names.',
      },
    )
  }
  const type = plainType(value, dialect)
  const codec = dialect.codec(type)
  if (!codec.accepts(value)) throw wrongType(type, nameOf(value))
  return codec.encode(value)
}

type Plain = string | number | bigint | boolean | Date | Uint8Array | readonly unknown[]

const plainTypes = new Set(['string', 'number', 'bigint', 'boolean'])

function isPlain(value: unknown): value is Plain {
  if (typeof value !== 'object' || value === null) return plainTypes.has(typeof value)
  return Array.isArray(value) || 'getTime' in value || ArrayBuffer.isView(value)
}

function plainType(value: Plain, dialect: Dialect): DataType {
  if (Array.isArray(value)) return arrayTypeOf(value, dialect)
  if (ArrayBuffer.isView(value)) return bytea
  return typeof value === 'bigint' && value >= 2n ** 63n ? largestType(dialect) : typeOfValue(value)
}

/** What columns of MySQL's without a sign hold beyond an int8; elsewhere there are none, and a placeholder is of no such type. */
function largestType(dialect: Dialect): DataType {
  const placeholder = dialect.placeholder(1)
  return dialect.beside(placeholder, uint8) === placeholder ? int8 : uint8
}

// the first element need not tell: beside a fraction a whole number is a float8
function arrayTypeOf(value: readonly unknown[], dialect: Dialect): DataType {
  const types = value.filter(each => each !== null).map(each => arrayOf(typeOfValue(each)))
  return types.find(type => dialect.codec(type).accepts(value)) ?? types[0] ?? arrayOf(textType)
}

/** Rows as objects by column name, each value of the type that the wire tells. */
export function objects({ fields, rows }: WireResult, dialect: Dialect): Readonly<Record<string, unknown>>[] {
  const columns = fields.map(({ name, type }) => ({ name, codec: dialect.codec(type) }))
  return rows.map(row =>
    Object.fromEntries(
      columns.map(({ name, codec }, i) => [name, row[i] == null ? null : valueOf(row[i] as Wire, codec, name)]),
    ),
  )
}

function valueOf(cell: Wire, { decode }: WireCodec, name: string): unknown {
  try {
    return decode(cell)
  } catch (error) {
    throw decodeFailedAt(name, error)
  }
}

const directKey = Symbol.for('pillion.direct')

/** Marks a database as one that carries hand-written statements. */
export function carrying<T extends object>(object: T, direct: Direct): T {
  return Object.assign(object, { [directKey]: direct })
}

/** @throws PillionError `HOST_UNKNOWN` where it is no database of pillion's */
export function directOf(database: unknown): Direct {
  const direct = (database as { readonly [directKey]?: Direct } | null | undefined)?.[directKey]
  if (direct !== undefined) return direct
  throw new PillionError('HOST_UNKNOWN', 'This is no database of pillion.', {
    hint: 'Give what pillion(host) gave, or that on a transaction: db.on(tx).',
  })
}
