import { expect, test } from 'vitest'
import { preparedNames } from '../../src/run/prepared.js'

const [one, other, unnamed] = [
  { text: 'select 1', values: [], name: 'one' },
  { text: 'select 2', values: [], name: 'other' },
  { text: 'select 3', values: [] },
]

test('a retired name is never given out again', () => {
  const names = preparedNames(true)
  expect(names.of(one)).toBe('one')
  names.retire(one)
  names.retire(unnamed)
  const second = names.of(one)
  names.retire(one)
  expect(new Set(['one', second, names.of(one)]).size).toBe(3)
  expect(names.of(other)).toBe('other')
  expect(names.of(unnamed)).toBeUndefined()
})

test('nothing is named where nothing is to be prepared', () => {
  expect(preparedNames(false).of(one)).toBeUndefined()
})
