import { afterEach, describe, expect, test, vi } from 'vitest'
import { skipAloud } from '../../../test/support/skip.js'
import { sqliteAddons } from '../../../test/support/sqlite.js'
import { lackingAddons, lackingToCompile } from '../addons.js'

afterEach(() => vi.unstubAllEnvs())

test('names what the machine lacks to compile', () => {
  vi.stubEnv('PATH', '/no-such-folder')
  expect(lackingToCompile()).toEqual(expect.arrayContaining(['python3', 'make', 'g++']))
})

describe.skipIf(skipAloud('sqlite', sqliteAddons(), 'install python3, make and g++'))('once compiled', () => {
  test('no addon is lacking', async () => {
    expect(await lackingAddons()).toEqual([])
  })
})
