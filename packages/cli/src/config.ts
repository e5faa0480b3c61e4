/**
 * `pillion.config.ts`: what the command line would say each time, and what it cannot say.
 *
 * @module
 */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Host } from 'pillion'
import { checkOverrides, type Names, type Overrides } from 'pillion/schema'
import { explain, UsageError } from './failure.js'
import { check, type Kind, name, object, oneOf, someOf, text, work } from './kind.js'

/** What a configuration can hold. The command line comes before it. */
export interface Config {
  /** The database: `postgres://…`, `mysql://…` or `sqlite:file`. */
  readonly url?: string | undefined
  /** A host to ride on instead, or what makes one. */
  readonly host?: Host | (() => Host | Promise<Host>) | undefined
  /** Lets go of what the host is on, once the command is done. */
  readonly close?: (() => unknown) | undefined
  readonly out?: string | undefined
  readonly schemas?: readonly string[] | undefined
  readonly names?: Names | undefined
  readonly overrides?: Overrides | undefined
}

/**
 * A configuration, checked by the compiler.
 *
 * @example
 * ```ts
 * export default defineConfig({ url: process.env.DATABASE_URL, out: 'src/db.gen.ts', names: 'camel' })
 * ```
 */
export function defineConfig(config: Config): Config {
  return config
}

const fileNames = ['ts', 'mts', 'cts', 'js', 'mjs', 'cjs'].map(ending => `pillion.config.${ending}`)

/** The configuration named, or that of the working directory, or none. */
export async function readConfig(path: string | undefined): Promise<Config> {
  const found = path ?? fileNames.find(existsSync)
  if (found === undefined) return {}
  const { default: config } = await importFile(found, 'configuration')
  if (!object.holds(config)) throw UsageError(`${found} has no object as its default export`)
  check(config as object, kinds, found)
  const { overrides } = config as Config
  if (overrides !== undefined) checkOverrides(overrides, found)
  return config as Config
}

/** What the compiler checks by the types of {@link Config}, for those it has not checked. */
const kinds: ReadonlyMap<string, Kind> = new Map<keyof Config, Kind>([
  ['url', text],
  ['host', { told: 'a host, or a function that makes one', holds: value => object.holds(value) || work.holds(value) }],
  ['close', work],
  ['out', name],
  ['schemas', someOf(text, 'text')],
  ['names', oneOf('database', 'camel')],
  ['overrides', object],
])

/** A module that exports a host as `default`, or what makes one, and, if it needs to, `close`. */
export async function readHost(path: string): Promise<Pick<Config, 'host' | 'close'>> {
  const { default: host, close } = await importFile(path, 'host')
  if (host === undefined) throw UsageError(`${path} has no host as its default export`)
  if (close !== undefined && !work.holds(close)) throw UsageError(`close in ${path} is to be ${work.told}`)
  return { host, close } as Pick<Config, 'host' | 'close'>
}

async function importFile(path: string, what: string): Promise<Readonly<Record<string, unknown>>> {
  const file = resolve(path)
  if (!existsSync(file)) throw UsageError(`there is no ${what} ${path}`)
  try {
    return exportsOf(await import(pathToFileURL(file).href))
  } catch (error) {
    const cause = (error as NodeJS.ErrnoException).code === 'ERR_UNKNOWN_FILE_EXTENSION' ? noTypeScript : explain(error)
    throw UsageError(`cannot load ${path}: ${cause}`)
  }
}

/** Of a module that a compiler has made one of CommonJS, Node gives all that it exports as its default. */
function exportsOf(module: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const whole = module.default as Readonly<Record<string, unknown>> | null | undefined
  return object.holds(whole) && whole?.__esModule === true ? whole : module
}

const noTypeScript =
  'this Node runs no TypeScript; take Node 22.18 or later, a loader (NODE_OPTIONS="--import tsx"), or JavaScript'
