/**
 * `transactional` as a decorator of methods, as the compiler makes it: by ECMAScript's rules, and by `experimentalDecorators`.
 */
import 'reflect-metadata'
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { Pool, type PoolClient } from 'pg'
import { type Transactions, transactions } from 'pillion/transaction'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { createDatabase, type Database } from '../../../../test/support/postgres.js'
import type * as Decorated from './decorated.js'
import type * as DecoratedPrivate from './decorated-private.js'
import { codeIn, failureIn } from './suite.js'

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const root = at('../../../../')
const compiler = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc')

let database: Database
let pool: Pool
let tx: Transactions<PoolClient>
let folder: string
beforeAll(async () => {
  database = await createDatabase()
  pool = new Pool({ connectionString: database.url, max: 3 })
  await pool.query('create table note (body text)')
  tx = transactions(pool)
  await mkdir(join(root, '.tmp'), { recursive: true })
  folder = await mkdtemp(join(root, '.tmp', 'decorated-'))
})
afterAll(async () => {
  await rm(folder, { recursive: true })
  await pool.end()
  await database.drop()
})
afterEach(async () => {
  expect(tx.active()).toEqual([])
  expect(pool.idleCount).toBe(pool.totalCount)
  await pool.query('truncate note')
})

/** Compiles a file beside this one, with no error, and loads what it has become. */
async function compiled<Module>(file: string, rules: string, options: object): Promise<Module> {
  const config = join(folder, `${file}.${rules}.json`)
  const outDir = join(folder, rules)
  const compilerOptions = {
    outDir,
    rootDir: at('.'),
    target: 'ES2022',
    noEmit: false,
    noEmitOnError: true,
    composite: false,
    declaration: false,
    declarationMap: false,
    sourceMap: false,
    ...options,
  }
  await writeFile(
    config,
    JSON.stringify({ extends: join(root, 'tsconfig.base.json'), compilerOptions, files: [at(`${file}.ts`)] }),
  )
  await promisify(execFile)(process.execPath, [compiler, '--project', config], { cwd: root })
  return import(/* @vite-ignore */ pathToFileURL(join(outDir, `${file}.js`)).href) as Promise<Module>
}

const bodies = async (): Promise<readonly string[]> =>
  (await pool.query<{ body: string }>('select body from note order by body')).rows.map(({ body }) => body)

describe.each(Object.entries({ standard: {}, legacy: { experimentalDecorators: true } }))(
  'a method with a decorator, by %s rules',
  (rules, options) => {
    let decorated: typeof Decorated
    beforeAll(async () => {
      decorated = await compiled('decorated', rules, options)
    })

    test('is in a transaction, on its own object, and gives what it gives', async () => {
      const notes = new (decorated.notesBy(tx))('mine')
      const body: 'kept' = await notes.add('kept')
      expect(body).toBe('kept')
      expect(await bodies()).toEqual(['mine kept'])
    })

    test('joins one that is current, and is rolled back with it', async () => {
      const notes = new (decorated.notesBy(tx))('mine')
      expect(await failureIn(notes.addAndFail('lost'))).toMatchObject({ message: 'failing' })
      expect(await bodies()).toEqual([])
    })

    test('may be static, and have a mode', async () => {
      const Notes = decorated.notesBy(tx)
      await new Notes('a').add('note')
      expect(await Notes.counted()).toBe(1)
      expect(await codeIn(Notes.count())).toBe('TRANSACTION_MODE')
    })

    test.each(['getter', 'field'] as const)('control: a %s is none', what => {
      expect(() => decorated.misplaced[what](tx)).toThrow(expect.objectContaining({ code: 'QUERY_INVALID' }))
    })
  },
)

test('what other decorators leave on a method is there, whichever is applied first', async () => {
  const { markedBy } = await compiled<typeof Decorated>('decorated', 'marked', { experimentalDecorators: true })
  const mark = (...[, , descriptor]: readonly unknown[]): void =>
    Reflect.defineMetadata('mark', 'here', (descriptor as PropertyDescriptor).value as object)
  const marked = markedBy(tx, mark) as Record<string, object>
  expect(['first', 'last'].map(name => Reflect.getMetadata('mark', marked[name]!))).toEqual(['here', 'here'])
})

test('a private method, by the rules that know it', async () => {
  const { hiddenBy } = await compiled<typeof DecoratedPrivate>('decorated-private', 'standard', {})
  await new (hiddenBy(tx))().add()
  expect(await bodies()).toEqual(['hidden'])
})
