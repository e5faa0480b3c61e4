// `node generate.js <schema> <output>`: writes Prisma's client, unless what is there was made from this schema
// by this version already.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'

const [schema = '', output = ''] = process.argv.slice(2)
const require = createRequire(import.meta.url)
const { version } = require('prisma/package.json')
const stamp = join(output, 'made-from')
const made = createHash('sha256')
  .update(version)
  .update(await readFile(schema))
  .digest('hex')

if ((await readFile(stamp, 'utf8').catch(() => '')) !== made) {
  const { status, stderr } = spawnSync(
    process.execPath,
    [require.resolve('prisma/build/index.js'), 'generate', '--no-hints', '--schema', resolve(schema)],
    // Generating asks only that an engine exists and never runs it: naming any program keeps Prisma from downloading one.
    {
      encoding: 'utf8',
      env: { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, CHECKPOINT_DISABLE: '1' },
    },
  )
  if (status !== 0) {
    console.error(stderr)
    process.exit(status ?? 1)
  }
  await writeFile(stamp, made)
}
