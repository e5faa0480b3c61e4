/**
 * A session beside the host's, and what fixtures over MySQL's protocol have in common.
 */
import { createConnection } from 'mysql2/promise'
import { describe } from 'vitest'
import { createMariadbDatabase, mariadbUrl } from '../../../../test/support/mariadb.js'
import { createMysqlDatabase, mysqlUrl } from '../../../../test/support/mysql.js'
import type { Database } from '../../../../test/support/postgres.js'
import { skipAloud } from '../../../../test/support/skip.js'
import type { Observer, Wire } from '../../src/testing/index.js'

/** Why tests on MariaDB are skipped, if they are. */
export const noMariadb = (): boolean => skipAloud('mariadb', mariadbUrl(), 'install mariadb-server')

/** A server of MySQL's protocol, and how a database on it is made. */
export interface MysqlGround {
  readonly name: 'MariaDB' | 'MySQL'
  create(): Promise<Database>
}

const noMysql = (): boolean => skipAloud('mysql', mysqlUrl(), 'npm run mysql')

const grounds: readonly (MysqlGround & { lacking(): boolean })[] = [
  { name: 'MariaDB', create: createMariadbDatabase, lacking: noMariadb },
  { name: 'MySQL', create: createMysqlDatabase, lacking: noMysql },
]

/** Those of the two that are there. */
export function mysqlGrounds(): readonly MysqlGround[] {
  return grounds.filter(({ lacking }) => !lacking())
}

/** A suite for each of the two, skipped where that is not there. */
export function describeOnMysql(suite: (ground: MysqlGround) => void): void {
  for (const ground of grounds) describe.skipIf(ground.lacking())(`on ${ground.name}`, () => suite(ground))
}

/** A query for the numbers from 1 to a multiple of 200. MySQL ends a recursion after a thousand steps. */
export const numbersTo = (last: number): string =>
  `with recursive step (n) as (select 1 union all select n + 1 from step where n < 200)
   select a.n + 200 * (b.n - 1) as n from step a join step b on b.n <= ${last / 200}`

export async function observe(url: string): Promise<Observer> {
  const connection = await createConnection({ uri: url, multipleStatements: true, rowsAsArray: true })
  connection.on('error', () => {})
  return {
    async rows(sql) {
      const [rows] = await connection.query(sql)
      return Array.isArray(rows) ? (rows as unknown[][]) : []
    },
    close: () => connection.end(),
  }
}

/** Where the parts of a URL go in the options of `mariadb`, whose own URLs have another scheme. */
export function optionsOf(url: string) {
  const { hostname: host, port, username: user, password, pathname } = new URL(url)
  return { host, port: Number(port), user, password, database: pathname.slice(1) }
}

export interface TappedWire extends Wire {
  /** Listens to what is written to a socket. */
  listen(socket: object): void
}

interface Written {
  write(data: Uint8Array, ...rest: never[]): boolean
  prependListener(event: 'data', listener: (data: Buffer) => void): unknown
}

/** What one connection has prepared. */
interface Prepared {
  readonly texts: Map<number, string>
  readonly asked: string[]
  latest: string
}

const [query, prepare, execute] = [0x03, 0x16, 0x17]

/** What really goes over the wires: the commands of the protocol, read from the bytes that are written. */
export function wire(): TappedWire {
  const texts: string[] = []
  const tapped = new WeakSet<object>()
  let bytes = 0
  const read = (prepared: Prepared, data: Buffer): void => {
    bytes += data.length
    for (let at = 0; at + 4 < data.length; at += 4 + data.readUIntLE(at, 3)) {
      const [first, command] = [data[at + 3] === 0, data[at + 4]]
      const rest = data.subarray(at + 5, at + 4 + data.readUIntLE(at, 3))
      if (!first) continue
      if (command === query) texts.push(rest.toString())
      if (command === prepare) {
        prepared.latest = rest.toString()
        prepared.asked.push(prepared.latest)
      }
      // -1 is the latest, whatever its number will be
      if (command === execute) texts.push(prepared.texts.get(rest.readInt32LE(0)) ?? prepared.latest)
    }
  }
  /** The number of a statement is in the answer to its preparation. */
  const hear = ({ asked, texts: byNumber }: Prepared, data: Buffer): void => {
    const text = asked.shift()
    if (text !== undefined && data[4] === 0) byNumber.set(data.readInt32LE(5), text)
  }
  return {
    texts,
    get bytes() {
      return bytes
    },
    clear() {
      texts.length = 0
    },
    listen(socket) {
      if (tapped.has(socket)) return
      tapped.add(socket)
      const prepared: Prepared = { texts: new Map(), asked: [], latest: '' }
      const { write } = socket as Written
      ;(socket as Written).prependListener('data', data => hear(prepared, data))
      Object.assign(socket, {
        write(data: Uint8Array, ...rest: never[]) {
          read(prepared, Buffer.from(data))
          return write.call(socket, data, ...rest)
        },
      })
    },
  }
}
