/** Options of a database that no compiler has looked at: of plain JavaScript, of JSON. */
import Sqlite from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ErrorCode, pillion, pillionSync } from 'pillion'
import { betterSqlite3Host } from 'pillion/better-sqlite3'
import { pgHost } from 'pillion/pg'
import { writeSnapshot } from 'pillion/schema'
import { expectRefusal } from '../query/refusal.js'
import { type Interviews, openInterviews } from '../support/interviews.js'

let at: Interviews
beforeAll(async () => {
  at = await openInterviews()
})
afterAll(() => at.close())

// oxlint-disable-next-line typescript/no-explicit-any
type Any = any

describe('a database is refused', () => {
  it.each<[what: string, options: (text: string) => unknown, code: ErrorCode, named: RegExp]>([
    ['null for options', () => null, 'QUERY_INVALID', /an object, and not null/],
    ['a text for options', () => 'camel', 'QUERY_INVALID', /an object/],
    ['one schema', () => ({ schemas: 'public' }), 'QUERY_INVALID', /schemas/],
    ['schemas by number', () => ({ schemas: [1] }), 'QUERY_INVALID', /schemas/],
    ['names of another style', () => ({ names: 'snake' }), 'QUERY_INVALID', /names.*database or camel/],
    ['origins of another kind', () => ({ origins: true }), 'QUERY_INVALID', /origins.*clause, call or none/],
    ['less than no shapes', () => ({ shapes: -1 }), 'QUERY_INVALID', /shapes/],
    ['the text of a catalogue', text => ({ catalog: text }), 'SNAPSHOT_INVALID', /catalog.*\n.*parseSnapshot/],
    ['a module for a catalogue', text => ({ catalog: { catalog: JSON.parse(text) } }), 'SNAPSHOT_INVALID', /dialect/],
    ['the text of an earlier one', text => ({ previous: text }), 'SNAPSHOT_INVALID', /previous.*\n.*parseSnapshot/],
    ['half of one', text => ({ previous: { ...JSON.parse(text), types: undefined } }), 'SNAPSHOT_INVALID', /types/],
    ['overrides as a list', () => ({ overrides: [] }), 'OVERRIDE_INVALID', /an object/],
    ['one glob to keep', () => ({ overrides: { include: 'interview*' } }), 'OVERRIDE_INVALID', /include/],
    ['one glob to leave out', () => ({ overrides: { exclude: 'interview*' } }), 'OVERRIDE_INVALID', /exclude/],
    [
      'one column to leave out',
      () => ({ overrides: { excludeColumns: 'email' } }),
      'OVERRIDE_INVALID',
      /excludeColumns/,
    ],
    [
      'nullability as it is not told',
      () => overriding('nullability', 'user.email', 'nullable'),
      'OVERRIDE_INVALID',
      /not null/,
    ],
    ['nullability by true', () => overriding('nullability', 'user.email', true), 'OVERRIDE_INVALID', /not null/],
    ['one name of a relation', () => overriding('relations', key, 'by'), 'OVERRIDE_INVALID', /\{ to: 'author'/],
    [
      'a misspelt end of a relation',
      () => overriding('relations', key, { form: 'by' }),
      'OVERRIDE_INVALID',
      /\{ to: 'author'/,
    ],
    ['a type by number', () => overriding('types', 'user.email', 1), 'OVERRIDE_INVALID', /types/],
    ['one virtual relation', () => ({ overrides: { virtual: virtual(['owner_id']) } }), 'OVERRIDE_INVALID', /virtual/],
    ['one by a column', () => ({ overrides: { virtual: [virtual('owner_id')] } }), 'OVERRIDE_INVALID', /columns/],
  ])('%s', async (_, options, code, named) => {
    const given = options(writeSnapshot(at.db.catalog)) as never
    await expectRefusal(async () => await pillion(pgHost(at.pool), given), code, named)
    const sqlite = new Sqlite(':memory:')
    await expectRefusal(async () => pillionSync(betterSqlite3Host(sqlite), given), code, named)
    sqlite.close()
  })

  it('and none where they are right', async () => {
    const overrides = { virtual: [virtual(['owner_id'])], nullability: { 'public.user.email': 'not null' } } as const
    const options = { schemas: ['public'], names: 'camel', origins: 'call', shapes: 0, overrides } as const
    const db = await pillion<Any>(pgHost(at.pool), { ...options, previous: at.db.catalog })
    expect(db.catalog.tables.find(({ name }) => name === 'user')?.columns).toContainEqual(
      expect.objectContaining({ name: 'email', nullable: false }),
    )
  })
})

const key = 'interview.interview_owner_id_fkey'

function overriding(word: string, of: string, told: unknown): unknown {
  return { overrides: { [word]: { [`public.${of}`]: told } } }
}

function virtual<T>(columns: T) {
  return { name: 'v', table: 'public.interview', target: 'public.user', columns, targetColumns: ['id'] }
}
