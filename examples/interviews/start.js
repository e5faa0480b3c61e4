// `npm start`: builds what the example needs, then starts it in this same process, so that a signal to the one
// is a signal to the other.
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const parent = process.ppid
const here = dirname(fileURLToPath(import.meta.url))
const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc')

for (const step of [
  [join(here, '../../tools/prisma/generate.js'), 'prisma/schema.prisma', 'src/generated/prisma'],
  [tsc, '--build'],
]) {
  const { status } = spawnSync(process.execPath, step, { cwd: here, stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}

// A SIGTERM to npm ends the shell between npm and us, which does not hand it on: we learn of it by being orphaned.
if (process.env.npm_lifecycle_event === 'start') {
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    // Once: a second signal would not let us wait for the server to stop.
    clearInterval(watch)
    process.kill(process.pid, 'SIGTERM')
  }, 250).unref()
}

// Queries then say where they were written in TypeScript.
process.setSourceMapsEnabled(true)
await import('./dist/start.js')
