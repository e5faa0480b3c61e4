import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

/** What is tested. */
export interface Launcher {
  /** The function that starts a server, and the URL of its module. */
  readonly start: string
  readonly module: string
  /** What the superuser's URL looks like. */
  readonly url: RegExp
  /** The value of the setting `max_connections`, over a connection of its own. */
  readonly maxConnections: (url: string) => Promise<number>
  /** How much shared memory it has that does not go with its process by itself. */
  readonly segments?: number
}

/** The shared memory that a process has made or has open outside of a folder: System V's by `ipcs`, files by what is mapped. */
async function sharedBy(pid: number, folder: string): Promise<readonly string[]> {
  const { stdout } = await promisify(execFile)('ipcs', ['-m', '-p'])
  const made = stdout.split('\n').filter(line => line.split(/\s+/)[2] === String(pid))
  const maps = await readFile(`/proc/${pid}/maps`, 'utf8').catch(() => '')
  return [...made, ...maps.split('\n').filter(line => line.includes(' /dev/shm/') && !line.includes(folder))]
}

/** What every launcher promises: a server that works, and ends without a trace however its owner does. */
export function describeLauncher(
  name: string,
  { start, module, url: form, maxConnections, segments = 0 }: Launcher,
): void {
  let folder: string
  let children: ChildProcess[] = []

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pillion-launcher-test-'))
    // The server may run as another user, who must be able to enter.
    await chmod(folder, 0o755)
  })

  afterEach(async () => {
    // those of a test that failed
    for (const child of children) child.kill()
    children = []
    await rm(folder, { recursive: true, force: true })
  })

  /** Runs a program that may start servers, with their folders inside `folder`; its lines are handed over as they come. */
  function program(body: string) {
    const child = spawn(
      process.execPath,
      ['--input-type=module', '--eval', `import { ${start} as start } from ${JSON.stringify(module)}\n${body}`],
      { env: { ...process.env, TMPDIR: folder, TEMP: folder }, stdio: ['ignore', 'pipe', 'pipe'] },
    )
    children.push(child)
    const lines = child.stdout.setEncoding('utf8').iterator({ destroyOnReturn: false })
    return { child, line: async () => String((await lines.next()).value ?? '').trim(), ended: once(child, 'close') }
  }

  const answers = (url: string) =>
    maxConnections(url).then(
      () => true,
      () => false,
    )

  const whatIsLeft = () => readdir(folder)

  describe(`a ${name} of one's own`, () => {
    test('stop ends the server and leaves nothing on disk', async () => {
      const { line, ended } = program(`
        const { url, stop } = await start({ settings: { max_connections: 17 } })
        console.log(url)
        await stop()
        await stop()
      `)
      const url = await line()
      expect(url).toMatch(form)
      expect(await ended).toEqual([0, null])
      expect(await answers(url)).toBe(false)
      expect(await whatIsLeft()).toEqual([])
    })

    test('settings reach the server', async () => {
      const { child, line, ended } = program(`
        const { url } = await start({ settings: { max_connections: 17 } })
        console.log(url)
        setInterval(() => {}, 1000)
      `)
      expect(await maxConnections(await line())).toBe(17)
      child.kill()
      await ended
      await expect.poll(whatIsLeft, { timeout: 20_000 }).toEqual([])
    })

    test('its password is asked for', async () => {
      const { child, line, ended } = program(`
        const { url } = await start()
        console.log(url)
        setInterval(() => {}, 1000)
      `)
      const url = new URL(await line())
      // The control: with it, one may enter.
      expect(await answers(url.href)).toBe(true)
      url.password = ''
      expect(await answers(url.href)).toBe(false)
      child.kill()
      await ended
      await expect.poll(whatIsLeft, { timeout: 20_000 }).toEqual([])
    })

    test.each(['SIGKILL', 'SIGINT', 'SIGTERM'] as const)('the server ends when its owner dies of %s', async signal => {
      const { child, line, ended } = program(`
        const { url } = await start()
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

    test('a server that does not heed is killed', async () => {
      const { child, line, ended } = program(`
        const { url } = await start()
        console.log(url)
        setInterval(() => {}, 1000)
      `)
      await line()
      // the oldest: what a server has just forked has its command line for a moment
      const { stdout } = await promisify(execFile)('pgrep', ['-o', '-f', folder])
      const pid = Number(stdout)
      const isShared = () => sharedBy(pid, folder)
      expect(await isShared()).toHaveLength(segments)
      process.kill(pid, 'SIGSTOP')
      child.kill()
      await ended
      await expect.poll(whatIsLeft, { timeout: 30_000 }).toEqual([])
      await expect.poll(isShared, { timeout: 5_000 }).toEqual([])
    })

    test('an owner with nothing else to do is not kept alive by its server', async () => {
      const { line, ended } = program(`console.log((await start()).url)`)
      const url = await line()
      expect(await ended).toEqual([0, null])
      await expect.poll(whatIsLeft, { timeout: 20_000 }).toEqual([])
      expect(await answers(url)).toBe(false)
    })

    test('servers started at once are separate', async () => {
      const { line, ended } = program(`
        const servers = await Promise.all([start(), start()])
        console.log(new Set(servers.map(server => new URL(server.url).port)).size)
        await Promise.all(servers.map(server => server.stop()))
      `)
      expect(await line()).toBe('2')
      await ended
      expect(await whatIsLeft()).toEqual([])
    })

    test('a server that cannot start says why, and leaves nothing on disk', async () => {
      const { line, ended } = program(`
        await start({ settings: { no_such_setting: 1 } }).catch(error => console.log(error.message))
      `)
      expect(await line()).toContain('no_such_setting')
      expect(await ended).toEqual([0, null])
      expect(await whatIsLeft()).toEqual([])
    })
  })
}
