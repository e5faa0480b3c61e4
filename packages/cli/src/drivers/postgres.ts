import pg from 'pg'
import type { Driver } from './driver.js'
import { withoutSecrets } from './driver.js'

const asText = { getTypeParser: () => (text: string) => text }

export const postgres: Driver = {
  dialect: 'postgres',
  matches: url => /^postgres(ql)?:\/\//.test(url) && URL.canParse(url),
  shown: withoutSecrets,
  open: async url => {
    const { client, ...open } = await opened(url)
    return { read: (sql, values = []) => rowsOf(client, sql, values), ...open }
  },
  session: async url => {
    const { client, ...open } = await opened(url)
    return { dialect: 'postgres', run: (sql, values = []) => rowsOf(client, sql, values), ...open }
  },
}

async function opened(url: string) {
  const client = await connect(url)
  const [[pid] = []] = await rowsOf<string>(client, 'SELECT pg_backend_pid()', [])
  return { client, cancel: () => cancel(pid, url), close: () => client.end() }
}

async function cancel(pid: string | undefined, url: string): Promise<void> {
  const other = await connect(url)
  try {
    await rowsOf(other, 'SELECT pg_cancel_backend($1)', [pid])
  } finally {
    await other.end()
  }
}

async function connect(connectionString: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString, application_name: 'pillion', connectionTimeoutMillis: 15_000 })
  // A connection lost while idle is told by the next statement.
  client.on('error', () => {})
  await client.connect()
  return client
}

async function rowsOf<Cell>(client: pg.Client, text: string, values: readonly unknown[]): Promise<Cell[][]> {
  return (await client.query({ text, values: [...values], rowMode: 'array', types: asText })).rows as Cell[][]
}
