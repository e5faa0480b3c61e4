import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'

const launcher = new URL('../index.js', import.meta.url).href

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pillion-launcher-test-'))
  // The server may run as another user, who must be able to enter.
  await chmod(folder, 0o755)
})

afterEach(() => rm(folder, { recursive: true, force: true }))

/** Runs a program that may start servers, with their folders inside `folder`; its lines are handed over as they come. */
function program(body: string) {
  const child = spawn(
    process.execPath,
    ['--input-type=module', '--eval', `import { startPostgres } from ${JSON.stringify(launcher)}\n${body}`],
    { env: { ...process.env, TMPDIR: folder, TEMP: folder }, stdio: ['ignore', 'pipe', 'pipe'] },
  )
  const lines = child.stdout.setEncoding('utf8').iterator({ destroyOnReturn: false })
  return { child, line: async () => String((await lines.next()).value ?? '').trim(), ended: once(child, 'close') }
}

async function answers(url: string): Promise<boolean> {
  const client = new Client(url)
  try {
    await client.connect()
    await client.end()
    return true
  } catch {
    return false
  }
}

const whatIsLeft = () => readdir(folder)

test('stop ends the server and leaves nothing on disk', async () => {
  const { line, ended } = program(`
    const { url, stop } = await startPostgres({ settings: { max_connections: 7 } })
    console.log(url)
    await stop()
    await stop()
  `)
  const url = await line()
  expect(url).toMatch(/^postgres:\/\/postgres:[\w-]+@127\.0\.0\.1:\d+\/postgres$/)
  expect(await ended).toEqual([0, null])
  expect(await answers(url)).toBe(false)
  expect(await whatIsLeft()).toEqual([])
})

test('settings reach the server', async () => {
  const { child, line, ended } = program(`
    const { url } = await startPostgres({ settings: { max_connections: 7 } })
    console.log(url)
    setInterval(() => {}, 1000)
  `)
  const client = new Client(await line())
  await client.connect()
  const { rows } = await client.query('show max_connections')
  await client.end()
  expect(rows).toEqual([{ max_connections: '7' }])
  child.kill()
  await ended
  await expect.poll(whatIsLeft, { timeout: 20_000 }).toEqual([])
})

test.each(['SIGKILL', 'SIGINT', 'SIGTERM'] as const)('the server ends when its owner dies of %s', async signal => {
  const { child, line, ended } = program(`
    const { url } = await startPostgres()
    console.log(url)
    setInterval(() => {}, 1000)
  `)
  const url = await line()
  // The control: it was there, and so was its folder.
  expect(await answers(url)).toBe(true)
  expect(await whatIsLeft()).toHaveLength(1)

  child.kill(signal)
  await ended
  await expect.poll(whatIsLeft, { timeout: 20_000 }).toEqual([])
  expect(await answers(url)).toBe(false)
})

test('an owner with nothing else to do is not kept alive by its server', async () => {
  const { line, ended } = program(`console.log((await startPostgres()).url)`)
  const url = await line()
  expect(await ended).toEqual([0, null])
  await expect.poll(whatIsLeft, { timeout: 20_000 }).toEqual([])
  expect(await answers(url)).toBe(false)
})

test('servers started at once are separate', async () => {
  const { line, ended } = program(`
    const servers = await Promise.all([startPostgres(), startPostgres()])
    console.log(new Set(servers.map(server => new URL(server.url).port)).size)
    await Promise.all(servers.map(server => server.stop()))
  `)
  expect(await line()).toBe('2')
  await ended
  expect(await whatIsLeft()).toEqual([])
})

test('a server that cannot start says why, and leaves nothing on disk', async () => {
  const { line, ended } = program(`
    await startPostgres({ settings: { no_such_setting: 1 } }).catch(error => console.log(error.message))
  `)
  expect(await line()).toContain('no_such_setting')
  expect(await ended).toEqual([0, null])
  expect(await whatIsLeft()).toEqual([])
})
