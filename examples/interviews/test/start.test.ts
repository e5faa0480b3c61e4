// Runs the built program: `npm test` builds first.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'

const program = fileURLToPath(new URL('../dist/start.js', import.meta.url))

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pillion-start-test-'))
  // PostgreSQL may run as another user, who must be able to enter.
  await chmod(folder, 0o755)
})

afterEach(() => rm(folder, { recursive: true, force: true }))

const start = (...args: readonly string[]) => run(process.execPath, program, ...args)

/** A program, with all it puts on disk inside `folder`. */
function run(command: string, ...args: readonly string[]) {
  const child = spawn(command, args, {
    env: { ...process.env, TMPDIR: folder, TEMP: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let printed = ''
  child.stdout.setEncoding('utf8').on('data', chunk => {
    printed += chunk
  })
  child.stderr.setEncoding('utf8').on('data', chunk => {
    printed += chunk
  })
  return {
    kill: (signal: NodeJS.Signals) => child.kill(signal),
    ended: once(child, 'close'),
    printed: () => printed,
    async until(pattern: RegExp): Promise<RegExpExecArray> {
      for (;;) {
        const found = pattern.exec(printed)
        if (found) return found
        if (child.exitCode !== null) throw new Error(`the program ended, having printed: ${printed}`)
        await Promise.race([once(child.stdout, 'data'), once(child, 'close')])
      }
    },
  }
}

test.each(['prisma', 'typeorm'])('serves the interviews over %s, and leaves nothing behind', async host => {
  const { until, kill, ended, printed } = start('--host', host, '--port', '0')
  const [url] = await until(/http:\S+/)
  expect(await (await fetch(url)).json()).toEqual({
    team: 8,
    user: 200,
    membership: 407,
    position: 40,
    interview: 10_000,
    evaluation: 62_659,
  })
  expect(await readdir(folder)).toHaveLength(1)

  kill('SIGINT')
  expect(await ended).toEqual([0, null])
  expect(await readdir(folder)).toEqual([])
  await expect(fetch(url)).rejects.toThrow()
  expect(printed()).toContain('interview     10,000')
})

test('a signal while the rows are written leaves nothing behind either', async () => {
  const { kill, ended } = start('--port', '0')
  await expect.poll(() => readdir(folder), { timeout: 20_000 }).toHaveLength(1)
  kill('SIGTERM')
  expect(await ended).toEqual([0, null])
  expect(await readdir(folder)).toEqual([])
})

test('ends with npm, which keeps a SIGTERM to itself', async () => {
  const { until, kill, ended } = run('npm', 'start', '--', '--port', '0')
  await until(/http:\S+/)
  kill('SIGTERM')
  await ended
  expect(await readdir(folder)).toEqual([])
})

test('says how it is used', async () => {
  const { ended, printed } = start('--help')
  expect(await ended).toEqual([0, null])
  expect(printed()).toMatch(/--host .*--port/s)
})

test.each([
  [['--host', 'oracle'], '--host is one of prisma, typeorm, not oracle'],
  [['--port', 'http'], '--port is a number from 0 to 65535, not http'],
  [['--prot', '1'], "Unknown option '--prot'"],
])('refuses %j, and starts nothing', async (args, message) => {
  const { ended, printed } = start(...args)
  expect(await ended).toEqual([1, null])
  expect(printed()).toContain(message)
  expect(await readdir(folder)).toEqual([])
})
