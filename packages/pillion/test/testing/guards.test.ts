/**
 * The cases on bad input see when a guard is gone: each is broken in a copy of the source, one at a time.
 */
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import type * as testing from '../../src/testing/index.js'
import { createDatabase } from '../../../../test/support/postgres.js'
import { pgPool } from '../hosts/fixtures/pg.js'

const root = fileURLToPath(new URL('../../../../', import.meta.url))

interface Guard {
  readonly file: string
  readonly is: string
  readonly broken: string
  /** The cases that must fail, by what they refuse. */
  readonly seenBy: readonly string[]
}

const guards: readonly Guard[] = [
  {
    file: 'run/bind.ts',
    is: 'if (value !== undefined) return value',
    broken: 'return value ?? null',
    seenBy: ['a parameter without a value'],
  },
  {
    file: 'run/bind.ts',
    is: 'wrongType(type, nameOf(value),',
    broken: 'wrongType(type, String(value),',
    seenBy: ['a value of another type for a parameter'],
  },
  {
    file: 'query/expr.ts',
    is: 'throw wrongType(type, nameOf(given))',
    broken: 'void 0',
    seenBy: ['a value of another type than its column'],
  },
  {
    file: 'query/row-count.ts',
    is: 'Number.isSafeInteger(rows) && rows >= 0',
    broken: 'Number.isSafeInteger(rows)',
    seenBy: ['limit(-1)'],
  },
  {
    file: 'run/raw-query.ts',
    is: 'assertOneSelect(text, host.dialect)',
    broken: 'void assertOneSelect',
    seenBy: ['raw SQL that writes', 'raw SQL with a second statement', 'raw SQL that ends a transaction'],
  },
  {
    file: 'compile/page.ts',
    is: 'if (mark !== fingerprint(order) || ',
    broken: 'if (mark === undefined || ',
    seenBy: ['a cursor from another order'],
  },
  {
    file: 'compile/page.ts',
    is: `if (!isSound) throw invalidCursor(query, 'It is damaged.')`,
    broken: 'if (!isSound) return [cursor]',
    seenBy: ['a damaged cursor'],
  },
  { file: 'query/join.ts', is: 'byteLength(name) <= 63', broken: 'true', seenBy: ['an alias of 70 bytes'] },
  {
    file: 'run/database.ts',
    is: 'if (found !== undefined) return found\n    throw',
    broken: 'if (found !== undefined) return found\n    if (true) return table\n    throw',
    seenBy: ['a table that is not there'],
  },
  {
    file: 'run/database.ts',
    is: 'if (found === undefined) {\n      throw',
    broken: 'if (found === undefined) {\n      if (true) return\n      throw',
    seenBy: ['a column that is not there'],
  },
  {
    file: 'compile/print/scope.ts',
    is: `'HANDLE_UNOWNED'`,
    broken: `'HANDLE_MISPLACED'`,
    seenBy: ['a column of a root that is in no query'],
  },
  {
    file: 'errors.ts',
    is: 'known.origin === undefined ? placeOf(userLine()) : {}',
    broken: '{}',
    seenBy: ['limit(-1)', 'an alias of 70 bytes'],
  },
]

/** Which of the cases on bad input fail that are looked at, over a copy of the source in which a text is replaced. */
async function failing(
  { file, is, broken }: Omit<Guard, 'seenBy'>,
  looked: (name: string) => boolean,
): Promise<string[]> {
  await mkdir(join(root, '.tmp'), { recursive: true })
  const folder = await mkdtemp(join(root, '.tmp/guard-'))
  const database = await createDatabase()
  try {
    const copy = join(folder, 'src')
    await cp(join(root, 'packages/pillion/src'), copy, { recursive: true })
    const source = await readFile(join(copy, file), 'utf8')
    expect(source.split(is), `${file} has it once: ${is}`).toHaveLength(2)
    await writeFile(
      join(copy, file),
      source.replace(is, () => broken),
    )
    const { conformance } = (await import(join(copy, 'testing/index.ts'))) as typeof testing
    const { cases, close } = conformance(pgPool, database.url)
    const failed: string[] = []
    for (const { name, capability, run } of cases) {
      if (capability === 'bad input' && looked(name)) await run().catch(() => failed.push(name))
    }
    await close()
    return failed
  } finally {
    await database.drop()
    await rm(folder, { recursive: true })
  }
}

test.each(guards)('$file without $is', async guard => {
  const seeing = (name: string): boolean => guard.seenBy.some(each => name.startsWith(`${each} is refused`))
  expect(await failing(guard, seeing)).toHaveLength(guard.seenBy.length)
})

test('control: where nothing is broken, all pass', async () => {
  const name = 'export class PillionError'
  expect(await failing({ file: 'errors.ts', is: name, broken: name }, () => true)).toEqual([])
})
