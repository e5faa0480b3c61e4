// `npm run build:sqlite`: compiles the native addons of better-sqlite3 and sqlite3 from the sources in their packages,
// where they do not load yet. Nothing is downloaded: the headers are those beside Node. Needs python3, make and a C++
// compiler. `npm ci` leaves this out (ignore-scripts), so that the example needs no compiler.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'

const require = createRequire(import.meta.url)
const node = dirname(dirname(process.execPath))
const probes = {
  'better-sqlite3': "new (require('better-sqlite3'))(':memory:').close()",
  sqlite3: "new (require('sqlite3').Database)(':memory:').close()",
}

const built = await Promise.all(
  Object.entries(probes).map(async ([name, probe]) => (await loads(probe)) || build(name)),
)
process.exitCode = built.every(Boolean) ? 0 : 1

/** In a process of its own: an addon for another Node can take its process down. @param {string} probe */
async function loads(probe) {
  const [code] = await once(
    spawn(process.execPath, ['-e', probe], { cwd: import.meta.dirname, stdio: 'ignore' }),
    'exit',
  )
  return code === 0
}

/** @param {string} name */
async function build(name) {
  if (!existsSync(join(node, 'include/node/node.h'))) {
    console.error(`${name}: no headers of Node in ${join(node, 'include/node')}`)
    return false
  }
  console.log(`compiling ${name}`)
  const gyp = require.resolve('node-gyp/bin/node-gyp.js')
  const child = spawn(process.execPath, [gyp, 'rebuild', '--release', `--nodedir=${node}`], {
    cwd: dirname(require.resolve(`${name}/package.json`)),
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const [complaint, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')])
  if (code !== 0) console.error(`${name}: ${complaint.split('\n').slice(-30).join('\n')}`)
  return code === 0
}
