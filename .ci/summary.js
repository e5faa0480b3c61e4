// Reads vitest's report and the test command's exit code; prints "N passed, N failed" and exits accordingly.
import { existsSync, readFileSync } from 'node:fs'

const [reportFile, status] = process.argv.slice(2)
const tests = existsSync(reportFile)
  ? JSON.parse(readFileSync(reportFile, 'utf8')).testResults.flatMap(file => [
      ...file.assertionResults,
      // A file that could not be read, or whose hooks failed outside a test, fails as one.
      ...(file.status === 'failed' && !file.assertionResults.some(test => test.status === 'failed')
        ? [{ status: 'failed', fullName: file.name }]
        : []),
    ])
  : []

const having = status => tests.filter(test => test.status === status)
const passed = having('passed').length
const failures = having('failed')
for (const test of [...having('skipped'), ...having('pending')]) console.log(`skipped: ${test.fullName}`)
// Last, where a log that keeps only its end still has them.
for (const test of failures) {
  const [reason, ...details] = reasonOf(test)
  console.log([`failed: ${test.fullName}: ${reason}`, ...details.map(line => `  ${line}`)].join('\n'))
}

// The command also type-checks, lints, checks the format, and fails for an error that no test caught: a failure there
// is one, if no test failed.
const failed = failures.length || (status === '0' && passed > 0 ? 0 : 1)
if (failed > failures.length) console.log(`failed: the test command ended with ${status}, for what is printed above`)
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1

// Without the stack, and as much as a log's end holds of several: what plays a random failure again stands in the first lines.
function reasonOf(test) {
  const lines = (test.failureMessages?.[0] ?? 'no message').split('\n')
  const stack = lines.findIndex(line => /^\s+at /.test(line))
  return lines
    .slice(0, stack < 1 ? 12 : Math.min(stack, 12))
    .filter(line => line.trim() !== '')
    .map(line => line.slice(0, 1200))
}
