import { describe, expect, test } from 'vitest'
import { isPillionError } from '../../src/errors.js'
import { failureOf } from '../../src/run/failure.js'

/** Errors as `pg` gives them. */
function serverError(code: string, message: string, more: object = {}): Error {
  return Object.assign(new Error(message), { code, severity: 'ERROR', ...more })
}

const statement = { text: 'select $1, $2, $3', values: ['correct horse', 'x', null] }

describe('failureOf', () => {
  test.each([
    [serverError('42P01', 'relation "a" does not exist'), 'STATEMENT_FAILED'],
    [serverError('57014', 'canceling statement due to user request'), 'STATEMENT_FAILED'],
    [serverError('0A000', 'cached plan must not change result type'), 'SCHEMA_DRIFTED'],
    [serverError('0A000', 'something else is not supported'), 'STATEMENT_FAILED'],
    [serverError('57P01', 'terminating connection', { severity: 'FATAL' }), 'CONNECTION_LOST'],
    [serverError('08006', 'connection failure'), 'CONNECTION_LOST'],
    [Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }), 'CONNECTION_LOST'],
    [new Error('Connection terminated unexpectedly'), 'CONNECTION_LOST'],
    [new Error('Client has encountered a connection error and is not queryable'), 'CONNECTION_LOST'],
    ['no error at all', 'STATEMENT_FAILED'],
  ])('%s is %s', (error, code) => {
    expect(failureOf(error, statement)).toMatchObject({ name: 'PillionError', code, sql: statement.text, cause: error })
  })

  test("errors of pillion's pass unchanged", () => {
    const ours = failureOf(new Error('once'), statement)
    expect(failureOf(ours, statement)).toBe(ours)
    expect(isPillionError(ours)).toBe(true)
  })

  test.each([
    ['22P02', 'invalid input syntax for type integer: "correct horse"'],
    ['22P02', 'invalid input syntax for type integer: "a "quoted" correct horse"'],
    ['P0001', 'no such customer: correct horse'],
    ['23514', 'value "x" is not allowed'],
  ])('%s: %s is told without its values', (code, message) => {
    const detail = { detail: 'Failing row contains (correct horse).' }
    const told = failureOf(serverError(code, message, detail), statement).message
    expect(told).toContain(code)
    expect(told).not.toMatch(/correct|horse|"x"/)
  })

  test('a short value is not cut out of every word', () => {
    const told = failureOf(serverError('42P01', 'relation "axis" does not exist'), statement).message
    expect(told).toContain('relation "axis" does not exist')
  })

  test('the usual ones have a hint', () => {
    for (const code of ['21000', '22003', '22012', '22025', '42P01', '42703', '25P02', '57014', '26000']) {
      expect(failureOf(serverError(code, 'no'), statement).hint).toMatch(/\.$/)
    }
  })

  test.each(['26000', '42P05'])('the pooler is named where a prepared statement is on another connection: %s', code => {
    expect(failureOf(serverError(code, 'no'), statement).hint).toContain('`prepare: false`')
  })
})
