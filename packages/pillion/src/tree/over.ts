/**
 * A session over a connection that the application has: each driver as it is told by its shape, each cell as the server's text.
 *
 * @module
 */
import { PillionError } from '../errors.js'
import type { TreeRow, TreeSession } from './session.js'

/**
 * A session over one connection: a client of `pg`, a connection of `mysql2/promise` or `mariadb` to MariaDB, a database of `better-sqlite3`
 * or `node:sqlite`. It opens and closes nothing.
 *
 * ```ts
 * const client = await pool.connect()
 * const faults = await verifyTree(treeSession(client), model)
 * client.release()
 * ```
 *
 * @throws PillionError `HOST_UNKNOWN` for anything else, a pool among it, whose statements go by any of its connections
 */
export function treeSession(connection: object): TreeSession {
  const over = isObject(connection) ? drivers.find(({ matches }) => matches(connection))?.over : undefined
  if (over === undefined) {
    throw new PillionError('HOST_UNKNOWN', 'This is no connection that a tree can be kept by.', {
      hint: 'Give one connection, not a pool: a client of pg, a connection of mysql2/promise or mariadb, a database of better-sqlite3 or node:sqlite. Over another driver write a TreeSession: one function.',
    })
  }
  return Object.freeze(over(connection as never))
}

type Cells = readonly (string | null)[]
type Shape = Record<PropertyKey, unknown>

interface Driver {
  matches(connection: Shape): boolean
  over(connection: never): TreeSession
}

interface PgClient {
  query(statement: object): Promise<{ readonly rows?: readonly TreeRow[] }>
}

interface Mysql2Connection {
  query(statement: object): Promise<readonly [rows: unknown, ...rest: unknown[]]>
}

interface MariadbConnection {
  query(statement: object, values: Cells): Promise<unknown>
}

/** What a statement of SQLite's gives: as a rule numbers, and larger ones than a number holds. */
type SqliteCells = readonly (string | number | bigint | Uint8Array | null)[]

interface BetterSqlite {
  prepare(sql: string): {
    readonly reader: boolean
    run(...values: Cells): unknown
    safeIntegers(): { raw(): { all(...values: Cells): readonly SqliteCells[] } }
  }
}

interface NodeSqlite {
  prepare(sql: string): {
    setReadBigInts(on: boolean): void
    setReturnArrays(on: boolean): void
    all(...values: Cells): readonly SqliteCells[]
  }
}

const isObject = (value: unknown): value is Shape => typeof value === 'object' && value !== null

const isFunction = (value: unknown): boolean => typeof value === 'function'

const asText = { getTypeParser: () => (text: string) => text }

const typeCast = (column: { string(): string | null }): string | null => column.string()

const rowsOnly = (answer: unknown): readonly TreeRow[] => (Array.isArray(answer) ? answer : [])

const drivers: readonly Driver[] = [
  {
    matches: pg => isFunction(pg['query']) && 'processID' in pg,
    over: (pg: PgClient) => ({
      dialect: 'postgres',
      run: async (text, values = []) =>
        (await pg.query({ text, values: [...values], rowMode: 'array', types: asText })).rows ?? [],
    }),
  },
  {
    // what promises is put around what calls back
    matches: mysql2 => isFunction(mysql2['query']) && 'threadId' in mysql2 && isObject(mysql2['connection']),
    over: (mysql2: Mysql2Connection) => ({
      dialect: 'mariadb',
      run: async (sql, values = []) =>
        rowsOnly((await mysql2.query({ sql, values: [...values], rowsAsArray: true, typeCast }))[0]),
    }),
  },
  {
    matches: mariadb => isFunction(mariadb['query']) && 'threadId' in mariadb && isFunction(mariadb['importFile']),
    over: (mariadb: MariadbConnection) => ({
      dialect: 'mariadb',
      run: async (sql, values = []) => rowsOnly(await mariadb.query({ sql, rowsAsArray: true, typeCast }, values)),
    }),
  },
  {
    matches: sqlite => isFunction(sqlite['prepare']) && isFunction(sqlite['pragma']),
    over: (sqlite: BetterSqlite) => ({
      dialect: 'sqlite',
      async run(sql, values = []) {
        const statement = sqlite.prepare(sql)
        if (statement.reader)
          return textOf(
            statement
              .safeIntegers()
              .raw()
              .all(...values),
          )
        statement.run(...values)
        return []
      },
    }),
  },
  {
    matches: sqlite => isFunction(sqlite['prepare']) && isFunction(sqlite['exec']),
    over: (sqlite: NodeSqlite) => ({
      dialect: 'sqlite',
      async run(sql, values = []) {
        const statement = sqlite.prepare(sql)
        statement.setReadBigInts(true)
        statement.setReturnArrays(true)
        return textOf(statement.all(...values))
      },
    }),
  },
]

function textOf(rows: readonly SqliteCells[]): readonly TreeRow[] {
  return rows.map(row => row.map(cell => (cell === null || typeof cell === 'string' ? cell : textOfCell(cell))))
}

function textOfCell(cell: number | bigint | Uint8Array): string {
  return typeof cell === 'object' ? Buffer.from(cell).toString() : String(cell)
}
