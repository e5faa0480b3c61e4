/**
 * Runs the compiler over the files beside this one: exact types, what must be refused and why, what editors show.
 * Each is held against a copy with the expectations broken, which the compiler must report.
 *
 * @module
 */
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as baseTypes from '../../src/schema/base-types.js'
import { codecOf } from '../../src/schema/codec.js'
import type { BaseType } from '../../src/schema/model.js'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const root = at('../../../../')
const compiler = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc')

interface Diagnostic {
  readonly file: string
  readonly line: number
  readonly message: string
}

/** What the compiler says of a project, one entry for each error. */
function check(project: string, ...options: readonly string[]): Promise<readonly Diagnostic[]> {
  const args = [compiler, '--project', project, '--pretty', 'false', ...options]
  return new Promise(resolve => {
    execFile(process.execPath, args, { cwd: root }, (_, stdout) => resolve(diagnosticsIn(stdout)))
  })
}

function diagnosticsIn(output: string): readonly Diagnostic[] {
  return output
    .split(/\n(?! )/)
    .filter(text => text.trim() !== '')
    .map(message => {
      const [, file, line] = /([^/\n]+\.ts)\((\d+),\d+\)/.exec(message) ?? []
      return { file: file ?? '', line: Number(line), message }
    })
}

let folder: string
let declarations: string
let reported: readonly Diagnostic[]

beforeAll(async () => {
  await mkdir(join(root, '.tmp'), { recursive: true })
  folder = await mkdtemp(join(root, '.tmp', 'types-'))
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }')
  await writeFile(join(folder, 'tsconfig.json'), moved(await readFile(at('tsconfig.json'), 'utf8')))
  await copy('expect.ts')
  await copy('hover.ts')
  await copy('refused.ts', text => text.replaceAll('@ts-expect-error', 'refused'))
  await copy('rows.ts', text => text.replace('rating: number | null', 'rating: number'))
  await writeFile(join(folder, 'data.ts'), dataValues())
  const out = join(folder, 'out')
  reported = await check(folder, '--noEmit', 'false', '--declaration', '--rootDir', root, '--outDir', out)
  declarations = await readFile(join(out, relative(root, folder), 'hover.d.ts'), 'utf8')
}, 120_000)

afterAll(() => rm(folder, { recursive: true }))

async function copy(name: string, change: (text: string) => string = text => text): Promise<void> {
  await writeFile(join(folder, name), change(moved(await readFile(at(name), 'utf8'))))
}

/** From four folders deep to two. */
function moved(text: string): string {
  return text
    .replaceAll('../../../../', '../../')
    .replaceAll('../../src/', '../../packages/pillion/src/')
    .replaceAll('../support/', '../../packages/pillion/test/support/')
}

const dataTypes = Object.entries(baseTypes).flatMap(([name, type]) =>
  typeof type === 'object' ? [{ name, type }] : [],
)

/** The compiler's side of each data type, held to what its codec says it reads. */
function dataValues(): string {
  return [
    "import { cast } from 'pillion'",
    `import { ${dataTypes.map(({ name }) => name).join(', ')} } from '../../packages/pillion/src/schema/base-types.js'`,
    "import { interview, yields } from './expect.js'",
    "import type { Json } from '../../packages/pillion/src/schema/values.js'",
    'export type { Json }',
    ...dataTypes.map(({ name, type }) => `yields(cast(interview.id, ${name})).is<${tsOf(type)}>()`),
    'yields(cast(interview.id, int4)).is<string>()',
  ].join('\n')
}

/** In the generated file, everything of pillion's is `p.`. */
const tsOf = (type: BaseType) => codecOf(type).ts.replace('p.', '')

const ofFile = (name: string) => reported.filter(({ file }) => file === name)

describe('types', () => {
  it('are exact, and refuse what they should', async () => {
    expect(await check(at('.'))).toEqual([])
  }, 120_000)

  it('are told from wrong ones', () => {
    expect(ofFile('rows.ts').map(({ message }) => message)).toEqual([
      expect.stringContaining(
        "but required in type '{ readonly expected: { id: number; title: string; rating: number; }; }'",
      ),
    ])
  })

  it('read data types as their codecs do', () => {
    expect(dataTypes.length).toBeGreaterThan(25)
    const [wrong, ...others] = ofFile('data.ts')
    expect(others).toEqual([])
    expect(wrong?.message).toContain('{ readonly expected: string; }')
  })

  it('show in editors as one would write them', () => {
    expect(declarations.replace(/import\("[^"]+"\)\.|export declare const /g, '')).toMatchInlineSnapshot(`
      "mine: Evaluation<null, "joined">;
      byOne: Evaluation<never, "semi">;
      best: Evaluation<null, "joined">;
      lead: Column<string | null, "joined">;
      compared: Expr<boolean | null, "joined">;
      mixed: Expr<boolean, "joined" | "semi">;
      rating: Expr<number, "joined">;
      level: Expr<string | null, "joined">;
      written: Expr<string | null, "joined">;
      perUser: DerivedHandle<{
          user: number;
          n: number;
      }>;
      ours: DerivedHandle<{
          user: number;
          n: number;
      }, null, "joined">;
      query: Query<{
          id: number;
          mine: EvaluationRow | null;
          rating: number | null;
          nested: {
              at: Date;
          } | null;
          notes: {
              by: string;
          }[];
      }>;
      row: {
          id: number;
          mine: EvaluationRow | null;
          rating: number | null;
          nested: {
              at: Date;
          } | null;
          notes: {
              by: string;
          }[];
      };
      whole: InterviewRow[];
      pages: Tree<Composite<{
          readonly id: string;
          readonly tenantId: number;
      }>>;
      below: DerivedHandle<ReachedBy<{
          readonly id: string;
          readonly tenantId: number;
      }>>;
      nearest: {
          readonly id: Expr<string | null, "joined">;
          readonly tenantId: Expr<number | null, "joined">;
      };
      "
    `)
  })
})

describe('what the compiler refuses', async () => {
  const lines = (await readFile(at('refused.ts'), 'utf8')).split('\n')
  const refusals = lines.flatMap((text, index) => {
    const [, reason] = /^\/\/ @ts-expect-error: (.+)/.exec(text) ?? []
    return reason === undefined ? [] : [{ reason, line: index + 2 }]
  })

  it('is nothing else', () => {
    const expected = new Set(refusals.map(({ line }) => line))
    expect(ofFile('refused.ts').filter(({ line }) => !expected.has(line))).toEqual([])
  })

  it.each(refusals)('$reason', ({ line }) => {
    const [error] = ofFile('refused.ts').filter(each => each.line === line)
    expect(error?.message).toMatch(expectedOf(line))
  })

  /** The words of the compiler that a section's heading promises: `// --- a heading: /words/`. */
  function expectedOf(line: number): RegExp {
    const heading = lines.slice(0, line).findLast(text => text.startsWith('// --- '))
    const [, words] = /: \/(.+)\/$/.exec(heading ?? '') ?? []
    if (words === undefined) throw new Error(`line ${line} stands under no heading`)
    return new RegExp(words)
  }
})
