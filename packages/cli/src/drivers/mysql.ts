import type { Cell } from 'pillion/schema'
import { type Connection, type Driver, importAny, withoutSecrets } from './driver.js'

interface Exports {
  readonly default: { createConnection(options: unknown): Promise<Client> }
}

/** What `mysql2/promise` and `mariadb` have in common, as far as it is used. */
interface Client {
  query(options: object, values?: readonly Cell[]): Promise<unknown>
  end(): Promise<void>
}

export const mysql: Driver = {
  dialect: 'mysql',
  matches: url => /^(mysql|mariadb):\/\//.test(url) && URL.canParse(url),
  shown: withoutSecrets,
  open: async url => {
    const [name, exports] = await importAny<Exports>(['mysql2/promise', 'mariadb'], 'MySQL')
    const { createConnection } = exports.default
    return name === 'mariadb'
      ? overMariadb(await createConnection(url.replace(/^mysql:/, 'mariadb:')))
      : overMysql2(await createConnection({ uri: url.replace(/^mariadb:/, 'mysql:'), connectTimeout: 15_000 }))
  },
}

function overMysql2(client: Client): Connection {
  return {
    read: async (sql, values = []) => {
      const [rows] = (await client.query({ sql, values: [...values], rowsAsArray: true })) as [Cell[][]]
      return rows
    },
    close: () => client.end(),
  }
}

function overMariadb(client: Client): Connection {
  return {
    read: async (sql, values = []) => (await client.query({ sql, rowsAsArray: true }, values)) as Cell[][],
    close: () => client.end(),
  }
}
