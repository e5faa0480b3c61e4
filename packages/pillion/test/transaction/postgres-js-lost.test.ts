/**
 * A connection of postgres.js that ends while it is idle inside of a transaction. A statement on it would end the process by an error
 * that nobody can catch: so they run in a process of their own, which tells what it saw.
 */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createDatabase, type Database } from '../../../../test/support/postgres.js'

const run = promisify(execFile)

/** What happens after the session is gone: `seen` is what it gives. */
const works: Readonly<Record<string, { readonly text: string; readonly seen: readonly unknown[] }>> = {
  'a statement': {
    text: `return codes(tx.run(async t => { await lose(t.orm); await t.orm\`select 2\` }))`,
    seen: [lostOr('ECONNRESET', 'CONNECTION_CLOSED')],
  },
  'a statement whose error is caught': {
    text: `return codes(tx.run(async t => { await lose(t.orm); await t.orm\`select 2\`.catch(() => {}) }))`,
    seen: ['CONNECTION_LOST'],
  },
  'a rollback after a statement': {
    text: `
      const t = await tx.begin()
      await lose(t.orm)
      await t.orm\`select 2\`.catch(() => {})
      return codes(t.rollback())`,
    seen: ['ok'],
  },
  'a statement of a nested one': {
    text: `
      return codes(tx.run(async t => {
        await tx.run({ mode: 'nested' }, async n => { await lose(n.orm); await n.orm\`select 2\`.catch(() => {}) })
      }))`,
    seen: ['CONNECTION_LOST'],
  },
  'the begin of a nested one': {
    text: `
      return codes(tx.run(async t => {
        await lose(t.orm)
        await tx.run({ mode: 'nested' }, async () => {})
      }))`,
    seen: [lostOr('ECONNRESET', 'CONNECTION_CLOSED')],
  },
  "a statement in a savepoint of postgres.js's own": {
    text: `
      return codes(tx.run(async t => {
        await t.orm.savepoint(async s => { await lose(s); await s\`select 2\`.catch(() => {}) })
      }))`,
    seen: ['CONNECTION_LOST'],
  },
  "a savepoint of postgres.js's own": {
    text: `return codes(tx.run(async t => { await lose(t.orm); await t.orm.savepoint(async () => {}).catch(() => {}) }))`,
    seen: ['CONNECTION_LOST'],
  },
  'a pull of a cursor': {
    text: `
      return codes(tx.run(async t => {
        for await (const rows of t.orm\`select generate_series(1, 9)\`.cursor(1)) await lose(t.orm, sql)
      }))`,
    seen: [lostOr('ECONNRESET', 'CONNECTION_CLOSED')],
  },
  Drizzle: {
    text: `
      return codes(transactions(drizzle(sql)).run(async t => {
        await lose({ unsafe: text => t.orm.execute(text) })
        await t.orm.execute('select 2').catch(() => {})
      }))`,
    seen: ['CONNECTION_LOST'],
  },
  "pillion's own query": {
    text: `
      const host = postgresHost(sql)
      return codes(tx.run(async t => {
        await lose(t.orm)
        await host.run(t.target ?? undefined, { text: 'select 2', values: [] }, {}).catch(() => {})
      }))`,
    seen: ['CONNECTION_LOST'],
  },
}

function lostOr(...others: readonly string[]): unknown {
  return expect.stringMatching(new RegExp(`^(${['CONNECTION_LOST', ...others].join('|')})$`))
}

/** All of them, one after the other. A pool that has not heard of the end yet gives the connection out once more: so that is asked again. */
const program = (url: string, milliseconds: number): string => `
  import { drizzle } from 'drizzle-orm/postgres-js'
  import { transactions } from 'pillion/transaction'
  import { postgresHost } from 'pillion/postgres'
  import postgres from 'postgres'
  const url = ${JSON.stringify(url)}
  const other = postgres(url, { max: 1 })
  const codes = outcome => outcome.then(() => 'ok', error => error.code ?? error.message)
  const told = {}
  const works = {
    ${Object.entries(works)
      .map(([name, { text }]) => `${JSON.stringify(name)}: async (sql, tx, lose) => { ${text} }`)
      .join(',\n')}
  }
  for (const [name, work] of Object.entries(works)) {
    const sql = postgres(url, { max: 1, onnotice: () => {} })
    const tx = transactions(sql)
    const [{ pid }] = await sql\`select pg_backend_pid() as pid\`
    const lose = async () => {
      await other\`select pg_terminate_backend(\${pid})\`
      await new Promise(resolve => setTimeout(resolve, ${milliseconds}))
    }
    told[name] = [await work(sql, tx, lose)]
    for (let n = 0; n < 20 && told[name].length < 2; n++) {
      await tx.run(t => t.orm\`select 1\`).then(() => told[name].push('goes on'), () => {})
    }
    await sql.end({ timeout: 1 })
  }
  console.log(JSON.stringify(told))
  await other.end({ timeout: 1 })
`

let database: Database
beforeAll(async () => {
  database = await createDatabase()
})
afterAll(() => database.drop())

test.each([
  ['is known', 150],
  ['is not known yet', 0],
] as const)('on a connection whose end %s nothing hangs, and the process lives', async (_, milliseconds) => {
  const { stdout } = await run(
    process.execPath,
    ['--input-type=module', '--eval', program(database.url, milliseconds)],
    { cwd: import.meta.dirname, timeout: 40_000 },
  )
  expect(JSON.parse(stdout)).toEqual(
    Object.fromEntries(Object.entries(works).map(([name, { seen }]) => [name, [...seen, 'goes on']])),
  )
})
