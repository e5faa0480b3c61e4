import { execFile } from 'node:child_process'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const cli = fileURLToPath(new URL('../', import.meta.url))

it('says what to run where it has not been built, in words and not in Node’s', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pillion-unbuilt-'))
  for (const part of ['bin', 'package.json']) await cp(join(cli, part), join(folder, part), { recursive: true })
  const ended = await new Promise(resolve => {
    const child = execFile(process.execPath, [join(folder, 'bin/pillion.js'), '--help'], (_, out, err) =>
      resolve({ code: child.exitCode, out, err }),
    )
  })
  await rm(folder, { recursive: true })
  expect(ended).toEqual({
    code: 4,
    out: '',
    err: 'pillion: this checkout has not been built: run npm run build in it first\n',
  })
})
