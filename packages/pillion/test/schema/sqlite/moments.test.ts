/**
 * Moments as they are usually written are read by their digits, without a pattern that takes them apart: the same moments,
 * and the same refusals.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
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
