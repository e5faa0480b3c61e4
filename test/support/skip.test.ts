import { afterEach, expect, test, vi } from 'vitest'
import { skipAloud } from './skip.js'

afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

test('what is there is not skipped', () => {
  const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  vi.stubEnv('PILLION_TEST_REQUIRES', 'lamp')
  expect(skipAloud('lamp', {}, 'buy one')).toBe(false)
  expect(said).not.toHaveBeenCalled()
})

test('what is lacking is skipped, and said', () => {
  const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  vi.stubEnv('PILLION_TEST_REQUIRES', 'candle')
  expect(skipAloud('lamp', undefined, 'buy one')).toBe(true)
  expect(said).toHaveBeenCalledWith('skipped: no lamp (buy one)\n')
})

test('what is required must not be lacking', () => {
  vi.stubEnv('PILLION_TEST_REQUIRES', 'candle,lamp')
  expect(() => skipAloud('lamp', undefined, 'buy one')).toThrow('the tests require lamp: buy one')
})
