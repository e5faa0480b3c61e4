/** Schemas to load into SQLite: the torture schema, and other people's where they are at hand. */
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { skipAloud } from '../../../../../test/support/skip.js'

const data = fileURLToPath(new URL('../../../../../../shared/data/', import.meta.url))

export interface Sample {
  readonly name: string
  readonly script: string
}

export const torture = readFileSync(new URL('./torture.sql', import.meta.url), 'utf8')

export const samples: readonly Sample[] = [
  { name: 'torture', script: torture },
  ...fromFile('sakila', 'sakila/sqlite-schema.sql'),
  ...fromFile('chinook', 'chinook/chinook-sqlite.sql'),
]

function fromFile(name: string, path: string): readonly Sample[] {
  const file = existsSync(data + path) ? data + path : undefined
  const lacking = skipAloud(`${name} for SQLite`, file, 'put it beside the repository')
  return lacking || file === undefined ? [] : [{ name, script: withoutRows(readFileSync(file, 'utf8')) }]
}

function withoutRows(script: string): string {
  return script.replace(/^INSERT INTO [^]*?\);$/gm, '')
}
