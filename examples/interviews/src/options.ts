/**
 * The command line of `npm start`.
 *
 * @module
 */
import { parseArgs } from 'node:util'
import { type OrmName, ormNames } from './orm/orm.js'

export const usage = `npm start -- [--host prisma|typeorm] [--port 4000]

Starts a PostgreSQL of its own, creates and fills the interviews, and serves them until Ctrl-C.

  --host   the ORM that lends its connection (prisma)
  --port   where to serve; 0 for any free port (4000)
  --help   this text
`

export interface Options {
  readonly host: OrmName
  readonly port: number
  readonly help: boolean
}

/** Reads the arguments. Throws an error to show, with `usage`, when they cannot be read. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      host: { type: 'string', default: 'prisma' },
      port: { type: 'string', default: '4000' },
      help: { type: 'boolean', default: false },
    },
  })
  const host = ormNames.find(name => name === values.host)
  if (host === undefined) throw new Error(`--host is one of ${ormNames.join(', ')}, not ${values.host}`)
  if (!/^\d{1,5}$/.test(values.port) || Number(values.port) > 65_535)
    throw new Error(`--port is a number from 0 to 65535, not ${values.port}`)
  return { host, port: Number(values.port), help: values.help }
}
