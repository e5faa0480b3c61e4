/**
 * SQLite by the `sqlite3` package, which answers by callbacks.
 *
 * @module
 */
import { PillionError } from '../../errors.js'
import { Answer } from '../../run/answer.js'
import { typeOfDeclared } from '../../run/declared.js'
import { type Errand, onErrand } from '../../run/errand.js'
import type { Cell, Host, Statement, WireField, WireResult, WireRow } from '../../run/host.js'
import { tokens } from '../../run/sql-tokens.js'
import { checkedOptions, finished, type HostOptions, type Ride, type Seat } from '../seat.js'
import { isFunction, isObject } from '../shape.js'
import { sqliteFailure } from './failure.js'
import { type Reading, readingOf, type Row } from './sqlite3-reading.js'

/** A `Database` of sqlite3, from the inside. */
interface Sqlite3Database {
  all(sql: string, values: readonly unknown[], done: (error: Error | null, rows: readonly Row[]) => void): unknown
}

/** A host over databases of sqlite3. */
export function sqlite3Host(name: string, root: object, ride: Ride, options: HostOptions): Host {
  const { dates = 'sql' } = checkedOptions(options)
  const described: Described = new Map()
  const run: Host['run'] = async (target, statement, options) => {
    try {
      return await onErrand(options, statement.text, errand =>
        ride(target, seat => runOn(seat, statement, errand, described)),
      )
    } catch (error) {
      throw sqliteFailure(error, statement)
    }
  }
  return Object.freeze({
    name,
    root,
    dialect: 'sqlite',
    dates,
    run,
    // sqlite3 hands rows out as fast as it can, whether they are wanted or not: they are all read, then given out
    async *stream(target, statement, { batch, ending, described, ...interruptions }) {
      const { fields, rows } = await run(target, statement, interruptions)
      described?.(fields)
      for (let at = 0; at < rows.length; at += batch) {
        ending?.throwIfAborted()
        if (interruptions.signal?.aborted) {
          throw new PillionError('CANCELLED', 'The statement was cancelled by its signal.', { sql: statement.text })
        }
        yield rows.slice(at, at + batch)
      }
    },
  } satisfies Host)
}

/** Nothing can stop a statement that others' may run beside: whoever interrupts is answered, and it runs to its end. */
async function runOn(seat: Seat, statement: Statement, errand: Errand, described: Described): Promise<WireResult> {
  const { signal } = errand
  const database = sqlite3Database(seat.connection)
  const asking = await askingOf(database, statement.text, described, () => admit(seat, errand))
  admit(seat, errand)
  errand.sent = true
  const abandon = (): void => errand.abandon(signal?.reason)
  signal?.addEventListener('abort', abandon, { once: true })
  try {
    const rows = await asking.read(text => ask(database, text, statement.values))
    return new Answer(rows, () => asking.names.map(fieldOf))
  } catch (error) {
    // the schema has changed, perhaps: it is looked at anew the next time
    described.delete(statement.text)
    throw error
  } finally {
    signal?.removeEventListener('abort', abandon)
  }
}

function admit(seat: Seat, { signal }: Errand): void {
  signal?.throwIfAborted()
  const refusal = seat.refusal()
  if (refusal !== undefined) throw refusal
}

function sqlite3Database(connection: unknown): Sqlite3Database {
  if (isObject(connection) && isFunction(connection.all)) return connection as unknown as Sqlite3Database
  throw finished('The connection is no database of sqlite3.')
}

/** How a statement is asked, and the names of its columns. */
interface Asking {
  readonly names: readonly string[]
  readonly read: Reading
}

/** By text, of one host: the same text has other columns in another database. */
type Described = Map<string, Asking>

const capacity = 1000

/** What `*` stands for changes with the schema, and nobody tells. */
const mayChange = (text: string): boolean => text.replace(/\bcount\(\*\)/gi, '').includes('*')

/** Its columns are told by a row of nothing: the statement is prepared, and not run. */
async function askingOf(
  database: Sqlite3Database,
  text: string,
  described: Described,
  admitted: () => void,
): Promise<Asking> {
  if (isPlan(text)) return { names: planned, read: async ask => (await ask(text)).map(planCells) }
  const known = described.get(text)
  if (known !== undefined) return known
  admitted()
  const [row = {}] = await all(
    database,
    `SELECT s.* FROM (SELECT 1) LEFT JOIN (SELECT * FROM (${text}\n) LIMIT 0) s`,
    [],
  )
  // the second of one name is `n:1`
  const names = Object.keys(row).map(name => name.replace(/:\d+$/, ''))
  const asking = { names, read: readingOf(text, names.length) }
  if (!mayChange(text)) described.set(text, asking)
  if (described.size > capacity) described.delete(described.keys().next().value as string)
  return asking
}

const planned = ['id', 'parent', 'notused', 'detail']

function planCells(row: Row): WireRow {
  return planned.map(name => row[name] as Cell)
}

function isPlan(text: string): boolean {
  return /^EXPLAIN QUERY PLAN /i.test(text)
}

/** sqlite3 binds what is no int32 as a double: whole numbers beyond go as text, and are made numbers there. */
function whole(text: string, values: readonly Cell[]): { readonly text: string; readonly values: readonly unknown[] } {
  const large = new Set(
    values.flatMap((value, i) => (typeof value === 'bigint' && BigInt.asIntN(32, value) !== value ? [i] : [])),
  )
  const bound = values.map((value, i) =>
    typeof value === 'bigint'
      ? large.has(i)
        ? String(value)
        : Number(value)
      : ArrayBuffer.isView(value)
        ? Buffer.from(value)
        : value,
  )
  return { text: large.size === 0 ? text : castAt(text, large), values: bound }
}

function castAt(text: string, places: ReadonlySet<number>): string {
  const read = tokens(text)
  if ('unreadable' in read) throw new PillionError('STATEMENT_FAILED', read.unreadable, { sql: text })
  const marks = read.filter(token => token.kind === 'mark' && token.text === '?')
  return marks.reduceRight(
    (sql, { at }, i) => (places.has(i) ? `${sql.slice(0, at)}CAST(? AS INTEGER)${sql.slice(at + 1)}` : sql),
    text,
  )
}

function ask(database: Sqlite3Database, text: string, values: readonly Cell[]): Promise<readonly Row[]> {
  const asked = whole(text, values)
  return all(database, asked.text, asked.values)
}

function fieldOf(name: string): WireField {
  return { name, type: typeOfDeclared(null) }
}

function all(database: Sqlite3Database, text: string, values: readonly unknown[]): Promise<readonly Row[]> {
  return new Promise((resolve, reject) => {
    database.all(text, values, (error, rows) => (error === null ? resolve(rows) : reject(error)))
  })
}
