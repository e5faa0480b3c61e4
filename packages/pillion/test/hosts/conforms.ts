/**
 * The exported suite under vitest, on a database of its own. What each case showed is in the report of the run, from
 * which `tools/conformance` writes the tables of docs/hosts.md.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, test } from 'vitest'
import { conformance, type Fixture } from '../../src/testing/index.js'

/** An empty database, for as long as it is wanted. */
export interface Ground {
  readonly url: string
  drop(): Promise<void>
}

/** Where a host is tried. */
export interface Database {
  /** The table it is told in. */
  readonly name: string
  create(): Promise<Ground>
}

/** What a case shows of a host. */
export interface Shown {
  readonly database: string
  readonly host: string
  /** What it was run with: `knex 3.3.0`. */
  readonly packages: readonly string[]
  readonly capability: string
  /** What the host is said to lack, so that the case is skipped. */
  readonly lacking?: { readonly capability: string; readonly reason: string }
}

declare module 'vitest' {
  interface TaskMeta {
    shown?: Shown
  }
}

/**
 * Runs every case of the suite; what it must skip it says aloud, with the capability and the reason.
 *
 * @param packages whose versions are told with the results; `node` for this Node.
 */
export function conforms(fixture: Fixture, { name: database, create }: Database, packages: readonly string[]): void {
  const versions = packages.map(versionOf)
  // PGlite takes its time to start on a busy machine
  describe(fixture.name, { timeout: 120_000 }, () => {
    let ground: Ground
    const { cases, close } = conformance(fixture, () => ground.url)
    beforeAll(async () => {
      ground = await create()
    })
    afterAll(async () => {
      await close()
      await ground.drop()
    })
    for (const [capability, reason] of Object.entries(fixture.lacks)) {
      process.stderr.write(`skipped: ${fixture.name}: ${capability} (${reason})\n`)
    }
    for (const { name, capability, lacking, run } of cases) {
      const shown: Shown = { database, host: fixture.name, packages: versions, capability, ...(lacking && { lacking }) }
      test(`${capability}: ${name}`, { skip: lacking !== undefined, meta: { shown } }, run)
    }
  })
}

const modules = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), '..')

function versionOf(name: string): string {
  if (name === 'node') return `Node ${process.versions.node.split('.')[0]}`
  const { version } = JSON.parse(readFileSync(join(modules, name, 'package.json'), 'utf8')) as { version: string }
  return `${name.replace('kysely-29', 'kysely')} ${version}`
}
