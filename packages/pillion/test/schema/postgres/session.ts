/** A session of a test's own, and what reflection reads through it. */
import { Client } from 'pg'
import type { Read } from '../../../src/schema/index.js'

export interface Session {
  readonly read: Read
  /** Every statement that went through `read`. */
  readonly statements: readonly string[]
  run(sql: string): Promise<void>
  close(): Promise<void>
}

/** Opens a session whose rows are text. */
export async function openSession(url: string): Promise<Session> {
  const client = new Client({ connectionString: url, types: { getTypeParser: () => (text: string) => text } })
  await client.connect()
  const statements: string[] = []
  return {
    statements,
    read: async (text, values) => {
      statements.push(text)
      const { rows } = await client.query<(string | null)[]>({ text, values: [...(values ?? [])], rowMode: 'array' })
      return rows
    },
    run: async sql => {
      await client.query(sql)
    },
    close: () => client.end(),
  }
}
