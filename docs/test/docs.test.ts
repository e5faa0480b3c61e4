/**
 * Every code block of the documentation is type-checked and run, on a database of the page's own.
 */
import { execFile } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkOf } from './check.js'
import { exportsOf } from './exports.js'
import { type Ground, openGround } from './ground.js'
import { moduleOf, type PageModule } from './module.js'
import { sectionsOf } from './page.js'
import { rewritingCheckOf } from './rewrite.js'

const root = fileURLToPath(new URL('../../', import.meta.url))
const require = createRequire(import.meta.url)
const tsc = join(dirname(require.resolve('typescript/package.json')), 'bin/tsc')
const surroundings = { names: exportsOf('pillion'), project: '../../docs/test/project', harness: '../../docs/test' }

const pages = ['README.md', ...readdirSync(join(root, 'docs')).filter(name => name.endsWith('.md'))].map(name => {
  const path = name === 'README.md' ? name : `docs/${name}`
  const text = readFileSync(join(root, path), 'utf8')
  return {
    path,
    text,
    sections: sectionsOf(text).filter(each => each.blocks.some(({ language }) => language === 'ts')),
  }
})

const checkFor = process.env.PILLION_DOCS === 'write' ? rewritingCheckOf : checkOf

/** Writes modules beside each other, in a folder of this run's own. */
async function writeModules(modules: Readonly<Record<string, string>>): Promise<string> {
  mkdirSync(join(root, '.tmp'), { recursive: true })
  const folder = await mkdtemp(join(root, '.tmp/docs-'))
  const config = { extends: '../../docs/tsconfig.json', include: ['.', '../../docs/test'] }
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config))
  for (const [name, text] of Object.entries(modules)) await writeFile(join(folder, `${name}.ts`), text)
  return folder
}

/** What the compiler has against a folder: nothing, or its words. */
async function complaints(folder: string): Promise<string> {
  return promisify(execFile)(process.execPath, [tsc, '-p', folder, '--pretty', 'false'], { cwd: root }).then(
    () => '',
    ({ stdout }: { stdout: string }) => stdout,
  )
}

async function load(folder: string, name: string): Promise<PageModule> {
  return import(/* @vite-ignore */ join(folder, `${name}.ts`))
}

const nameOf = (path: string): string => basename(path, '.md')

let folder: string
beforeAll(async () => {
  // The client that the Prisma examples import; quick when it is there already.
  await promisify(execFile)(
    process.execPath,
    ['tools/prisma/generate.js', 'docs/test/prisma/schema.prisma', 'docs/test/project/generated/prisma'],
    { cwd: root },
  )
  folder = await writeModules(
    Object.fromEntries(pages.map(({ path, text }) => [nameOf(path), moduleOf(text, surroundings)])),
  )
})
afterAll(() => rm(folder, { recursive: true, force: true }))

it('compiles', async () => {
  expect(await complaints(folder)).toBe('')
})

describe.each(pages.filter(({ sections }) => sections.length > 0))('$path', ({ path, sections }) => {
  let ground: Ground
  beforeAll(async () => {
    ground = await openGround()
  })
  afterAll(() => ground.close())

  it.each(sections.map(({ title }, i) => ({ title, i })))('$title', async ({ i }) => {
    const page = await load(folder, nameOf(path))
    const check = checkFor(path)
    await page.sections[i]?.run(ground as never, check as never).catch((error: unknown) => {
      throw new Error(`${check.place}: ${error instanceof Error ? error.message : error}`, { cause: error })
    })
  })
})

describe('a page that is wrong', () => {
  const page = (code: string, sql = ''): string =>
    `## wrong\n\`\`\`ts\n${code}\n\`\`\`\n${sql && `\`\`\`sql\n${sql}\n\`\`\`\n`}`
  const right = page(
    'const q = db.from(tag).select({ label: tag.label })\n// row: { label: string }',
    'SELECT "tag"."label" FROM "tag"',
  )
  const wrongTypes = [
    page('const q = db.from(tag).select({ label: tag.label })\n// row: { label: number }'),
    page('db.from(tag).select({ label: tag.lable })'),
  ]
  const wrongRuns = [
    page('db.from(tag)', 'SELECT 1'),
    page("await db.from(tag).select({ label: tag.label }).orderBy(tag.id.asc()).all() // → [{ label: 'remote' }]"),
    page('db.from(tag).toSQL() // throws FAN_OUT'),
    page("await db.from(tag).orderBy(tag.label.asc()).one() // → { label: 'x' }"),
  ]
  let ground: Ground
  beforeAll(async () => {
    ground = await openGround()
  })
  afterAll(() => ground.close())

  it('is seen by the compiler, or when it runs; a right one by neither', async () => {
    const modules = [right, ...wrongTypes, ...wrongRuns].map(text => moduleOf(text, surroundings))
    const written = await writeModules(Object.fromEntries(modules.map((text, i) => [`page${i}`, text])))
    try {
      const said = await complaints(written)
      expect(wrongTypes.map((_, i) => said.includes(`page${i + 1}.ts`))).toEqual(wrongTypes.map(() => true))
      expect(said).not.toContain('page0.ts')
      const run = async (i: number) =>
        (await load(written, `page${i}`)).sections[0]?.run(ground as never, checkOf('x') as never)
      await run(0)
      for (const [i] of wrongRuns.entries()) await expect(run(1 + wrongTypes.length + i)).rejects.toThrow()
    } finally {
      await rm(written, { recursive: true, force: true })
    }
  })
})
