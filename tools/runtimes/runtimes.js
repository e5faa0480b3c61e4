import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/**
 * How to run a program on one of the runtimes.
 *
 * @typedef {object} Runtime
 * @property {string} name
 * @property {string} command
 * @property {readonly string[]} args What comes before the program's own file.
 */

/** @param {string} path */
const installed = path => fileURLToPath(new URL(`./node_modules/${path}`, import.meta.url))

/** The Node that runs this, as it is and as frameworks start it. @type {readonly Runtime[]} */
export const own = [
  { name: 'node', command: process.execPath, args: [] },
  { name: 'node with source maps', command: process.execPath, args: ['--enable-source-maps'] },
]

/** Those that `npm run runtimes` installs, here or not: other versions of Node… @type {readonly Runtime[]} */
export const nodes = ['node-22', 'node-24', 'node-26'].map(name => ({
  name,
  command: installed(`${name}/bin/node`),
  args: [],
}))

/** …and others that run what is written for Node. @type {readonly Runtime[]} */
export const others = [
  { name: 'bun', command: installed('bun/bin/bun'), args: ['run'] },
  { name: 'deno', command: installed('deno/deno'), args: ['run', '--allow-all', '--no-lock'] },
]

/** Versions of PostgreSQL that `npm run runtimes` installs. */
export const servers = ['postgres-13', 'postgres-14', 'postgres-16', 'postgres-17'].map(name => ({
  name,
  command: installed(`${name}/native/bin/postgres`),
  native: installed(`${name}/native`),
}))

/** What declarations are read by: the workspace's own compiler, and one that `npm run runtimes` installs. */
export const compilers = [
  { name: 'typescript', command: fileURLToPath(new URL('../../node_modules/typescript/bin/tsc', import.meta.url)) },
  { name: 'typescript-5.9', command: installed('typescript-5.9/bin/tsc') },
]

/**
 * @template {{ readonly command: string }} T
 * @param {T} runtime
 * @returns {T | undefined}
 */
export function ifInstalled(runtime) {
  return existsSync(runtime.command) ? runtime : undefined
}
