// Compares the tables of docs/hosts.md with the report of a run, or writes them from it:
//   node tools/conformance/main.js REPORT [--write]
// Exits 1 where they say something else than the run has shown.
import { readFileSync, writeFileSync } from 'node:fs'
import { capabilities } from '../../packages/pillion/dist/testing/index.js'
import { hostResults, wasTried } from './results.js'
import { withTables } from './section.js'

const [reportFile = '', option] = process.argv.slice(2)
const path = new URL('../../docs/hosts.md', import.meta.url)
const page = readFileSync(path, 'utf8')
const hosts = hostResults(JSON.parse(readFileSync(reportFile, 'utf8')))
const shown = withTables(page, hosts, capabilities)

if (!hosts.some(host => host.database === 'MySQL' && wasTried(host))) {
  console.log('the run had no MySQL: what docs/hosts.md says of it was not compared')
  const { PILLION_TEST_REQUIRES: required = '' } = process.env
  if (required.split(',').includes('mysql')) process.exitCode = 1
}

if (option === '--write') writeFileSync(path, shown)
else if (shown !== page) {
  for (const line of linesOf(page, shown)) console.log(`docs/hosts.md says: ${line}`)
  for (const line of linesOf(shown, page)) console.log(`the run showed:     ${line}`)
  console.log(
    'docs/hosts.md does not say what the run showed: fix the host, or node tools/conformance/main.js REPORT --write',
  )
  process.exitCode = 1
}

/**
 * The lines that another text has not.
 *
 * @param {string} text
 * @param {string} other
 */
function linesOf(text, other) {
  const known = new Set(other.split('\n'))
  return text.split('\n').filter(line => !known.has(line))
}
