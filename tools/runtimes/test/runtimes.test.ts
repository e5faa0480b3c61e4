// Runs the built packages, as applications do: `npm test` builds first.
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Interviews, openInterviews } from '../../../packages/pillion/test/support/interviews.js'
import { skipAloud } from '../../../test/support/skip.js'
import { ifInstalled, nodes, others, own, type Runtime } from '../runtimes.js'

const at = (file: string) => fileURLToPath(new URL(`../${file}`, import.meta.url))
const ground = (file: string) => at(`../../packages/pillion/test/support/${file}`)

/** What a program prints on a runtime. */
async function answers({ command, args }: Runtime, file: string, ...given: readonly string[]): Promise<unknown> {
  const { stdout } = await promisify(execFile)(command, [...args, at(file), ...given], { timeout: 55_000 })
  return JSON.parse(stdout)
}

/** The file and line of the one place where a program says so. */
function lineOf(file: string, text: string): string {
  const lines = readFileSync(at(file), 'utf8').split('\n')
  return `${file}:${lines.findIndex(line => line.includes(text)) + 1}`
}

const core = {
  ranked: [
    { title: 'engineer', lead: 'bob', rating: 9 },
    { title: 'analyst', lead: null, rating: 4 },
    { title: 'dancer', lead: 'cyd', rating: null },
    { title: 'poet', lead: null, rating: null },
  ],
  secondPage: [
    { title: 'dancer', lead: 'cyd', rating: null },
    { title: 'poet', lead: null, rating: null },
  ],
  filtered: [{ title: 'analyst' }, { title: 'dancer' }],
  nested: [
    {
      reviewers: 2,
      notes: [
        { by: 'ada', rating: 9 },
        { by: 'bob', rating: 2 },
      ],
    },
    {
      reviewers: 2,
      notes: [
        { by: 'ada', rating: 4 },
        { by: 'cyd', rating: 8 },
      ],
    },
    {
      reviewers: 2,
      notes: [
        { by: 'bob', rating: null },
        { by: 'cyd', rating: 8 },
      ],
    },
    { reviewers: 0, notes: [] },
  ],
  open: 2,
  exact: { id: '9007199254740993n', budget: '20.00', at: '2026-01-03T10:00:00.000Z' },
  unbound: ['PARAM_UNBOUND', lineOf('core.js', 'failureOf(ranked')],
}

const runtimes = [
  ...own.map(runtime => ({ runtime, skipped: false })),
  ...[...nodes, ...others].map(runtime => ({
    runtime,
    skipped: skipAloud(runtime.name, ifInstalled(runtime), 'run `npm run runtimes`'),
  })),
]

describe.each(runtimes)('on $runtime.name', ({ runtime, skipped }) => {
  let interviews: Interviews
  beforeAll(async () => {
    interviews = await openInterviews()
  })
  afterAll(() => interviews.close())

  test.skipIf(skipped)(
    'the core answers over pg',
    async () => {
      expect(await answers(runtime, 'on-pg.js', interviews.url)).toEqual({
        core,
        inside: [{ label: 'remote' }, { label: 'senior' }, { label: 'uncommitted' }],
        outside: [{ label: 'remote' }, { label: 'senior' }],
        streamed: [{ label: 'remote' }, { label: 'senior' }],
        late: ['TIMED_OUT', lineOf('on-pg.js', 'const endless')],
      })
    },
    60_000,
  )

  test.skipIf(skipped)(
    'the core answers over PGlite',
    async () => {
      const files = [ground('interviews.sql'), ground('interviews-data.sql')]
      expect(await answers(runtime, 'on-pglite.js', ...files)).toEqual({
        core,
        inside: [{ label: 'remote' }, { label: 'senior' }, { label: 'uncommitted' }],
        outside: [{ label: 'remote' }, { label: 'senior' }],
      })
    },
    60_000,
  )
})

test('the pinned versions are those of their names', async () => {
  for (const runtime of nodes.filter(ifInstalled)) {
    const { stdout } = await promisify(execFile)(runtime.command, ['--version'])
    expect(stdout).toMatch(new RegExp(`^v${runtime.name.slice('node-'.length)}\\.`))
  }
})
