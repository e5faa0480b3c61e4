/**
 * What the bench of transactions asks for.
 */
import { describe, expect, test } from 'vitest'
import { help, parseOptions } from '../src/transactions/options.js'
import { ratio } from '../src/transactions/rounds.js'
import { startRunner } from '../dist/transactions/runner.js'

describe('options', () => {
  test('ask for every host and the crowd, unless some are named', () => {
    expect(parseOptions([])).toMatchObject({ crowd: true, rounds: 40, json: undefined })
    expect(parseOptions([]).fields.length).toBe(14)
    expect(parseOptions(['--only', 'sqlite', '--only', 'mysql2', '--quick'])).toMatchObject({
      fields: [{ name: 'mysql2' }, { name: 'better-sqlite3' }],
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

describe('a host in a process of its own', () => {
  const { signal } = new AbortController()
  const course = { statement: 'write', rounds: 3, perRound: 2, collects: true } as const

  test('gives a sample of each contender for each round, and ends when it is let go', async () => {
    const runner = await startRunner('PGlite', '', signal)
    const samples = await runner.run(course)
    expect(runner.contenders.map(({ name }) => name)).toEqual(Object.keys(samples))
    expect(Object.values(samples).map(taken => taken.length)).toEqual([3, 3])
    expect(
      Object.values(samples)
        .flat()
        .every(microseconds => microseconds > 0),
    ).toBe(true)
    await runner[Symbol.asyncDispose]()
    expect(() => process.kill(runner.pid, 0)).toThrow('ESRCH')
  })

  test('that cannot be opened is told of, and one that is stopped', async () => {
    await expect(startRunner('oracle', '', signal)).rejects.toThrow('ended with code 1')
    const stop = new AbortController()
    const runner = await startRunner('PGlite', '', stop.signal)
    const running = runner.run({ ...course, rounds: 1e9 })
    stop.abort()
    await expect(running).rejects.toThrow('abort')
    await runner[Symbol.asyncDispose]()
    expect(() => process.kill(runner.pid, 0)).toThrow('ESRCH')
  })

  test('is compared within each round', () => {
    expect(ratio([2, 30, 8], [1, 10, 8])).toBe(2)
  })
})
