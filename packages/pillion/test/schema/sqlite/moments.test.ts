/**
 * Moments as they are usually written are read by their digits, without a pattern that takes them apart: the same moments,
 * and the same refusals.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { date } from '../../../src/schema/base-types.js'
import { sqliteCodecs } from '../../../src/schema/codec/sqlite.js'
import { decodeMoment } from '../../../src/schema/codec/sqlite-moment.js'

const two = (most: number) => fc.integer({ min: 0, max: most }).map(n => String(n).padStart(2, '0'))
const year = fc.integer({ min: 0, max: 9999 }).map(n => String(n).padStart(4, '0'))
const fraction = fc.option(
  fc.integer({ min: 0, max: 999 }).map(n => `.${String(n).padStart(3, '0')}`),
  { nil: '' },
)

test('every reading of a clock is the moment that ISO has it for, or none', () => {
  const parts = fc.tuple(year, two(13), two(32), two(24), two(60), two(60), fraction)
  const form = fc.tuple(fc.constantFrom(' ', 'T'), fc.constantFrom('', 'Z', '+00:00', ' +00:00'))
  fc.assert(
    fc.property(parts, form, ([y, month, day, hour, minute, second, rest], [between, zone]) => {
      const clock = `${hour}:${minute}:${second}${rest}`
      const moment = Date.parse(`${y}-${month}-${day}T${clock}Z`)
      const read = () => decodeMoment(`${y}-${month}-${day}${between}${clock}${zone}`, 'sql').getTime()
      if (Number.isNaN(moment)) expect(read).toThrow('a moment came back')
      else expect(read()).toBe(moment)
    }),
    { numRuns: 2000 },
  )
})

test('a number is a day where the database stores days so, and else only where it begins one', () => {
  const day = (cell: bigint | string, dates: Parameters<typeof sqliteCodecs>[0]) =>
    sqliteCodecs(dates)(date).decode(cell)
  const begins = Date.UTC(2024, 0, 1)
  for (const cell of [BigInt(begins), String(begins)]) {
    expect(day(cell, 'sql')).toBe('2024-01-01')
    expect(day(cell, 'epoch-ms')).toBe('2024-01-01')
  }
  expect(day(BigInt(begins / 1000), 'epoch-s')).toBe('2024-01-01')
  expect(day(BigInt(begins + 1), 'epoch-ms')).toBe('2024-01-01')
  // what a column of numeric affinity makes of '20240101'
  for (const cell of [20240101n, '20240101', BigInt(begins + 1), 2n ** 62n])
    expect(() => day(cell, 'sql')).toThrow('a date')
})
