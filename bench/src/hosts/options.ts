/** What the command line of `bench:hosts` asks for. @module */
import { askedFor, isIn, readArguments } from '../arguments.js'
import { type Entry, riders } from './riders/index.js'

export interface Options {
  readonly help: boolean
  readonly riders: readonly Entry[]
  readonly rounds: number
  /** Where the JSON goes. */
  readonly json: string
}

export const help = `Prints what a ride costs on each host: pillion's query over that host's own raw query.

  npm run bench:hosts -- [options]

  --quick          fewer rounds
  --only <name>    hosts with this in their names, or those of a dialect: postgres, mariadb, sqlite; may be repeated
  --json <file>    where to write the figures (bench/hosts.json)
  --help           this text

  PILLION_BENCH_URL          a superuser's URL of the PostgreSQL to use; otherwise one is started
  PILLION_BENCH_MARIADB_URL  the same of a MariaDB; otherwise the one that is installed is started

Hosts:
${riders.map(({ name, dialect }) => `  ${dialect.padEnd(8)}  ${name}`).join('\n')}
`

export function parseOptions(args: readonly string[]): Options {
  const { help: asksHelp, only, quick, json = 'bench/hosts.json' } = readArguments(args)
  return { help: asksHelp, riders: askedFor(riders, only, isNamed), rounds: quick ? 8 : 16, json }
}

function isNamed({ name, dialect }: Entry, part: string): boolean {
  return dialect === part || isIn(name, part)
}
