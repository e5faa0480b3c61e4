/**
 * What `pillion reflect` can be told, and how it says so.
 *
 * @module
 */
import { checkOverrides, type Names, type Overrides } from 'pillion/schema'
import { optionsIn } from '../command-line.js'
import { type Config, readConfig, readHost } from '../config.js'
import { explain, UsageError } from '../failure.js'
import { readText } from '../file.js'

export const reflectHelp = `Usage: pillion reflect [options]

Reads the schema of a PostgreSQL, MySQL, MariaDB or SQLite database and writes it as TypeScript: types for every
table, and the tables themselves, usable without a connection. Reads only, and never asks back.

Options:
  --url <url>          the database (default: $DATABASE_URL): postgres://user:password@host:5432/name,
                       mysql://user:password@host:3306/name (mysql2 or mariadb installed), or
                       sqlite:file (better-sqlite3 installed, or node:sqlite)
  --host <file>        instead, a module whose default export is a host of pillion's, or makes one; its export
                       close, if there is one, is called at the end
  --config <file>      url, host, close, out, schemas, names and overrides as the default export of a module
                       (default: pillion.config.ts, .mts, .cts, .js, .mjs or .cjs); the command line comes before it
  --out <file>         the file to write; left alone when nothing changed. Names of relations in it are kept
  --schema <name>      a schema to reflect; may be repeated (default: all but the
                       server's own; in MySQL main, the connection's database)
  --include <glob>     tables to take, as public.order_*; may be repeated (default: all)
  --exclude <glob>     tables to leave out; may be repeated
  --names <style>      database: names as they are; camel: user_id as userId
                       (default: as in --out, where that is there, or else database)
  --overrides <file>   a JSON file: renamed and added relations, nullability, TypeScript types, columns to leave out
  --verify             write nothing; exit 1 and print the changes when the database has drifted from --out
  --print              print the TypeScript
  --ddl                print the SQL that makes the same schema in an empty database
  --json               print the catalogue, or with --verify the changes, as JSON
  --help               show this

Examples:
  pillion reflect --url postgres://me@localhost/app --out src/db.gen.ts
  pillion reflect --out src/db.gen.ts --names camel --exclude 'public.*_migrations'
  pillion reflect --out src/db.gen.ts --verify          # in CI: exit 1 when the database has drifted
  pillion reflect --ddl --schema public > schema.sql
  pillion reflect --url sqlite:dev.db --print

Exit codes: 0 done, 1 drifted, 2 wrong usage, 3 cannot connect, 4 any other failure,
129, 130, 143 ended by SIGHUP, SIGINT (Ctrl-C), SIGTERM.
`

const optionTypes = {
  url: { type: 'string' },
  host: { type: 'string' },
  config: { type: 'string' },
  out: { type: 'string' },
  schema: { type: 'string', multiple: true },
  include: { type: 'string', multiple: true },
  exclude: { type: 'string', multiple: true },
  names: { type: 'string' },
  overrides: { type: 'string' },
  verify: { type: 'boolean' },
  print: { type: 'boolean' },
  ddl: { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const

/** The command line, taken apart. */
export type Options = ReturnType<typeof parseOptions>

/** Takes the command line apart; exit code 2 for what is not in it. */
export function parseOptions(args: readonly string[]) {
  return optionsIn(args, optionTypes)
}

/** What is to be done: the command line, and what the configuration says where that says nothing. */
export interface Task extends Pick<Options, 'verify' | 'print' | 'ddl' | 'json'> {
  readonly url: string | undefined
  readonly host: Config['host']
  readonly close: Config['close']
  readonly out: string | undefined
  readonly schemas: readonly string[] | undefined
  readonly names: Names | undefined
  readonly overrides: Overrides
}

/** Exit code 2 for what cannot be meant. */
export async function taskOf(options: Options): Promise<Task> {
  const { url, host: hostFile, names, schema } = options
  if (url !== undefined && hostFile !== undefined) throw UsageError('choose one of --url and --host')
  if (names !== undefined && !isNames(names)) throw UsageError(`--names is database or camel, not ${names}`)
  const config = await readConfig(options.config)
  const told = hostFile === undefined ? config : await readHost(hostFile)
  const task: Task = {
    ...options,
    url: url ?? (told.host === undefined ? (config.url ?? process.env.DATABASE_URL) : undefined),
    host: url === undefined ? told.host : undefined,
    close: url === undefined ? told.close : undefined,
    out: options.out ?? config.out,
    schemas: schema ?? config.schemas,
    names: names ?? config.names,
    overrides: readOverrides(options, config.overrides),
  }
  check(task)
  return task
}

function check({ out, verify, print, ddl, json, overrides }: Task): void {
  if (out === '') throw UsageError('--out is to name a file')
  if (verify && out === undefined) throw UsageError('--verify needs --out, the file to compare with')
  if (verify && (print || ddl)) throw UsageError('--verify prints the changes, and nothing else')
  if ([print, ddl, json].filter(Boolean).length > 1) throw UsageError('choose one of --print, --ddl and --json')
  if (ddl && overrides.excludeColumns !== undefined)
    throw UsageError('--ddl prints whole tables: without the columns of excludeColumns no database would take them')
  if (out === undefined && !print && !ddl && !json)
    throw UsageError('say where the TypeScript goes: --out <file>, or --print')
}

/** Is it a style of names? */
function isNames(value: string): value is Names {
  return value === 'database' || value === 'camel'
}

/** The overrides file, or the configuration's, with the globs of the command line added. */
function readOverrides(
  { overrides: path, include = [], exclude = [] }: Options,
  configured: Overrides = {},
): Overrides {
  const given = path === undefined ? configured : readJson(path)
  return {
    ...given,
    ...(include.length > 0 && { include: [...(given.include ?? []), ...include] }),
    ...(exclude.length > 0 && { exclude: [...(given.exclude ?? []), ...exclude] }),
  }
}

function readJson(path: string): Overrides {
  const overrides = parseFile(path)
  checkOverrides(overrides, path)
  return overrides
}

function parseFile(path: string): unknown {
  try {
    return JSON.parse(readText(path))
  } catch (error) {
    throw UsageError(`cannot read the overrides: ${explain(error)}`)
  }
}
