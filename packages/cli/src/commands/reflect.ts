/**
 * `pillion reflect`: the live schema as TypeScript, or what differs from the TypeScript that is there.
 *
 * @module
 */
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import {
  type Catalog,
  type Change,
  describeDiff,
  diffCatalogs,
  emitDdl,
  emitTypes,
  type Names,
  type Overrides,
  readEmittedTypes,
  reflectPostgres,
  writeSnapshot,
} from 'pillion/schema'
import { withConnection, withoutSecrets } from '../connect.js'
import { explain, UsageError } from '../failure.js'
import { readIfThere, writeWhole } from '../file.js'

export const reflectHelp = `Usage: pillion reflect [options]

Reads the schema of a PostgreSQL database and writes it as TypeScript: types for every table, and the
tables themselves, usable without a connection. Reads only.

Options:
  --url <url>          the database: postgres://user:password@host:5432/name (default: $DATABASE_URL)
  --out <file>         the file to write; left alone when nothing changed. Names of relations in it are kept
  --schema <name>      a schema to reflect; may be repeated (default: all but the server's own)
  --include <glob>     tables to take, as public.order_*; may be repeated (default: all)
  --exclude <glob>     tables to leave out; may be repeated
  --names <style>      database: names as they are; camel: user_id as userId (default: database)
  --overrides <file>   a JSON file: renamed and added relations, nullability, TypeScript types
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

Exit codes: 0 done, 1 drifted, 2 wrong usage, 3 cannot connect, 4 any other failure.
`

/** How every file of ours begins. */
const firstWords = '// Written by pillion reflect.'

const optionTypes = {
  url: { type: 'string' },
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

type Options = ReturnType<typeof parse>

/** Runs the command; the exit code. */
export async function reflect(args: readonly string[]): Promise<number> {
  const options = parse(args)
  if (options.help) {
    process.stdout.write(reflectHelp)
    return 0
  }
  check(options)
  return options.verify ? verify(options) : write(options)
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: optionTypes, strict: true }).values
  } catch (error) {
    throw UsageError(explain(error))
  }
}

function check({ out, verify, print, ddl, json, names }: Options): void {
  if (verify && out === undefined) throw UsageError('--verify needs --out, the file to compare with')
  if (verify && (print || ddl)) throw UsageError('--verify prints the changes, and nothing else')
  if ([print, ddl, json].filter(Boolean).length > 1) throw UsageError('choose one of --print, --ddl and --json')
  if (out === undefined && !print && !ddl && !json)
    throw UsageError('say where the TypeScript goes: --out <file>, or --print')
  if (names !== undefined && !isNames(names)) throw UsageError(`--names is database or camel, not ${names}`)
}

function isNames(value: string): value is Names {
  return value === 'database' || value === 'camel'
}

function readOverrides({ overrides: path, include = [], exclude = [] }: Options): Overrides {
  const given = path === undefined ? {} : readJson(path)
  return {
    ...given,
    ...(include.length > 0 && { include: [...(given.include ?? []), ...include] }),
    ...(exclude.length > 0 && { exclude: [...(given.exclude ?? []), ...exclude] }),
  }
}

function readJson(path: string): Overrides {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw UsageError(`cannot read the overrides: ${explain(error)}`)
  }
}

/** The file as it is: to compare with, to keep names from, never to lose unless pillion wrote it. */
function readOwn(path: string): string | undefined {
  const text = readIfThere(path)
  if (text === undefined || text.startsWith(firstWords)) return text
  throw UsageError(`${path} is there, and pillion reflect did not write it`)
}

/** What an earlier run wrote, so that relations keep the names that code already uses. */
function previousIn(old: string | undefined): Catalog | undefined {
  if (old === undefined) return undefined
  try {
    return readEmittedTypes(old)
  } catch (error) {
    tell(`names of relations are not kept: ${explain(error)}`)
    return undefined
  }
}

async function readCatalog(
  { url = process.env.DATABASE_URL, schema, names }: Options,
  overrides: Overrides,
  previous: Catalog | undefined,
): Promise<Catalog> {
  if (url === undefined || url === '') throw UsageError('say which database: --url, or DATABASE_URL in the environment')
  const start = performance.now()
  const catalog = await withConnection(url, read =>
    reflectPostgres(read, {
      overrides,
      ...(schema && { schemas: schema }),
      ...(names !== undefined && isNames(names) && { names }),
      ...(previous && { previous }),
    }),
  )
  const took = Math.round(performance.now() - start)
  tell(`reflected ${catalog.tables.length} tables and views of ${withoutSecrets(url)} in ${took} ms`)
  return catalog
}

async function verify(options: Options): Promise<number> {
  const { out = '', json } = options
  const overrides = readOverrides(options)
  const text = readOwn(out)
  if (text === undefined) throw UsageError(`there is no ${out} to verify`)
  const before = readEmittedTypes(text)
  const live = await readCatalog(options, overrides, before)
  const changes = changesSince(out, text, before, live, overrides)
  if (json) print(`${JSON.stringify(changes, undefined, 2)}\n`)
  else if (changes.length > 0) print(`${describeDiff(changes)}\n`)
  tell(
    changes.length === 0
      ? `${out} is what the database holds`
      : `${out} has drifted from the database; write it again with pillion reflect --out ${out}`,
  )
  return changes.length === 0 ? 0 : 1
}

/** What differs, in the database and in the file. A server of another version alone is no difference. */
function changesSince(
  out: string,
  text: string,
  before: Catalog,
  live: Catalog,
  overrides: Overrides,
): readonly Change[] {
  return [...diffCatalogs(before, live), ...diffText(out, text, emitTypes(before, overrides))]
}

/** A file edited by hand, or written with other overrides, carries a right snapshot under wrong types. */
function diffText(out: string, text: string, expected: string): readonly Change[] {
  return text.replaceAll('\r\n', '\n') === expected
    ? []
    : [{ kind: 'changed', subject: 'file', path: out, property: 'text', before: 'edited', after: 'as written' }]
}

async function write(options: Options): Promise<number> {
  const { out, print: types, ddl, json } = options
  const overrides = readOverrides(options)
  const old = out === undefined ? undefined : readOwn(out)
  const before = previousIn(old)
  const catalog = await readCatalog(options, overrides, before)
  if (types) print(emitTypes(catalog, overrides))
  if (ddl) print(emitDdl(catalog))
  if (json) print(`${writeSnapshot(catalog)}\n`)
  if (out === undefined) return 0
  if (old !== undefined && before !== undefined && changesSince(out, old, before, catalog, overrides).length === 0) {
    tell(`${out} is up to date`)
    return 0
  }
  writeWhole(out, emitTypes(catalog, overrides))
  tell(`wrote ${out}`)
  return 0
}

/** Results go to stdout, so that they can be piped. */
function print(text: string): void {
  process.stdout.write(text)
}

function tell(text: string): void {
  process.stderr.write(`${text}\n`)
}
