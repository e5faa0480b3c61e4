// `npm start`: builds what the example needs, then starts it in this same process, so that a signal to the one
// is a signal to the other.
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc')

for (const step of [
  [join(here, '../../tools/prisma/generate.js'), 'prisma/schema.prisma', 'src/generated/prisma'],
  [tsc, '--build'],
]) {
  const { status } = spawnSync(process.execPath, step, { cwd: here, stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}

await import('./dist/start.js')
