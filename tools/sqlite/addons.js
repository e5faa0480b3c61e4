// The native addons of better-sqlite3 and sqlite3, compiled from the sources in their packages. Nothing is downloaded:
// the headers are those beside Node.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { copyFile, mkdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { findProgram } from '../path/find-program.js'

const require = createRequire(import.meta.url)
const node = dirname(dirname(process.execPath))
/** Out of the way of `npm ci`, which would have each of them compiled anew. */
const keptFolder = fileURLToPath(new URL('../../.tmp/sqlite', import.meta.url))

/** @typedef {import('./addons.d.ts').Addon} Addon */

/** @type {Record<Addon, { file: string, probe: string }>} */
const addons = {
  'better-sqlite3': {
    file: 'better_sqlite3.node',
    probe: "new (require('better-sqlite3'))(':memory:').close()",
  },
  sqlite3: {
    file: 'node_sqlite3.node',
    probe: "new (require('sqlite3').Database)(':memory:').close()",
  },
}

/** @returns {Promise<readonly Addon[]>} */
export async function lackingAddons() {
  const names = /** @type {Addon[]} */ (Object.keys(addons))
  const loadable = await Promise.all(names.map(loads))
  return names.filter((_, at) => !loadable[at])
}

/** @returns {readonly string[]} */
export function lackingToCompile() {
  const programs = ['python3', 'make', 'g++'].filter(name => findProgram(name) === undefined)
  return existsSync(join(node, 'include/node/node.h')) ? programs : [...programs, `Node's headers in ${node}/include`]
}

/** @param {Addon} name */
export async function provideAddon(name) {
  const { directory, version } = packageOf(name)
  const built = join(directory, 'build/Release', addons[name].file)
  const kept = join(keptFolder, [name, version, process.platform, process.arch, process.versions.modules].join('-'))
  if (existsSync(kept)) {
    await mkdir(dirname(built), { recursive: true })
    await copyFile(kept, built)
    if (await loads(name)) return
  }
  await compile(name, directory)
  await mkdir(keptFolder, { recursive: true })
  await copyFile(built, kept)
}

/** In a process of its own: an addon for another Node can take its process down. @param {Addon} name */
async function loads(name) {
  const child = spawn(process.execPath, ['-e', addons[name].probe], { cwd: import.meta.dirname, stdio: 'ignore' })
  const [code] = await once(child, 'exit')
  return code === 0
}

/**
 * @param {Addon} name
 * @param {string} directory
 */
async function compile(name, directory) {
  process.stderr.write(`compiling ${name}, which takes a minute or two\n`)
  const gyp = require.resolve('node-gyp/bin/node-gyp.js')
  const child = spawn(process.execPath, [gyp, 'rebuild', '--release', `--nodedir=${node}`], {
    cwd: directory,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const [complaint, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')])
  if (code !== 0) throw new Error(`${name} did not compile: ${complaint.split('\n').slice(-30).join('\n')}`)
}

/** @param {Addon} name */
function packageOf(name) {
  const manifest = require.resolve(`${name}/package.json`)
  return { directory: dirname(manifest), version: require(manifest).version }
}
