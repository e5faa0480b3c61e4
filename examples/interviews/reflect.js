// `npm run reflect -w @pillion/example-interviews`, after a build: writes `src/db/*.gen.ts` anew from tables that are made
// for it in a database of each kind.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { engines } from './dist/engine/engines.js'
import { createTables } from './dist/orm/tables.js'

const pillion = fileURLToPath(new URL('../../packages/cli/dist/main.js', import.meta.url))

for (const engine of Object.values(engines)) {
  const own = await engine.start()
  try {
    await createTables(engine, own.url)
    const url = engine.name === 'sqlite' ? `sqlite:${own.url}` : own.url
    const out = fileURLToPath(new URL(`src/db/${engine.name}.gen.ts`, import.meta.url))
    const args = [pillion, 'reflect', '--url', url, '--names', 'camel', '--out', out]
    const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' })
    if (status !== 0) process.exitCode = status ?? 1
  } finally {
    await own.stop()
  }
}
