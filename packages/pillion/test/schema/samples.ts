/** Databases to emit and to read again: the torture schema, and other people's where they are at hand. */
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { createDatabase, type Database } from '../../../../test/support/postgres.js'
import { skipAloud } from '../../../../test/support/skip.js'
import type { Read } from '../../src/schema/read.js'
import { tortureScripts } from './postgres/torture.js'

const data = fileURLToPath(new URL('../../../../../shared/data/', import.meta.url))

/** A schema to load. */
export interface Sample {
  readonly name: string
  readonly scripts: (major: number) => readonly string[]
}

export const samples: readonly Sample[] = [
  { name: 'torture', scripts: tortureScripts },
  ...fromFile('sakila', 'sakila/postgres-schema.sql'),
  ...fromFile('pagila', 'pagila/pagila-schema-pg15.sql'),
  ...fromFile('chinook', 'chinook/chinook-postgresql.sql'),
]

function fromFile(name: string, path: string): readonly Sample[] {
  const file = existsSync(data + path) ? data + path : undefined
  const lacking = skipAloud(`${name} sample`, file, 'put it beside the repository')
  return lacking || file === undefined ? [] : [{ name, scripts: () => [loadable(file)] }]
}

/** Without rows, owners and what only psql understands. */
function loadable(file: string): string {
  return readFileSync(file, 'utf8')
    .replace(
      /^(\\c |DROP DATABASE|CREATE DATABASE|ALTER .* OWNER TO |GRANT |REVOKE |ALTER DEFAULT PRIVILEGES).*$/gm,
      '',
    )
    .replace(/^INSERT INTO [^]*?\);$/gm, '')
}

/** A database of the test's own, with a connection that gives text. */
export interface Opened extends Database {
  readonly client: pg.Client
  readonly read: Read
  readonly major: number
  close(): Promise<void>
}

export async function open(server?: string): Promise<Opened> {
  const database = await createDatabase(server)
  const client = new pg.Client(database.url)
  await client.connect()
  const types = { getTypeParser: () => (text: string) => text }
  const read: Read = async (text, values = []) =>
    (await client.query({ text, values: [...values], rowMode: 'array', types })).rows
  const [[version] = []] = await read("select current_setting('server_version_num')")
  return {
    ...database,
    client,
    read,
    major: Math.floor(Number(version) / 10_000),
    async close() {
      await client.end()
      await database.drop()
    },
  }
}

/** Loads a sample into an empty database. */
export async function load({ client, major }: Opened, sample: Sample): Promise<void> {
  for (const script of sample.scripts(major)) await client.query(script)
  // The samples set a search path and more, which is nothing to the schema.
  await client.query('reset all')
}
