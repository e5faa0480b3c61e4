import type { Cell } from 'pillion/schema'
import { type Connection, type Driver, importAny, type Session, withoutSecrets } from './driver.js'

interface Exports {
  readonly default: { createConnection(options: unknown): Promise<Client> }
}

/** What `mysql2/promise` and `mariadb` have in common, as far as it is used. */
interface Client {
  readonly threadId: number
  query(options: object, values?: readonly Cell[]): Promise<unknown>
  end(): Promise<void>
}

/** A connection, and how rows are had of it: an answer that is no rows is something else. */
interface Opened {
  readonly client: Client
  answer(options: Query): Promise<unknown>
}

interface Query {
  readonly sql: string
  readonly values: readonly Cell[]
  /** What a cell becomes, where that is not the driver's to say. */
  readonly typeCast?: (column: { string(): string | null }) => string | null
}

export const mysql: Driver = {
  dialect: 'mysql',
  matches: url => /^(mysql|mariadb):\/\//.test(url) && URL.canParse(url),
  shown: withoutSecrets,
  open: async url => reading(await connect(url), url),
  session: async url => writing(await connect(url), url),
}

async function connect(url: string): Promise<Opened> {
  const [name, exports] = await importAny<Exports>(['mysql2/promise', 'mariadb'], 'MySQL')
  const { createConnection } = exports.default
  return name === 'mariadb'
    ? overMariadb(await createConnection(url.replace(/^mysql:/, 'mariadb:')))
    : overMysql2(await createConnection({ uri: url.replace(/^mariadb:/, 'mysql:'), connectTimeout: 15_000 }))
}

function overMysql2(client: Client): Opened {
  return {
    client,
    async answer({ values, ...query }) {
      const [rows] = (await client.query({ ...query, values: [...values], rowsAsArray: true })) as [unknown]
      return rows
    },
  }
}

function overMariadb(client: Client): Opened {
  return { client, answer: ({ values, ...query }) => client.query({ ...query, rowsAsArray: true }, values) }
}

function reading({ client, answer }: Opened, url: string): Connection {
  return {
    read: async (sql, values = []) => (await answer({ sql, values })) as Cell[][],
    cancel: () => cancel(client, url),
    close: () => client.end(),
  }
}

function writing({ client, answer }: Opened, url: string): Session {
  const typeCast = (column: { string(): string | null }): string | null => column.string()
  return {
    dialect: 'mariadb',
    async run(sql, values = []) {
      const rows = await answer({ sql, values, typeCast })
      return Array.isArray(rows) ? (rows as (string | null)[][]) : []
    },
    cancel: () => cancel(client, url),
    close: () => client.end(),
  }
}

async function cancel({ threadId }: Client, url: string): Promise<void> {
  const other = await connect(url)
  try {
    await other.answer({ sql: `KILL QUERY ${threadId}`, values: [] })
  } finally {
    await other.client.end()
  }
}
