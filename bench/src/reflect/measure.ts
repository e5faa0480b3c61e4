/** Reflection: pillion beside the bare catalogue queries and SQLAlchemy, each reading in a fresh process. @module */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { isDeepStrictEqual, promisify } from 'node:util'
import { interleaved } from '../measure.js'
import type { Measured } from '../results.js'
import { createDatabase, type Server } from '../server.js'
import { type Counts, countsOf, schemaOf } from './schema.js'

/** A program that reads the schema of a database and prints a {@link Reading}. */
interface Program {
  readonly name: string
  readonly command: string
  readonly arguments: readonly string[]
  /** What some of its versions leave out, to their advantage. */
  readonly mayLeaveOut?: { readonly what: string; readonly found: (tables: number) => Counts }
}

interface Reading {
  readonly nanoseconds: number
  readonly counts: Counts
}

const fileHere = (path: string) => fileURLToPath(new URL(path, import.meta.url))

const refresh = 'pillion refresh, 2 tables changed'

const node = (name: string, reader: string): Program => ({
  name,
  command: process.execPath,
  arguments: [fileHere('once.js'), reader],
})

const floor = node('floor', 'floor')

const programs: readonly Program[] = [
  floor,
  node('pillion', 'pillion'),
  node(refresh, 'refresh'),
  {
    name: 'sqlalchemy',
    command: process.env['PILLION_BENCH_PYTHON'] ?? 'python3',
    arguments: [fileHere('../../python/reflect.py')],
    // 1.4 does, which Debian 12 has.
    mayLeaveOut: {
      what: 'without indexes over expressions',
      found: tables => ({ ...countsOf(tables), indexes: 3 * tables }),
    },
  },
]

export async function measureReflection(
  server: Server,
  { tables, rounds }: { readonly tables: number; readonly rounds: number },
  signal: AbortSignal,
): Promise<Measured> {
  await using database = await createDatabase(server, schemaOf(tables), signal)
  const present: { readonly program: Program; readonly variant: string; readonly first: number }[] = []
  const absent: { name: string; absent: string }[] = []
  // whoever came first would find nothing of the catalogue in the server's memory
  await reading(floor, database.url, signal)
  for (const program of programs) {
    const first = await firstReading(program, database.url, signal)
    if ('absent' in first) absent.push({ name: program.name, ...first })
    else present.push({ program, variant: variantOf(program, first.counts, tables), first: first.nanoseconds })
  }
  const samples = await interleaved(
    present.map(({ program }) => ({
      sample: async () => [(await reading(program, database.url, signal)).nanoseconds],
    })),
    rounds - 1,
  )
  return {
    id: `reflect-${tables}`,
    title: `Reflect ${tables.toLocaleString('en')} tables: 12 columns, 2 foreign keys, 4 indexes, a check and comments each`,
    baseline: 'floor',
    lines: present.map(({ program, variant, first }, at) => ({
      contender: program.name,
      variant,
      rounds: [[first], ...samples[at]!],
      sql: [],
    })),
    absent,
    targets: [
      { subject: 'pillion', against: 'sqlalchemy', atMost: 1 / 3 },
      { subject: 'pillion', against: 'floor', atMost: 2.5 },
      ...(tables === 1000 ? [{ subject: refresh, within: 100e6 }] : []),
    ],
  }
}

/** Runs the program in the first round: it must work. */
async function firstReading(
  program: Program,
  url: string,
  signal: AbortSignal,
): Promise<Reading | { readonly absent: string }> {
  return reading(program, url, signal).catch((error: Partial<Error & { stderr: string }>) => {
    signal.throwIfAborted()
    return { absent: lastLine(error.stderr ?? error.message ?? '') }
  })
}

/** It must find all there is, or say what it leaves out. */
function variantOf({ name, mayLeaveOut }: Program, counts: Counts, tables: number): string {
  const all = countsOf(tables)
  if (isDeepStrictEqual(counts, all)) return ''
  if (mayLeaveOut && isDeepStrictEqual(counts, mayLeaveOut.found(tables))) return mayLeaveOut.what
  throw new Error(`${name} found ${JSON.stringify(counts)} of ${JSON.stringify(all)}`)
}

async function reading(program: Program, url: string, signal: AbortSignal): Promise<Reading> {
  const { stdout } = await promisify(execFile)(program.command, [...program.arguments, url], { signal })
  return JSON.parse(stdout) as Reading
}

/** Where Python puts the error; Node puts it on the line that begins with its name. */
function lastLine(text: string): string {
  const lines = text.trim().split('\n')
  return lines.find(line => /^\w*Error\b/.test(line)) ?? lines[lines.length - 1]!
}
