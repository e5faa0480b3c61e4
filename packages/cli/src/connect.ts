/**
 * A connection of the command's own, open no longer than its work.
 *
 * @module
 */
import pg from 'pg'
import type { Read } from 'pillion/schema'
import { ConnectionError, explain, UsageError } from './failure.js'

/** Connects, does the work, and closes, however the work ends. */
export async function withConnection<T>(url: string, work: (read: Read) => Promise<T>): Promise<T> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'pillion',
    connectionTimeoutMillis: 15_000,
  })
  // A connection lost while idle is told by the next statement.
  client.on('error', () => {})
  await client.connect().catch((error: unknown) => {
    throw ConnectionError(`cannot connect to ${withoutSecrets(url)}: ${reason(error)}`)
  })
  try {
    return await work(reader(client))
  } finally {
    await client.end()
  }
}

const asText = { getTypeParser: () => (text: string) => text }

function reader(client: pg.Client): Read {
  return async (sql, values = []) => {
    const { rows } = await client.query({ text: sql, values: [...values], rowMode: 'array', types: asText })
    return rows
  }
}

/** The URL as it may be shown: neither password nor parameters, which may hold one. */
export function withoutSecrets(url: string): string {
  const { protocol, username, host, pathname } = parseUrl(url)
  return `${protocol}//${username === '' ? '' : `${username}@`}${host}${pathname}`
}

function parseUrl(url: string): URL {
  if (/^postgres(ql)?:\/\//.test(url) && URL.canParse(url)) return new URL(url)
  throw UsageError('the database URL is not of the form postgres://user:password@host:5432/database')
}

/** A refused connection comes as one error an address, without a message of its own. */
function reason(error: unknown): string {
  const { errors = [] } = error as { readonly errors?: readonly unknown[] }
  return explain(error) || errors.map(explain).join(', ')
}
