/** The workspace's own tests, run on another Node or another server. @module */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, type TaskMeta } from 'vitest'

const root = fileURLToPath(new URL('../../../', import.meta.url))

declare module 'vitest' {
  interface TaskMeta {
    /** What was played elsewhere, for `tools/conformance`. */
    elsewhere?: readonly Played[]
  }
}

/** One test as vitest reports it. */
interface Played {
  readonly fullName: string
  readonly status: string
  readonly meta: TaskMeta
}

interface Report {
  readonly numPassedTests: number
  readonly testResults: readonly {
    readonly name: string
    readonly message: string
    readonly assertionResults: readonly Played[]
  }[]
}

/** Where tests are run, and which. */
interface Elsewhere {
  /** The program that is Node. */
  readonly node: string
  /** The URL of the PostgreSQL that stands for the newest. */
  readonly postgres: string
  /** Files below `packages/pillion/test`, without their endings. */
  readonly files: readonly string[]
  /** How many tests there are at least: a file that says nothing has not passed. */
  readonly least: number
}

/** Runs them: all must pass. @returns each test */
export async function playElsewhere({ node, postgres, files, least }: Elsewhere): Promise<readonly Played[]> {
  const { testResults, numPassedTests } = await report(node, postgres, files)
  const played = testResults.flatMap(file => file.assertionResults)
  expect(testResults.map(({ message }) => message).filter(Boolean)).toEqual([])
  const failed = played.filter(({ status }) => status === 'failed')
  expect(failed.map(({ fullName }) => fullName)).toEqual([])
  expect(testResults).toHaveLength(files.length)
  expect(numPassedTests).toBeGreaterThan(least)
  return played
}

async function report(node: string, postgres: string, files: readonly string[]): Promise<Report> {
  const args = ['run', '--config', 'tools/runtimes/vitest.config.ts', '--maxWorkers', '1']
  const patterns = files.map(file => `packages/pillion/test/${file}.test.ts`)
  const env = { ...withoutVitest(), PILLION_TEST_POSTGRES_URL: postgres, PILLION_TEST_REQUIRES: 'node-sqlite' }
  const run = promisify(execFile)(node, [`${root}node_modules/vitest/vitest.mjs`, ...args, ...patterns], {
    cwd: root,
    env,
    maxBuffer: 2 ** 26,
  })
  const { stdout } = await run.catch((error: { readonly stdout: string }) => error)
  return JSON.parse(stdout.slice(stdout.indexOf('{'))) as Report
}

/** The environment without what vitest put there for its own workers. */
function withoutVitest(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(VITEST|NODE_OPTIONS)/.test(name)))
}
