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

/** Those that `npm run runtimes` installs, here or not. @type {readonly Runtime[]} */
export const others = [
  { name: 'node-22', command: installed('node-22/bin/node'), args: [] },
  { name: 'node-24', command: installed('node-24/bin/node'), args: [] },
  { name: 'node-26', command: installed('node-26/bin/node'), args: [] },
  { name: 'bun', command: installed('bun/bin/bun'), args: ['run'] },
  { name: 'deno', command: installed('deno/deno'), args: ['run', '--allow-all', '--no-lock'] },
]

/** @param {Runtime} runtime @returns {Runtime | undefined} */
export function ifInstalled(runtime) {
  return existsSync(runtime.command) ? runtime : undefined
}
