/** What the command line of `bench:transactions` asks for. @module */
import { askedFor, isIn, readArguments } from '../arguments.js'
import { type Entry, fields } from './fields/index.js'

export interface Options {
  readonly help: boolean
  /** What is measured. */
  readonly fields: readonly Entry[]
  /** Is the crowd measured, too? */
  readonly crowd: boolean
  readonly rounds: number
  /** Where the figures go, if anywhere. */
  readonly json: string | undefined
}

export const help = `Prints what a transaction of pillion's around one statement costs beside the host's own, and what a crowd of them leaves behind.

  npm run bench:transactions -- [options]

  --quick          a quarter of the rounds
  --only <name>    hosts with this in their names, without the crowd; may be repeated
  --json <file>    the figures, too
  --help           this text

  npm run bench:transactions                                    about six minutes
  npm run bench:transactions -- --quick --only pg --only mysql2

  PILLION_BENCH_URL          a superuser's URL of the PostgreSQL to use; otherwise one is started, which waits for its disk
  PILLION_BENCH_MARIADB_URL  the same of a MariaDB; otherwise the one that is installed is started

Hosts: ${fields.map(({ name }) => name).join(', ')}
`

export function parseOptions(args: readonly string[]): Options {
  const { help: asksHelp, only, quick, json } = readArguments(args)
  return {
    help: asksHelp,
    fields: askedFor(fields, only, ({ name }, part) => isIn(name, part)),
    crowd: only.length === 0,
    rounds: quick ? 10 : 40,
    json,
  }
}
