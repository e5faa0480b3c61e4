/**
 * `pillion reflect`: the live schema as TypeScript, or what differs from the TypeScript that is there.
 *
 * @module
 */
import {
  type Catalog,
  type Change,
  checkTypes,
  describeDiff,
  diffCatalogs,
  emitDdl,
  emitTypes,
  type Overrides,
  readEmittedTypes,
  withRelations,
  writeSnapshot,
} from 'pillion/schema'
import { explain, UsageError } from '../failure.js'
import { readIfThere, writeWhole } from '../file.js'
import { interruptible } from '../interruption.js'
import { isSameSource } from '../same-source.js'
import { type Source, sourceOfHost, withUrl } from '../source.js'
import { parseOptions, reflectHelp, type Task, taskOf } from './reflect-options.js'

/** How every file of ours begins. */
const firstWords = '// Written by pillion reflect.'

/** Runs the command; the exit code. */
export async function reflect(args: readonly string[]): Promise<number> {
  const options = parseOptions(args)
  if (options.help) {
    process.stdout.write(reflectHelp)
    return 0
  }
  const task = await taskOf(options)
  return task.verify ? verify(task) : write(task)
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

async function readCatalog(task: Task, previous: Catalog | undefined): Promise<Catalog> {
  return onSource(task, async source => {
    const start = performance.now()
    const { overrides, schemas, names = previous?.names } = task
    const catalog = await source.reflect({
      overrides,
      ...(schemas && { schemas }),
      ...(names && { names }),
      ...(previous && { previous }),
    })
    const missing = schemas?.find(name => !catalog.schemas.includes(name))
    if (missing !== undefined) throw UsageError(`there is no schema ${missing} in the database`)
    if (overrides.include !== undefined && catalog.tables.length === 0)
      throw UsageError(`no table or view is one of ${overrides.include.join(', ')}`)
    if (catalog.tables.length === 0)
      tell(`there is no table or view in ${source.shown}: is it the database that is meant?`)
    tellKept(catalog, overrides)
    const took = Math.round(performance.now() - start)
    progress(`reflected ${catalog.tables.length} tables and views of ${source.shown} in ${took} ms`)
    return catalog
  })
}

/** A process derives names of its own, and would find another relation under a name that only the file keeps. */
function tellKept(catalog: Catalog, overrides: Overrides): void {
  const derived = new Set(relationsOf(withRelations(catalog, { overrides })))
  const kept = relationsOf(catalog).filter(relation => !derived.has(relation))
  if (kept.length === 0) return
  const names = kept.map(relation => relation.split(' ')[0]).join(', ')
  tell(`names that the file keeps, for a process that is given them by pillion(host, { previous: catalog }): ${names}`)
}

/** Each by its name, and by what it is. */
const relationsOf = ({ tables }: Catalog): readonly string[] =>
  tables.flatMap(({ id, relations }) => relations.map(({ key, ...what }) => `${id}.${key} ${JSON.stringify(what)}`))

async function onSource<T>({ url, host, close }: Task, work: (source: Source) => Promise<T>): Promise<T> {
  if (host === undefined) {
    if (url === undefined || url === '')
      throw UsageError('say which database: --url, or DATABASE_URL in the environment')
    return withUrl(url, work)
  }
  const closing = async (): Promise<void> => void (await close?.())
  const done = await riding(host, work).catch(async error => {
    // what went wrong first is what is to be told
    await closing().catch(() => {})
    throw error
  })
  await closing()
  return done
}

async function riding<T>(host: NonNullable<Task['host']>, work: (source: Source) => Promise<T>): Promise<T> {
  const made = typeof host === 'function' ? await host() : host
  return interruptible(stop => work(sourceOfHost(made, stop)))
}

async function verify(task: Task): Promise<number> {
  const { out = '', json, overrides } = task
  const text = readOwn(out)
  if (text === undefined) throw UsageError(`there is no ${out} to verify`)
  const before = readEmittedTypes(text)
  const live = await readCatalog(task, before)
  const changes = changesSince(out, text, before, live, overrides)
  if (json) print(`${JSON.stringify(changes, undefined, 2)}\n`)
  else if (changes.length > 0) print(`${describeDiff(changes)}\n`)
  tell(
    changes.length === 0
      ? `${out} is what the database holds`
      : `${out} ${whatBefell(changes)}; write it again with pillion reflect --out ${out}`,
  )
  return changes.length === 0 ? 0 : 1
}

function whatBefell(changes: readonly Change[]): string {
  return changes.every(({ subject }) => subject === 'file')
    ? 'was edited, or written with other overrides or by another version of pillion'
    : 'has drifted from the database'
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

/** A file edited by hand, or written with other overrides, carries a right snapshot under wrong types; one that was formatted does not. */
function diffText(out: string, text: string, expected: string): readonly Change[] {
  return isSameSource(text.replaceAll('\r\n', '\n'), expected)
    ? []
    : [{ kind: 'changed', subject: 'file', path: out, property: 'text', before: 'edited', after: 'as written' }]
}

async function write(task: Task): Promise<number> {
  const { out, print: types, ddl, json, overrides } = task
  const old = out === undefined ? undefined : readOwn(out)
  const before = previousIn(old)
  const catalog = await readCatalog(task, before)
  checkTypes(catalog, overrides)
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

/** What a person who waits wants to see, and no log. */
function progress(text: string): void {
  if (process.stderr.isTTY) tell(text)
}
