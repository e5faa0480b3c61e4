// Reads the built declarations, as applications do: `npm test` builds first.
import { execFile } from 'node:child_process'
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { skipAloud } from '../../../test/support/skip.js'
import { compilers, ifInstalled } from '../../runtimes/runtimes.js'

const root = fileURLToPath(new URL('../../../', import.meta.url))

/** Stricter than most: the declarations themselves are checked, too. */
const tsconfig = JSON.stringify({
  compilerOptions: {
    target: 'ES2022',
    module: 'nodenext',
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: false,
    noEmit: true,
    types: ['node'],
  },
  include: ['*.ts', '*.cts'],
})

/** A module of an application that is CommonJS, as many are. */
const common = `import { from } from 'pillion'
import { pgHost } from 'pillion/pg'
import { tables } from './db.gen.js'
export const titles = from(tables.interview).select({ title: tables.interview.title })
export const host = pgHost
`

let folder: string

beforeAll(async () => {
  // Inside the repository, where the compiler finds the packages.
  await mkdir(join(root, '.tmp'), { recursive: true })
  folder = await mkdtemp(join(root, '.tmp/consumer-'))
  const uses = await readFile(join(root, 'tools/consumer/uses.ts'), 'utf8')
  await copyFile(join(root, 'packages/pillion/test/support/interviews.gen.ts'), join(folder, 'db.gen.ts'))
  await Promise.all(
    Object.entries({
      'package.json': '{ "type": "module" }',
      'tsconfig.json': tsconfig,
      'uses.ts': uses.replace(/'[^']*interviews\.gen\.js'/, "'./db.gen.js'"),
      'entries.ts': await everyEntry(),
      'common.cts': common,
      'pillion.config.ts': await shownConfiguration(),
    }).map(([name, content]) => writeFile(join(folder, name), content)),
  )
})
afterAll(() => rm(folder, { recursive: true }))

/** A module that imports every entry of the package. */
async function everyEntry(): Promise<string> {
  const { exports } = JSON.parse(await readFile(join(root, 'packages/pillion/package.json'), 'utf8'))
  const entries = Object.keys(exports).filter(entry => !entry.endsWith('.json'))
  return entries.map((entry, at) => `export type * as entry${at} from 'pillion${entry.slice(1)}'\n`).join('')
}

/** The configuration that the command's page shows. */
async function shownConfiguration(): Promise<string> {
  const page = await readFile(join(root, 'packages/cli/README.md'), 'utf8')
  return /```ts\n(import \{ defineConfig [^]*?)```/.exec(page)?.[1] ?? 'the page shows none'
}

/** What a compiler complains of. */
async function complaints({ command }: (typeof compilers)[number]): Promise<string> {
  const run = promisify(execFile)(command, ['--project', folder], { cwd: folder })
  const { stdout } = await run.catch((error: { readonly stdout: string }) => error)
  return stdout
}

describe.each(compilers)('with $name', compiler => {
  const skipped = skipAloud(compiler.name, ifInstalled(compiler), 'run `npm run runtimes`')

  test.skipIf(skipped)(
    'the declarations are right, and an application has the types it is to have',
    async () => {
      expect(await complaints(compiler)).toBe('')
    },
    90_000,
  )

  test.skipIf(skipped)(
    'what is wrong is seen: negative control',
    async () => {
      const wrong = join(folder, 'wrong.ts')
      await writeFile(wrong, "import { count } from 'pillion'\nexport const n: string = count\n")
      expect(await complaints(compiler)).toMatch(/^wrong\.ts\(2,14\): error TS2322/)
      await rm(wrong)
    },
    90_000,
  )
})

test('an application that is CommonJS requires every entry', async () => {
  const { exports } = JSON.parse(await readFile(join(root, 'packages/pillion/package.json'), 'utf8'))
  const entries = Object.keys(exports).map(entry => `pillion${entry.slice(1)}`)
  const script = join(folder, 'requires.cjs')
  await writeFile(script, `for (const entry of ${JSON.stringify(entries)}) require(entry)`)
  const { stderr } = await promisify(execFile)(process.execPath, [script])
  expect(stderr).toBe('')
})
