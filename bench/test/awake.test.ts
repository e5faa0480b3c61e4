import { spawn } from 'node:child_process'
import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'

let folder: string
let spinner: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pillion-spinner-'))
  spinner = join(folder, 'spinner.mjs')
  // it has no types in it
  await copyFile(new URL('../src/spinner.ts', import.meta.url), spinner)
})
afterAll(() => rm(folder, { recursive: true }))

it.each([
  { when: 'before it spins', after: 0 },
  { when: 'while it spins', after: 300 },
])('a spinner goes with a bench that is killed $when', async ({ after }) => {
  const bench = `
    const { pid } = require('node:child_process').fork(${JSON.stringify(spinner)})
    require('node:fs').writeSync(1, String(pid))
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), ${after})`
  const { stdout } = spawn(process.execPath, ['-e', bench], { stdio: ['ignore', 'pipe', 'inherit'] })
  let pid = Number.NaN
  const isGone = new Promise<true>(resolve => {
    stdout.on('data', told => (pid = Number(told)))
    // both have it open: it ends when neither is there
    stdout.on('end', () => resolve(true))
  })
  const patience = new Promise<false>(resolve => setTimeout(resolve, 20_000, false).unref())
  const went = await Promise.race([isGone, patience])
  if (!went) process.kill(pid, 'SIGKILL')
  expect(went).toBe(true)
})
