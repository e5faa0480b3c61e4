/** What the command line of `bench:hosts` asks for. @module */
import { parseArgs } from 'node:util'
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
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: [] },
      json: { type: 'string', default: 'bench/hosts.json' },
      help: { type: 'boolean', default: false },
    },
  })
  const { only } = values
  const asked = only.length === 0 ? riders : riders.filter(rider => only.some(part => isNamed(rider, part)))
  if (asked.length === 0) throw new Error(`there is no host named ${only.join(', ')}: see --help`)
  return { help: values.help, riders: asked, rounds: values.quick ? 8 : 16, json: values.json }
}

function isNamed({ name, dialect }: Entry, part: string): boolean {
  return dialect === part || name.toLowerCase().includes(part.toLowerCase())
}
