/**
 * Tests run from source: of a host whose name has a digit in it they ran what had been built last.
 *
 * @module
 */
import { expect, test } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }

const modules = Object.entries(manifest.exports).flatMap(([path, told]) =>
  typeof told === 'string'
    ? []
    : [{ name: path.replace('.', 'pillion'), source: told.default.replace('./dist/', '../../src/') }],
)

test.each(modules)('$name is its source', async ({ name, source }) => {
  expect(await import(name)).toBe(await import(source))
})
