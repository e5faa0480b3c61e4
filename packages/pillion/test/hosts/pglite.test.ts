import { describe, expect, test } from 'vitest'
import { pgliteHost } from '../../src/hosts/pglite.js'
import { conforms } from './conforms.js'
import { onPostgres } from './grounds.js'
import { drizzleOnPglite, pglite } from './fixtures/pglite.js'

conforms(pglite, onPostgres, ['@electric-sql/pglite'])
conforms(drizzleOnPglite, onPostgres, ['drizzle-orm', '@electric-sql/pglite'])

describe('shapes', () => {
  test('what is no PGlite is refused', () => {
    expect(() => pgliteHost({} as never)).toThrow('HOST_UNKNOWN')
    expect(() => pgliteHost({ query() {}, transaction() {}, syncToFs() {} } as never)).toThrow('HOST_SHAPE')
  })
})
