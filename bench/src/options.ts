/** What the command line asks for. @module */
import { readArguments } from './arguments.js'

export const parts = ['build', 'execute', 'reflect'] as const
export type Part = (typeof parts)[number]

export interface Options {
  readonly help: boolean
  readonly parts: readonly Part[]
  /** Where the JSON goes. */
  readonly json: string
  readonly effort: Effort
}

/** How often things are repeated. */
export interface Effort {
  readonly name: 'quick' | 'full'
  /** Rounds of build and execute: in each, every contender runs one batch of every case. */
  readonly rounds: number
  /** Sizes of the synthetic schemas to reflect, in tables, with the rounds at each. */
  readonly reflect: readonly { readonly tables: number; readonly rounds: number }[]
}

const quick: Effort = { name: 'quick', rounds: 14, reflect: [{ tables: 1000, rounds: 2 }] }
const full: Effort = {
  name: 'full',
  rounds: 90,
  reflect: [
    { tables: 1000, rounds: 7 },
    { tables: 4000, rounds: 5 },
  ],
}

export const help = `Compares pillion with hand-written pg, Kysely, Drizzle, Prisma, TypeORM and SQLAlchemy.

  npm run bench -- [options]

  --quick          fewer rounds and the smaller schema: under two minutes
  --only <part>    build, execute or reflect; may be repeated
  --json <file>    where to write the figures (bench/results.json)
  --help           this text

  PILLION_BENCH_URL     a superuser's URL of the PostgreSQL to use; otherwise one is started
  PILLION_BENCH_PYTHON  a Python that has SQLAlchemy and psycopg2 (python3)
`

export function parseOptions(args: readonly string[]): Options {
  const { help: asksHelp, only, quick: isQuick, json = 'bench/results.json' } = readArguments(args)
  return { help: asksHelp, parts: only.length === 0 ? parts : only.map(part), json, effort: isQuick ? quick : full }
}

function part(name: string): Part {
  const found = parts.find(known => known === name)
  if (found === undefined) throw new Error(`--only takes ${parts.join(', ')}; not ${name}`)
  return found
}
