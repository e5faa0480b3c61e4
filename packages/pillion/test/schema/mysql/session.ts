/** A session of a test's own on one of the servers, and what reflection reads through it. */
import { createConnection, type RowDataPacket } from 'mysql2/promise'
import type { Read } from '../../../src/schema/index.js'
import type { TestedServer } from './servers.js'

export interface Session {
  readonly url: string
  readonly database: string
  readonly read: Read
  /** Every statement that went through `read`. */
  readonly statements: readonly string[]
  /** Runs statements that stand by themselves, one after another. */
  run(...statements: readonly string[]): Promise<void>
  close(): Promise<void>
}

/** A session on an empty database, through mysql2. */
export async function openSession(server: TestedServer): Promise<Session> {
  const database = await server.create()
  const connection = await createConnection({ uri: database.url, charset: 'utf8mb4' })
  const statements: string[] = []
  return {
    url: database.url,
    database: new URL(database.url).pathname.slice(1),
    statements,
    read: async (sql, values = []) => {
      statements.push(sql)
      const [rows] = await connection.query<RowDataPacket[][]>({ sql, values: [...values], rowsAsArray: true })
      return rows as unknown as Awaited<ReturnType<Read>>
    },
    run: async (...list) => {
      for (const statement of list) await connection.query(statement)
    },
    close: async () => {
      await connection.end()
      await database.drop()
    },
  }
}
