/**
 * From declared types to the model's. A declaration is a wish: SQLite's own rules of affinity come after the names
 * that people give to what SQLite has no type for, and what comes back is checked when it is decoded.
 *
 * | declared | model |
 * |---|---|
 * | `BIGINT INT8` | `int8` |
 * | all else with `INT` in it | `int53`: a number, and an error beyond 2^53 |
 * | `BOOL…` | `bool` |
 * | `DECIMAL NUMERIC` | `numeric` |
 * | `DATE TIME` | `date time` |
 * | `DATETIME TIMESTAMP` | `timestamptz` |
 * | `JSON JSONB UUID` | `json json uuid` |
 * | with `CHAR`, `CLOB` or `TEXT` in it | `text` |
 * | with `BLOB` in it | `bytea` |
 * | with `REAL`, `FLOA` or `DOUB` in it | `float8` |
 * | nothing, `ANY`, all else | `any` |
 *
 * @module
 */
import type { BaseType } from '../model.js'

const rules: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/^BOOL/, 'bool'],
  [/^(DATETIME|TIMESTAMP)/, 'timestamptz'],
  [/^DATE$/, 'date'],
  [/^TIME$/, 'time'],
  [/^JSONB?$/, 'json'],
  [/^UUID$/, 'uuid'],
  [/^(DECIMAL|NUMERIC)\b/, 'numeric'],
  [/BIG ?INT|^INT(8|64)$/, 'int8'],
  [/INT/, 'int53'],
  [/CHAR|CLOB|TEXT/, 'text'],
  [/BLOB/, 'bytea'],
  [/REAL|FLOA|DOUB/, 'float8'],
]

/** The type of a column, by its declaration. */
export function typeOf(declared: string): BaseType {
  const bare = declared.replace(/\(.*$/s, '').trim().toUpperCase()
  const name = rules.find(([pattern]) => pattern.test(bare))?.[1] ?? 'any'
  const modifier = name === 'numeric' ? /\(([^)]*)\)/.exec(declared)?.[1]?.replaceAll(' ', '') : undefined
  return Object.freeze({ kind: 'base', name, ...(modifier !== undefined && { modifier }) })
}

/**
 * The type of a view's column. Where the view computes it, the declaration is but an affinity, and promises less than
 * a declared column does: a number of either kind, or anything.
 */
export function viewTypeOf(declared: string): BaseType {
  return declared === 'NUM' || declared === 'BLOB' ? typeOf('') : typeOf(declared)
}
