/**
 * A whole statement by hand: one SELECT, its values as placeholders.
 *
 * @module
 */
import { located, PillionError } from '../errors.js'
import type { RunOptions } from '../query/engine.js'
import { nameOf, typeOfValue, wrongType } from '../query/expr.js'
import { describeOrigin, originOf } from '../query/origin.js'
import { arrayOf, bytea, text } from '../schema/base-types.js'
import type { Dialect } from '../compile/dialect.js'
import type { Cell, Wire } from '../schema/codec.js'
import type { DataType } from '../schema/model.js'
import { wayTo } from './ambient.js'
import type { Host, Statement, WireResult } from './host.js'
import { assertOneSelect } from './raw-sql.js'

/** A plain value for a placeholder of raw SQL. */
export type RawValue =
  | string
  | number
  | bigint
  | boolean
  | Date
  | Uint8Array
  | null
  | readonly (string | number | bigint | boolean | null)[]

/** One hand-written SELECT. */
export interface RawQuery<Row> {
  /** All rows, each an object by column name. */
  all(options?: RunOptions): Promise<Row[]>
  /** The same, on a transaction object of the host. */
  on(target: unknown): RawQuery<Row>
}

/** The tag of `db.sql`. */
export function rawSql(host: Host, dialect: Dialect, target: unknown) {
  return function sql<Row = Record<string, unknown>>(
    parts: TemplateStringsArray,
    ...values: readonly RawValue[]
  ): RawQuery<Row> {
    const origin = describeOrigin(originOf(sql))
    const text = parts.reduce((before, part, i) => before + dialect.placeholder(i) + part)
    const at = (error: unknown) => located(error, { sql: text, ...(origin === undefined ? {} : { origin }) })
    try {
      assertOneSelect(text)
      const statement: Statement = { text, values: values.map(value => encode(value, dialect)) }
      return onTarget(target)

      function onTarget(current: unknown): RawQuery<Row> {
        return Object.freeze({
          async all(options: RunOptions = {}) {
            try {
              return objects(await wayTo(host, current).run(statement, options), dialect) as Row[]
            } catch (error) {
              throw at(error)
            }
          },
          on: onTarget,
        })
      }
    } catch (error) {
      throw at(error)
    }
  }
}

function encode(value: RawValue, dialect: Dialect): Cell {
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
  const type = rawType(value, dialect)
  const codec = dialect.codec(type)
  if (!codec.accepts(value)) throw wrongType(type, nameOf(value))
  return codec.encode(value)
}

const plainTypes = new Set(['string', 'number', 'bigint', 'boolean'])

function isPlain(value: Exclude<RawValue, null>): boolean {
  if (typeof value !== 'object') return plainTypes.has(typeof value)
  return Array.isArray(value) || 'getTime' in value || ArrayBuffer.isView(value)
}

function rawType(value: Exclude<RawValue, null>, dialect: Dialect): DataType {
  if (Array.isArray(value)) return arrayTypeOf(value, dialect)
  return ArrayBuffer.isView(value) ? bytea : typeOfValue(value)
}

// the first element need not tell: beside a fraction a whole number is a float8
function arrayTypeOf(value: readonly unknown[], dialect: Dialect): DataType {
  const types = value.filter(each => each !== null).map(each => arrayOf(typeOfValue(each)))
  return types.find(type => dialect.codec(type).accepts(value)) ?? types[0] ?? arrayOf(text)
}

function objects({ fields, rows }: WireResult, dialect: Dialect): unknown[] {
  const columns = fields.map(({ name, type }) => ({ name, codec: dialect.codec(type) }))
  return rows.map(row =>
    Object.fromEntries(
      columns.map(({ name, codec }, i) => [name, row[i] == null ? null : codec.decode(row[i] as Wire)]),
    ),
  )
}
