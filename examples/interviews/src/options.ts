/**
 * The command line of `npm start`.
 *
 * @module
 */
import { parseArgs } from 'node:util'
import { type EngineName, engineNames } from './engine/engine.js'
import { type OrmName, ormNames } from './orm/orm.js'

export const usage = `npm start -- [--database postgres|mariadb|sqlite] [--host prisma|typeorm] [--port 4000]

Starts a database of its own, creates and fills the interviews, and serves them until Ctrl-C.

  --database   a PostgreSQL from npm, the MariaDB that is installed, or a file of SQLite (postgres)
  --host       the ORM that lends its connection (prisma on postgres, else typeorm)
  --port       where to serve; 0 for any free port (4000)
  --help       this text
`

export interface Options {
  readonly database: EngineName
  readonly host: OrmName
  readonly port: number
  readonly help: boolean
}

/** Reads the arguments. Throws an error to show, with `usage`, when they cannot be read. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      database: { type: 'string', default: 'postgres' },
      host: { type: 'string' },
      port: { type: 'string', default: '4000' },
      help: { type: 'boolean', default: false },
    },
  })
  const database = engineNames.find(name => name === values.database)
  if (database === undefined) throw new Error(`--database is one of ${engineNames.join(', ')}, not ${values.database}`)
  const { host: wanted = database === 'postgres' ? 'prisma' : 'typeorm' } = values
  const host = ormNames.find(name => name === wanted)
  if (host === undefined) throw new Error(`--host is one of ${ormNames.join(', ')}, not ${wanted}`)
  // a Prisma client is generated for one kind of database
  if (host === 'prisma' && database !== 'postgres')
    throw new Error(`--host prisma is there on --database postgres only, not on ${database}`)
  if (!/^\d{1,5}$/.test(values.port) || Number(values.port) > 65_535)
    throw new Error(`--port is a number from 0 to 65535, not ${values.port}`)
  return { database, host, port: Number(values.port), help: values.help }
}
