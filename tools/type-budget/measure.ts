/**
 * What type-checking costs, counted by the compiler: instantiations repeat exactly from run to run, as seconds do not.
 *
 * @module
 */
import { execFile } from 'node:child_process'
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { emitTypes } from '../../packages/pillion/src/schema/emit-types.js'
import { catalogOf } from './catalog.js'

/** Instantiations. */
export interface Cost {
  readonly tables: number
  /** Of the generated file alone. */
  readonly schema: number
  /** Of the queries, over those of the schema. */
  readonly uses: number
}

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc')

/** The cost of the generated types of a schema, and that of the queries of `uses.ts` over it. */
export async function costOf(tables: number): Promise<Cost> {
  // Inside the repository, where the compiler finds the packages.
  await mkdir(at('../../.tmp'), { recursive: true })
  const folder = await mkdtemp(at('../../.tmp/type-budget-'))
  try {
    await writeFile(join(folder, 'package.json'), '{ "type": "module" }')
    await writeFile(join(folder, 'tsconfig.json'), tsconfig)
    await writeFile(join(folder, 'db.gen.ts'), emitTypes(catalogOf(tables)))
    await writeFile(join(folder, 'uses.ts'), 'export {}')
    const schema = await instantiations(folder)
    await copyFile(at('uses.ts'), join(folder, 'uses.ts'))
    return { tables, schema, uses: (await instantiations(folder)) - schema }
  } finally {
    await rm(folder, { recursive: true })
  }
}

const tsconfig = JSON.stringify({
  extends: '../../tsconfig.base.json',
  compilerOptions: { composite: false, noEmit: true, declaration: false, declarationMap: false, sourceMap: false },
  include: ['*.ts'],
})

async function instantiations(folder: string): Promise<number> {
  // Counts depend on how many checkers share the work.
  const args = [tsc, '--project', folder, '--extendedDiagnostics', '--checkers', '1']
  const { stdout } = await promisify(execFile)(process.execPath, args).catch(error => {
    throw new Error(`the queries do not type-check:\n${error.stdout}`, { cause: error })
  })
  const found = /^Instantiations:\s+(\d+)/m.exec(stdout)
  if (found === null) throw new Error(`the compiler does not say how many instantiations it made:\n${stdout}`)
  return Number(found[1])
}
