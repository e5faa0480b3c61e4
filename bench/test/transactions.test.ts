/**
 * What the bench of transactions asks for.
 */
import { describe, expect, test } from 'vitest'
import { help, parseOptions } from '../src/transactions/options.js'

describe('options', () => {
  test('ask for every host and the crowd, unless some are named', () => {
    expect(parseOptions([])).toMatchObject({ crowd: true, rounds: 40, json: undefined })
    expect(parseOptions([]).fields.length).toBe(9)
    expect(parseOptions(['--only', 'sqlite', '--only', 'mysql2', '--quick'])).toMatchObject({
      fields: ['mysql2', 'better-sqlite3'],
      crowd: false,
      rounds: 10,
    })
  })

  test('are told of, and refused where they are not known', () => {
    expect(help).toContain('better-sqlite3')
    expect(() => parseOptions(['--only', 'oracle'])).toThrow('oracle')
    expect(() => parseOptions(['--fast'])).toThrow('--fast')
  })
})
