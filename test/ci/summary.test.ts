import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'

const program = fileURLToPath(new URL('../../.ci/summary.js', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'pillion-summary-test-'))
afterAll(() => rmSync(folder, { recursive: true }))

const passing = { status: 'passed', fullName: 'adds' }
const failing = { status: 'failed', fullName: 'subtracts', failureMessages: ['Error: expected 1\n    at there'] }
const skipped = { status: 'pending', fullName: 'divides' }

/** What is said of a report and of the exit code of the test command. */
function summary(testResults: readonly unknown[] | undefined, status: number) {
  const report = join(folder, 'report.json')
  rmSync(report, { force: true })
  if (testResults !== undefined) writeFileSync(report, JSON.stringify({ testResults }))
  const { stdout, status: exit } = spawnSync(process.execPath, [program, report, String(status)], { encoding: 'utf8' })
  return { lines: stdout.trimEnd().split('\n'), exit }
}

/** What is said where the fault is no test's. */
const ended = (status: number) => `failed: the test command ended with ${status}, for what is printed above`

test('counts what passed', () => {
  const files = [{ status: 'passed', assertionResults: [passing, passing] }]
  expect(summary(files, 0)).toEqual({ lines: ['2 passed, 0 failed'], exit: 0 })
})

test('names what failed and what was skipped, and ends on the counts', () => {
  const files = [{ status: 'failed', assertionResults: [passing, failing, skipped] }]
  expect(summary(files, 1)).toEqual({
    lines: ['skipped: divides', 'failed: subtracts: Error: expected 1', '1 passed, 1 failed'],
    exit: 1,
  })
})

test('says what plays a random failure again, without the stack', () => {
  const message = [
    'Error: Property failed after 3 tests',
    '{ seed: -7, path: "2:1" }',
    'Counterexample: [0]',
    '',
    '    at there',
  ]
  const files = [{ status: 'failed', assertionResults: [{ ...failing, failureMessages: [message.join('\n')] }] }]
  expect(summary(files, 1).lines).toEqual([
    'failed: subtracts: Error: Property failed after 3 tests',
    '  { seed: -7, path: "2:1" }',
    '  Counterexample: [0]',
    '0 passed, 1 failed',
  ])
})

test('counts a file that could not be read as a failure', () => {
  const files = [
    { status: 'passed', assertionResults: [passing] },
    { status: 'failed', name: 'broken.test.ts', assertionResults: [] },
  ]
  expect(summary(files, 1)).toEqual({ lines: ['failed: broken.test.ts: no message', '1 passed, 1 failed'], exit: 1 })
})

test('counts a command that failed beside its tests as a failure', () => {
  const files = [{ status: 'passed', assertionResults: [passing] }]
  expect(summary(files, 2)).toEqual({ lines: [ended(2), '1 passed, 1 failed'], exit: 1 })
})

test.each([[undefined], [[]]])('does not take the want of tests for success: %j', files => {
  expect(summary(files, 0)).toEqual({ lines: [ended(0), '0 passed, 1 failed'], exit: 1 })
})
