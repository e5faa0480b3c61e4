import pg from 'pg'
import type { Driver } from './driver.js'
import { withoutSecrets } from './driver.js'

const asText = { getTypeParser: () => (text: string) => text }

export const postgres: Driver = {
  dialect: 'postgres',
  matches: url => /^postgres(ql)?:\/\//.test(url) && URL.canParse(url),
  shown: withoutSecrets,
  open: async url => {
    const client = new pg.Client({
      connectionString: url,
      application_name: 'pillion',
      connectionTimeoutMillis: 15_000,
    })
    // A connection lost while idle is told by the next statement.
    client.on('error', () => {})
    await client.connect()
    return {
      read: async (sql, values = []) =>
        (await client.query({ text: sql, values: [...values], rowMode: 'array', types: asText })).rows,
      close: () => client.end(),
    }
  },
}
