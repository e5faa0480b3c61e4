import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { createDatabase } from '../../../test/support/postgres.js'

const program = fileURLToPath(new URL('../four.js', import.meta.url))

test('four transactions with open result sets are committed as they were begun, twice', async () => {
  const database = await createDatabase()
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [program, database.url])
    const rounds = stdout.split('and again:')
    expect(rounds).toHaveLength(2)
    for (const round of rounds) {
      expect(round.match(/^\w+: committed$/gm)).toEqual(
        ['one', 'two', 'three', 'four'].map(name => `${name}: committed`),
      )
      expect(new Set(round.match(/session \d+/g))).toHaveProperty('size', 4)
      expect(new Set(round.match(/transaction \d+/g))).toHaveProperty('size', 4)
      expect(round.match(/^a stream: TRANSACTION_FINISHED$/gm)).toHaveLength(3)
    }
  } finally {
    await database.drop()
  }
})

test('a server of its own that ends before the connections to it do is no failure', async () => {
  const late = new URL('support/late-farewell.js', import.meta.url).href
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', late, program])
  expect(stdout.match(/^four: committed$/gm)).toHaveLength(2)
})
