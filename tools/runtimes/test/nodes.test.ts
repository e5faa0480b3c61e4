// What depends on Node itself, tested on other versions of it: what a connection carries, what a value is read as, where
// an error says it is from; and SQLite as Node has it from version 22 on.
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, type TaskMeta, test } from 'vitest'
import { postgresUrl } from '../../../test/support/postgres.js'
import { skipAloud } from '../../../test/support/skip.js'
import { ifInstalled, nodes } from '../runtimes.js'

const root = fileURLToPath(new URL('../../../', import.meta.url))

const files = ['hosts/pg', 'hosts/node-sqlite', 'query/pages', 'query/rows', 'query/list', 'run/errors', 'schema/codec']

interface Report {
  readonly numPassedTests: number
  readonly testResults: readonly {
    readonly name: string
    readonly message: string
    readonly assertionResults: readonly {
      readonly fullName: string
      readonly status: string
      readonly meta: TaskMeta
    }[]
  }[]
}

declare module 'vitest' {
  interface TaskMeta {
    /** What was played on another Node, for `tools/conformance`. */
    elsewhere?: readonly { readonly status: string; readonly meta: TaskMeta }[]
  }
}

/** The environment without what vitest put there for its own workers. */
function withoutVitest(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(VITEST|NODE_OPTIONS)/.test(name)))
}

/** What vitest reports on another Node. */
async function report(node: string): Promise<Report> {
  const args = ['run', '--config', 'tools/runtimes/vitest.config.ts', '--maxWorkers', '1']
  const patterns = files.map(file => `packages/pillion/test/${file}.test.ts`)
  const env = { ...withoutVitest(), PILLION_TEST_POSTGRES_URL: postgresUrl(), PILLION_TEST_REQUIRES: 'node-sqlite' }
  const run = promisify(execFile)(node, [`${root}node_modules/vitest/vitest.mjs`, ...args, ...patterns], {
    cwd: root,
    env,
    maxBuffer: 2 ** 26,
  })
  const { stdout } = await run.catch((error: { readonly stdout: string }) => error)
  return JSON.parse(stdout.slice(stdout.indexOf('{'))) as Report
}

describe.each(nodes)('on $name', runtime => {
  test.skipIf(skipAloud(runtime.name, ifInstalled(runtime), 'run `npm run runtimes`'))(
    'the tests of the core hold',
    async ({ task }) => {
      const { testResults, numPassedTests } = await report(runtime.command)
      const played = testResults.flatMap(file => file.assertionResults)
      task.meta.elsewhere = played.map(({ status, meta }) => ({ status, meta }))
      expect(testResults.map(({ message }) => message).filter(Boolean)).toEqual([])
      const failed = played.filter(({ status }) => status === 'failed')
      expect(failed.map(({ fullName }) => fullName)).toEqual([])
      expect(testResults).toHaveLength(files.length)
      expect(numPassedTests).toBeGreaterThan(300)
    },
    240_000,
  )
})
