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

const programs: readonly Program[] = [
  node('floor', 'floor'),
  node('pillion', 'pillion'),
  node(refresh, 'refresh'),
  {
    name: 'sqlalchemy',
    command: process.env['PILLION_BENCH_PYTHON'] ?? 'python3',
    arguments: [fileHere('../../python/reflect.py')],
  },
]

export async function measureReflection(
  server: Server,
  { tables, rounds }: { readonly tables: number; readonly rounds: number },
  signal: AbortSignal,
): Promise<Measured> {
  await using database = await createDatabase(server, schemaOf(tables), signal)
  const present: Program[] = []
  const absent: { name: string; absent: string }[] = []
  for (const program of programs) {
    const reason = await reasonOfAbsence(program, database.url, tables, signal)
    if (reason === undefined) present.push(program)
    else absent.push({ name: program.name, absent: reason })
  }
  const samples = await interleaved(
    present.map(program => ({
      sample: async () => [(await reading(program, database.url, signal)).nanoseconds],
    })),
    rounds,
  )
  return {
    id: `reflect-${tables}`,
    title: `Reflect ${tables.toLocaleString('en')} tables: 12 columns, 2 foreign keys, 4 indexes, a check and comments each`,
    baseline: 'floor',
    lines: present.map((program, at) => ({ contender: program.name, variant: '', rounds: samples[at]!, sql: [] })),
    absent,
    targets: [
      { subject: 'pillion', against: 'sqlalchemy', atMost: 1 / 3 },
      { subject: 'pillion', against: 'floor', atMost: 2.5 },
      ...(tables === 1000 ? [{ subject: refresh, within: 100e6 }] : []),
    ],
  }
}

/** Runs the program once, untimed: it must work, and must find all there is. */
async function reasonOfAbsence(
  program: Program,
  url: string,
  tables: number,
  signal: AbortSignal,
): Promise<string | undefined> {
  const first = await reading(program, url, signal).catch((error: Partial<Error & { stderr: string }>) => {
    signal.throwIfAborted()
    return lastLine(error.stderr ?? error.message ?? '')
  })
  if (typeof first === 'string') return first
  if (!isDeepStrictEqual(first.counts, countsOf(tables)))
    throw new Error(`${program.name} found ${JSON.stringify(first.counts)} of ${JSON.stringify(countsOf(tables))}`)
  return undefined
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
