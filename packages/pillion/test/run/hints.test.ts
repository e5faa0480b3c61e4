import { expect, it } from 'vitest'
import { PillionError } from 'pillion'

it('has a cure for what hosts throw without one', () => {
  const codes = [
    'HOST_UNKNOWN',
    'TRANSACTION_FOREIGN',
    'TRANSACTION_FINISHED',
    'STATEMENT_FAILED',
    'CONNECTION_LOST',
    'CONNECTION_UNAVAILABLE',
    'CANCELLED',
    'TIMED_OUT',
  ] as const
  for (const code of codes) expect(new PillionError(code, 'so').message).toMatch(/^ {2}hint: .{20}/m)
})

it('prefers the cure that is given', () => {
  expect(new PillionError('TIMED_OUT', 'so', { hint: 'Do this.' }).hint).toBe('Do this.')
})
