/** A pool of mariadb's callbacks has the methods of one with promises, which answer otherwise: it is told apart before anything is asked. */
import { createPool } from 'mariadb/callback'
import { mariadbHost } from 'pillion/mariadb'
import { transactions } from 'pillion/transaction'
import { expect, onTestFinished, test } from 'vitest'

test.each([
  ['mariadbHost', (pool: object) => mariadbHost(pool as never)],
  ['transactions', (pool: object) => transactions(pool)],
])('%s refuses it, and names the cure', (_, make) => {
  // nobody listens at port 1, and nobody asks
  const pool = createPool({ host: '127.0.0.1', port: 1, minimumIdle: 0 })
  onTestFinished(() => pool.end(() => {}))
  expect(() => make(pool)).toThrow(
    expect.objectContaining({
      code: 'HOST_SHAPE',
      hint: expect.stringMatching(/"mariadb".*not of "mariadb\/callback"/),
    }),
  )
})
