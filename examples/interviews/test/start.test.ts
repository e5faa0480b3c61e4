// Runs the built program: `npm test` builds first.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { mariadbUrl } from '../../../test/support/mariadb.js'
import { skipAloud } from '../../../test/support/skip.js'
import { sqliteAddons } from '../../../test/support/sqlite.js'

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
  const ended = once(child, 'close')
  return {
    kill: (signal: NodeJS.Signals) => child.kill(signal),
    ended,
    printed: () => printed,
    async until(pattern: RegExp): Promise<RegExpExecArray> {
      for (;;) {
        const found = pattern.exec(printed)
        if (found) return found
        if (child.exitCode !== null) throw new Error(`the program ended, having printed: ${printed}`)
        await Promise.race([once(child.stdout, 'data'), ended])
      }
    },
  }
}

test.each(['prisma', 'typeorm'])('tours and serves the interviews over %s, and leaves nothing behind', async host => {
  const { until, kill, ended, printed } = start('--host', host, '--port', '0')
  const [url] = await until(/http:\S+/)
  expect(printed()).toContain('interview     10,000')
  expect(printed()).toContain(`reflected 9 tables on a connection of ${host}'s`)
  expect(printed().match(/^\d\. .*/gm)).toHaveLength(5)
  // No colours where there is no terminal.
  expect(printed()).not.toContain('\u001b')
  expect(printed()).toContain(`(${host}); Ctrl-C ends it`)

  const listed = await (await fetch(new URL('/api/interviews?me=7', url))).json()
  expect(listed).toMatchObject({ total: 7426 })
  const page = await fetch(url)
  expect(page.headers.get('content-type')).toContain('text/html')
  expect(await page.text()).toContain('<h1>Interviews</h1>')
  expect(await readdir(folder)).toHaveLength(1)

  kill('SIGINT')
  expect(await ended).toEqual([0, null])
  expect(await readdir(folder)).toEqual([])
  await expect(fetch(url)).rejects.toThrow()
})

const others = [
  ['sqlite', skipAloud('sqlite', sqliteAddons(), 'install python3, make and a C++ compiler')],
  ['mariadb', skipAloud('mariadb', mariadbUrl(), 'install mariadb-server')],
] as const

describe.each(others)('on %s', (database, isLacking) => {
  test.skipIf(isLacking)(
    'the same rows are toured and served',
    async () => {
      const { until, kill, ended, printed } = start('--database', database, '--port', '0')
      const [url] = await until(/http:\S+/)
      expect(printed()).toContain('evaluation    62,659')
      expect(printed().match(/^the first 5 of .*/gm)).toEqual(
        ['148', '56', '10,000', '148'].map(count => `the first 5 of ${count}`),
      )

      const listed = await json(url, '/api/interviews?me=7&size=2&sort=rating&q=pair')
      expect(listed).toMatchObject({
        total: 1222,
        rows: [
          { id: 818, myRating: 10 },
          { id: 2743, myRating: 10 },
        ],
      })
      const { next } = listed as { readonly next: string }
      expect(await json(url, `/api/interviews?me=7&size=2&sort=rating&q=pair&after=${next}`)).toMatchObject({
        rows: [{ myRating: 10 }, { myRating: 10 }],
      })
      expect(await json(url, '/api/interviews/152?me=7')).toMatchObject({
        createdAt: '2025-09-07T00:11:18.000Z',
        mine: { rating: 10, note: null },
        evaluations: expect.arrayContaining([
          expect.objectContaining({ id: 931, createdAt: '2025-09-29T06:16:04.000Z' }),
        ]),
      })

      await expectMoves(url)

      kill('SIGINT')
      expect(await ended).toEqual([0, null])
      expect(await readdir(folder)).toEqual([])
    },
    90_000,
  )
})

/** A department is moved, moved below itself in vain, and moved by many at once, on whatever database. */
async function expectMoves(url: string): Promise<void> {
  const counts = { rows: [{ departments: 102, interviews: 2055 }, { interviews: 2261 }, { interviews: 3110 }] }
  expect(await json(url, '/api/departments?me=7')).toMatchObject(counts)
  expect(await json(url, '/api/interviews?me=7&under=4&minRating=9')).toMatchObject({ total: 21 })
  const move = (id: number, parentId: number | null) =>
    fetch(new URL(`/api/departments/${id}?me=7`, url), {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ parentId }),
    })

  expect(await (await move(4, 265)).json()).toMatchObject({ departments: 3, path: [{ name: 'Asia and Pacific' }] })
  const refused = await move(265, 4)
  expect(refused.status).toBe(409)
  expect(await refused.json()).toMatchObject({
    detail: 'Asia and Pacific cannot be moved below Backend, which is below it.',
  })
  expect((await move(4, 99_999)).status).toBe(400)
  expect((await move(99_999, 4)).status).toBe(404)
  expect(await json(url, '/api/departments/265?me=7')).toMatchObject({ departments: 121, interviews: 2261 + 70 })

  const answers = await Promise.all([2, 3, 4, 2, 3, 4].flatMap(id => [2, 3, 4].map(below => move(id, below))))
  expect(answers.map(({ status }) => status).filter(status => ![200, 409].includes(status))).toEqual([])
  for (const [id, parentId] of [
    [2, 1],
    [3, 2],
    [4, 3],
  ] as const)
    expect((await move(id, null)).status + (await move(id, parentId)).status).toBe(400)
  expect(await json(url, '/api/departments?me=7')).toMatchObject(counts)
}

async function json(url: string, path: string): Promise<unknown> {
  return (await fetch(new URL(path, url))).json()
}

test('a signal during the tour ends it, and leaves nothing behind', async () => {
  const { until, kill, ended, printed } = start('--port', '0')
  await until(/^1\. /m)
  kill('SIGINT')
  expect(await ended).toEqual([0, null])
  expect(await readdir(folder)).toEqual([])
  expect(printed()).not.toContain('Error')
})

test('a signal while the rows are written leaves nothing behind either', async () => {
  const { kill, ended } = start('--port', '0')
  await expect.poll(() => readdir(folder), { timeout: 20_000 }).toHaveLength(1)
  kill('SIGTERM')
  expect(await ended).toEqual([0, null])
  expect(await readdir(folder)).toEqual([])
})

test('ends with npm, which keeps a SIGTERM to itself', async () => {
  const { until, kill, ended, printed } = run('npm', 'start', '--', '--port', '0')
  await until(/http:\S+/)
  // Built and started this way, a query says where it was written in TypeScript.
  expect(printed()).toMatch(/applySearch \(src\/tour\/queries\.ts:\d+\)/)
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
  [['--database', 'oracle'], '--database is one of postgres, mariadb, sqlite, not oracle'],
  [['--database', 'sqlite', '--host', 'prisma'], '--host prisma is there on --database postgres only, not on sqlite'],
  [['--port', 'http'], '--port is a number from 0 to 65535, not http'],
  [['--prot', '1'], "Unknown option '--prot'"],
])('refuses %j, and starts nothing', async (args, message) => {
  const { ended, printed } = start(...args)
  expect(await ended).toEqual([1, null])
  expect(printed()).toContain(message)
  expect(await readdir(folder)).toEqual([])
})
