import { createPool, type Pool } from 'mysql2'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../../../test/support/postgres.js'
import { mysql2Host } from '../../src/hosts/mysql2.js'
import { codeOf } from '../../src/testing/stage.js'
import { statement } from '../../src/testing/statement.js'
import { conforms } from './conforms.js'
import { mysql2Connection, mysql2Pool, mysql2PromisePool } from './fixtures/mysql2.js'
import { describeOnMysql, numbersTo } from './mysql-observer.js'

describeOnMysql(ground => {
  for (const fixture of [mysql2Pool, mysql2PromisePool, mysql2Connection]) conforms(fixture, ground, ['mysql2'])

  describe('a tracer around the driver', () => {
    type Execute = (sql: string, values: unknown, told?: (failure: unknown) => void) => unknown
    let database: Database
    let pool: Pool
    let untraced: () => void
    const log: string[] = []

    /** As those of OpenTelemetry do: what is asked without a callback they never see the end of. */
    const tracing = (execute: Execute): Execute =>
      function traced(this: unknown, sql, values, told) {
        log.push('begun')
        const ended = (failure: unknown): void => {
          log.push(failure ? 'failed' : 'ended')
          told?.(failure)
        }
        return execute.call(this, sql, values, told === undefined ? undefined : ended)
      }

    beforeAll(async () => {
      database = await ground.create()
      pool = createPool({ uri: database.url, connectionLimit: 1 })
      const connection = await pool.promise().getConnection()
      let driver = Object.getPrototypeOf(connection.connection) as { execute: Execute }
      while (!Object.hasOwn(driver, 'execute')) driver = Object.getPrototypeOf(driver)
      const { execute } = driver
      driver.execute = tracing(execute)
      untraced = () => void (driver.execute = execute)
      connection.release()
    })

    afterAll(async () => {
      untraced()
      await pool.promise().end()
      await database.drop()
    })

    test.each([
      ['that is read', 'select 1', 'fulfilled', 'ended'],
      ['that cannot be prepared', 'select no_such_column', 'STATEMENT_FAILED', 'failed'],
      ['that fails when it runs', 'select (select 1 union select 2)', 'STATEMENT_FAILED', 'failed'],
    ])('is told once of the end of a statement %s', async (_, sql, outcome, end) => {
      log.length = 0
      expect(await codeOf(mysql2Host(pool).run(undefined, statement(sql), {}))).toBe(outcome)
      expect(log).toEqual(['begun', end])
    })

    test('is told of the end of a stream that is not read to its end', async () => {
      log.length = 0
      for await (const batch of mysql2Host(pool).stream(undefined, statement(numbersTo(2000)), { batch: 10 })) {
        expect(batch).toHaveLength(10)
        break
      }
      expect(log).toEqual(['begun', 'ended'])
    })
  })
})
