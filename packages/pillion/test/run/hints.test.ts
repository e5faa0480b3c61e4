import { expect, it } from 'vitest'
import { from, type Host, pillion, PillionError } from 'pillion'
import { transactions } from 'pillion/transaction'
import { noMysqlConnection } from '../../src/hosts/mysql/failure.js'
import { operand, wrongType } from '../../src/query/expr.js'
import { noConnection } from '../../src/run/failure.js'
import { codeOf } from '../../src/testing/stage.js'
import { tables } from '../support/interviews.gen.js'

it('has a cure for what hosts throw without one', () => {
  const codes = [
    'HOST_UNKNOWN',
    'TRANSACTION_FOREIGN',
    'TRANSACTION_FINISHED',
    'STATEMENT_FAILED',
    'CONNECTION_LOST',
    'CONNECTION_UNAVAILABLE',
    'CANCELLED',
    'TIMED_OUT',
  ] as const
  for (const code of codes) expect(new PillionError(code, 'so').message).toMatch(/^ {2}hint: .{20}/m)
})

it('prefers the cure that is given', () => {
  expect(new PillionError('TIMED_OUT', 'so', { hint: 'Do this.' }).hint).toBe('Do this.')
})

it('says of a timeout that waiting for a connection is part of it', () => {
  expect(new PillionError('TIMED_OUT', 'so').hint).toMatch(/Waiting for a connection counts.*on\(tx\)/)
})

it('tells who gives an ORM or a pool in place of a host, or the reverse, what to give', async () => {
  const orm = { user: {}, dialect: {} } as unknown as Host
  expect(await codeOf(pillion(orm))).toBe('HOST_UNKNOWN')
  expect(await codeOf(pillion(undefined as never))).toBe('HOST_UNKNOWN')
  await expect(pillion(orm)).rejects.toThrow('pillion(prismaHost(prisma))')
  const host = { name: 'pg', dialect: 'postgres', run: () => undefined, stream: () => undefined }
  expect(() => transactions(host as never)).toThrow('transactions(pool) beside pillion(pgHost(pool))')
})

it('says of what is undefined that there is no such name', () => {
  const { interview } = tables as unknown as Record<string, Record<string, never>>
  const query = from(tables.interview)
  expect(() => from(tables['interviews' as 'interview'])).toThrow(/no table, column or relation.*names: 'camel'/)
  expect(() => query.select({ of: interview!['owner_id']! })).toThrow(/no table, column or relation/)
  expect(() => query.where(interview!['no']!)).toThrow(/no table, column or relation/)
  expect(() => query.where('open' as never)).toThrow(/wrap a plain value/)
})

it.each([
  ['timestamp', /without Z or an offset/],
  ['timestamptz', /with an offset/],
  ['date', /'2026-01-31'/],
  ['int4', /NaN/],
  ['uuid', /from outside/],
  ['bool', /cast the other side/],
])('says what a value of the type %s looks like', (name, form) => {
  expect(wrongType({ kind: 'base', name }, 'string').hint).toMatch(form)
})

it('takes for a timestamp what it says that one looks like', () => {
  const at = { kind: 'base', name: 'timestamp' } as const
  const stored = new Date('2026-01-31T12:00:00.5Z')
  expect(() => operand(stored.toISOString(), at)).toThrow('date.toISOString().slice(0, -1)')
  expect(operand(stored.toISOString().slice(0, -1), at)).toMatchObject({ value: '2026-01-31T12:00:00.500' })
})

/** What drivers throw when they get no connection. */
const told = (code: string, message: string) => Object.assign(new Error(message), { code, severity: 'FATAL' })

it.each([
  ['28P01', /password/],
  ['28000', /variable/],
  ['3D000', /no database of that name/],
  ['53300', /no connection left/],
])('says of a login that PostgreSQL refused by %s what to see to', (code, cure) => {
  expect(noConnection(told(code, 'of somebody'))).toMatchObject({
    code: 'CONNECTION_UNAVAILABLE',
    hint: expect.stringMatching(cure),
  })
})

it.each([
  [1045, /password/],
  [1049, /no database of that name/],
  [1040, /no connection left/],
])('says of a login that MySQL refused by %i what to see to', (errno, cure) => {
  const error = Object.assign(new Error('of somebody'), { errno, sqlMessage: 'of somebody' })
  expect(noMysqlConnection(error)).toMatchObject({ code: 'CONNECTION_UNAVAILABLE', hint: expect.stringMatching(cure) })
})

it('names the code of a failure to connect that has no message, as Node has none for several addresses', () => {
  const none = Object.assign(new AggregateError([], ''), { code: 'ECONNREFUSED', errno: -111 })
  for (const made of [noConnection(none), noMysqlConnection(none)]) {
    expect(made.summary).toBe('The host gave no connection (ECONNREFUSED).')
    expect(made.hint).toMatch(/host and port/)
  }
})
