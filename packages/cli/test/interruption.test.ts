import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createDatabase, type Database } from '../../../test/support/postgres.js'
import { interruptible, stoppable } from '../src/interruption.js'

let database: Database
let client: pg.Client

beforeAll(async () => {
  database = await createDatabase()
  client = new pg.Client(database.url)
  await client.connect()
  await client.query('create table done (what text)')
})
afterAll(async () => {
  await client.end()
  await database.drop()
})

it('stops between two statements, too, and lets go through what undoes', async () => {
  const stop = new AbortController()
  const run = stoppable(
    (sql: string) => client.query(sql),
    async () => {},
    stop.signal,
  )
  await run(`insert into done values ('before')`)
  stop.abort(new Error('interrupted'))
  await expect(run(`insert into done values ('behind')`)).rejects.toThrow('interrupted')
  await run(`insert into done values ('undo')`)
  expect((await client.query({ text: 'select what from done', rowMode: 'array' })).rows.flat()).toEqual([
    'before',
    'undo',
  ])
})

it('lets nothing go through before the server has been told: it would stop that', async () => {
  const stop = new AbortController()
  const order: string[] = []
  const run = stoppable(
    async (sql: string) => {
      order.push(sql)
      await client.query(sql)
    },
    async () => {
      await client.query('select 1')
      order.push('told')
    },
    stop.signal,
  )
  stop.abort(new Error('interrupted'))
  await run('select 1').catch(() => run('rollback'))
  expect(order).toEqual(['told', 'rollback'])
})

it('gives what was done before it could be stopped', async () => {
  expect(await interruptible(async () => 'done')).toBe('done')
})
