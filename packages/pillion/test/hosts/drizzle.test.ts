import { drizzle } from 'drizzle-orm/node-postgres'
import { withReplicas } from 'drizzle-orm/pg-core'
import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { drizzleHost } from '../../src/hosts/drizzle.js'
import { conforms } from './conforms.js'
import { drizzleOnClient, drizzleOnPool } from './fixtures/drizzle.js'

for (const fixture of [drizzleOnPool, drizzleOnClient]) conforms(fixture)

describe('shapes', () => {
  test('replicas are ridden on by their primary', () => {
    const [primary, replica] = [drizzle(new pg.Pool()), drizzle(new pg.Pool())]
    expect(drizzleHost(withReplicas(primary, [replica]) as never).name).toBe('drizzle')
  })

  test('what is no database of Drizzle on node-postgres is refused', () => {
    expect(() => drizzleHost({} as never)).toThrow('HOST_UNKNOWN')
    expect(() => drizzleHost({ $client: {} })).toThrow(/HOST_SHAPE.*\n.*drizzle-orm 0\.45/)
  })
})
