import { expect, test } from 'vitest'
import { hostResults } from '../results.js'
import { withTables } from '../section.js'

const capabilities = { root: 'Reads.', cancel: 'Stops.', cursor: 'Asks for more.' }
const page = 'before\n<!-- conformance -->\n<!-- /conformance -->\nafter'
const about = { database: 'SQLite', host: 'ours', packages: ['ours 1.0.0'] }
const unstoppable = { capability: 'cancel', reason: 'nothing stops it' }

/** A case as the report has it. */
const play = (capability: string, status = 'passed', lacking?: typeof unstoppable) => ({
  status,
  meta: { shown: { ...about, capability, ...(lacking && { lacking }) } },
})

const sound = [play('root'), play('root'), play('cancel', 'skipped', unstoppable), play('cursor')]

const told = (plays: readonly ReturnType<typeof play>[], of = page) =>
  withTables(of, hostResults({ testResults: [{ assertionResults: plays }] }), capabilities)

/** The same on another database. */
const moved = (plays: readonly ReturnType<typeof play>[], database: string) =>
  plays.map(({ status, meta }) => ({ status, meta: { shown: { ...meta.shown, database } } }))

const rowOf = (text: string) => text.split('\n').find(line => line.startsWith('| ours'))
const headOf = (text: string) => text.split('\n').find(line => line.includes('Run with'))

test('what was shown is not in the table, what is lacking is, with the reason', () => {
  const text = told(sound)
  expect(headOf(text)).toMatch(/Run with +\| cancel \|$/)
  expect(rowOf(text)).toBe('| ours | ours 1.0.0 | –      |')
  expect(text).toContain('- cancel: nothing stops it (ours)')
  expect(text).toMatch(/^before\n<!-- conformance -->\n[^]*<!-- \/conformance -->\nafter$/)
})

test.each([
  ['a case that failed beside one that passed', [...sound, play('cursor', 'failed')], 'failed'],
  ['a case that was skipped for no reason', [...sound, play('cursor', 'skipped')], 'not run'],
  ['a case whose file ended before it', [...sound, play('cursor', 'pending')], 'not run'],
  ['no case at all', sound.slice(0, 3), 'not run'],
  ['nothing but cases that need what is lacking', [...sound.slice(0, 3), play('cursor', 'skipped', unstoppable)], '–'],
])('a capability is not said to be there for %s', (_, plays, verdict) => {
  const text = told(plays)
  expect(headOf(text)).toMatch(/ cancel \| cursor +\|$/)
  expect(rowOf(text)).toMatch(new RegExp(` – +\\| ${verdict} +\\|$`))
})

test('it says so where a capability is only shown with another', () => {
  expect(told([...sound.slice(0, 3), play('cursor', 'skipped', unstoppable)])).toContain(
    '- cursor: without `cancel` nothing shows it (ours)',
  )
})

test('a host that was not played has no row', () => {
  expect(rowOf(told([]))).toBeUndefined()
})

test('what other versions of Node have played counts with the rest', () => {
  const elsewhere = sound.map(({ status, meta }) => ({
    status,
    meta: { shown: { ...meta.shown, packages: ['Node 22'] } },
  }))
  const nodes = { status: 'passed', meta: { elsewhere } }
  const text = withTables(page, hostResults({ testResults: [{ assertionResults: [nodes] }] }), capabilities)
  expect(rowOf(text)).toBe('| ours | Node 22  | –      |')
})

const onMariadb = moved(sound, 'MariaDB')

/** What stands between the comments for MySQL. */
const onMysql = (text: string) => /<!-- on MySQL -->\n\n([^]*)\n\n<!-- \/on MySQL -->/.exec(text)?.[1]

test('MySQL has no table of its own: what it does as MariaDB does is told in a sentence', () => {
  const text = told([...onMariadb, ...moved(sound, 'MySQL')])
  expect(onMysql(text)).toBe('The table is of MariaDB. MySQL showed the same.')
  expect(text).toContain('### MariaDB and MySQL\n')
  expect(text.match(/^\| ours/gm)).toHaveLength(1)
})

test('what it does otherwise is told one by one', () => {
  const others = [play('root'), play('cancel'), play('cursor', 'failed')]
  expect(onMysql(told([...onMariadb, ...moved(others, 'MySQL')]))).toBe(
    'The table is of MariaDB. MySQL showed the same, but for:\n\n- ours: cancel: yes, not –\n- ours: cursor: failed, not yes',
  )
  const another = moved(sound, 'MySQL').map(({ status, meta }) => ({
    status,
    meta: { shown: { ...meta.shown, host: 'theirs' } },
  }))
  expect(onMysql(told([...onMariadb, ...another]))).toBe(
    'The table is of MariaDB. MySQL showed the same, but for:\n\n- ours: not run',
  )
})

test('a run without MySQL leaves what is said of it, and says nothing of its own', () => {
  const before = told([...onMariadb, ...moved([play('root'), play('cursor', 'failed')], 'MySQL')])
  expect(onMysql(before)).toContain('cursor: failed')
  expect(told(onMariadb, before)).toBe(before)
  const skipped = moved([play('root', 'skipped'), play('cancel', 'skipped', unstoppable)], 'MySQL')
  expect(told([...onMariadb, ...skipped], before)).toBe(before)
  expect(onMysql(told(onMariadb))).toBe('not run')
})
