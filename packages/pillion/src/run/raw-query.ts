/**
 * A whole statement by hand: one SELECT, its values as placeholders.
 *
 * @module
 */
import type { Dialect } from '../compile/dialect.js'
import { located, PillionError } from '../errors.js'
import type { RunOptions } from '../query/engine.js'
import type { Origin } from '../query/node.js'
import { describeOrigin, originOf } from '../query/origin.js'
import { runOn, runSyncOn } from './ambient.js'
import { objects, statementOf } from './direct.js'
import type { Host } from './host.js'
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
  /** The same at once, where the database is in the process itself. */
  allSync(): Row[]
  /** The same, on a transaction object of the host. */
  on(target: unknown): RawQuery<Row>
}

function noTag(written: Origin): PillionError {
  const origin = describeOrigin(written)
  return new PillionError('QUERY_INVALID', 'db.sql is a tag for a template, and was called as a function.', {
    hint: 'Write it without parentheses: db.sql`SELECT … WHERE id = ${id}`. What stands in braces becomes a placeholder.',
    ...(origin === undefined ? {} : { origin }),
  })
}

/** The tag of `db.sql`. */
export function rawSql(host: Host, dialect: Dialect, target: unknown) {
  return function sql<Row = Record<string, unknown>>(
    parts: TemplateStringsArray,
    ...values: readonly RawValue[]
  ): RawQuery<Row> {
    const written = originOf(sql)
    // parentheses are written easily, and the text in them may be made of anything
    if (!Array.isArray(parts)) throw noTag(written)
    const text = parts.reduce((before, part, i) => before + dialect.placeholder(i) + part)
    const at = (error: unknown) => {
      const origin = describeOrigin(written)
      return located(error, { sql: text, ...(origin === undefined ? {} : { origin }) })
    }
    try {
      assertOneSelect(text, host.dialect)
      const statement = statementOf(text, values, host, dialect)
      return onTarget(target)

      function onTarget(current: unknown): RawQuery<Row> {
        return Object.freeze({
          async all(options: RunOptions = {}) {
            try {
              return objects(await runOn(host, current, statement, options), dialect) as Row[]
            } catch (error) {
              throw at(error)
            }
          },
          allSync() {
            try {
              return objects(runSyncOn(host, current, statement), dialect) as Row[]
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
