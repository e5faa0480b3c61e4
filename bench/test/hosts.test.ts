/**
 * What the bench of rides asks for, and how it tells what it found.
 */
import { describe, expect, test } from 'vitest'
import { parseOptions } from '../src/hosts/options.js'
import { tableOf } from '../src/hosts/report.js'

describe('options', () => {
  const names = (...args: string[]) => parseOptions(args).riders.map(rider => rider.name)

  test('ask for every host, unless some are named or a dialect is', () => {
    expect(names().length).toBeGreaterThan(20)
    expect(names('--only', 'knex')).toEqual(['Knex on pg', 'Knex on mysql2', 'Knex on better-sqlite3'])
    expect(names('--only', 'node:sqlite', '--only', 'pglite')).toEqual(['PGlite', 'node:sqlite'])
    expect(parseOptions(['--only', 'sqlite']).riders.every(rider => rider.dialect === 'sqlite')).toBe(true)
  })

  test('refuse a host that is not there', () => {
    expect(() => parseOptions(['--only', 'oracle'])).toThrow('oracle')
  })
})

describe('the table', () => {
  const outcome = (overRaw: number, overAlike: number) => ({ raw: 80, overRaw, overAlike, noise: 0.02 })

  test('marks what is beyond what it is held to', () => {
    const text = tableOf([{ name: 'pg', found: { root: { one: outcome(1.05, 1.06), thousand: outcome(1.01, 0.9) } } }])
    expect(text).toMatch(/1\.05 \(1\.06 !\) .*1\.01 ! \(0\.90\)/)
  })

  test('says why a host is absent', () => {
    expect(tableOf([{ name: 'node:sqlite', absent: 'Node 20 has none' }])).toContain('node:sqlite  ')
    expect(tableOf([{ name: 'node:sqlite', absent: 'Node 20 has none' }])).toContain('Node 20 has none')
  })
})
