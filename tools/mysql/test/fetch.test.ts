import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { skipAloud } from '../../../test/support/skip.js'
import { findProgram } from '../../path/find-program.js'

const program = fileURLToPath(new URL('../fetch.js', import.meta.url))

describe.skipIf(skipAloud('apt', findProgram('apt-get'), 'this is no Debian'))('where MySQL is not to be had', () => {
  let folder: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pillion-fetch-test-'))
    await mkdir(join(folder, 'mysql'))
  })

  afterAll(() => rm(folder, { recursive: true }))

  /** Fetches on a machine whose apt knows these sources, over what was fetched before. */
  async function fetchFrom(...sources: readonly string[]) {
    const list = join(folder, 'sources.list')
    await writeFile(list, sources.join('\n'))
    const config = join(folder, 'apt.conf')
    await writeFile(config, `Dir::Etc::SourceList "${list}"; Dir::Etc::SourceParts "/dev/null"; Acquire::Retries "0";`)
    const env = { ...process.env, APT_CONFIG: config }
    return new Promise<{ code: number | null; said: string }>(resolve => {
      const child = execFile(process.execPath, [program, join(folder, 'mysql')], { env }, (_, out, err) =>
        resolve({ code: child.exitCode, said: out + err }),
      )
    })
  }

  const told = async (...sources: readonly string[]) => {
    const { code, said } = await fetchFrom(...sources)
    expect(said.trimEnd().split('\n')).toHaveLength(1)
    expect((await readdir(folder)).sort()).toEqual(['apt.conf', 'archive', 'mysql', 'sources.list'])
    return `${code}: ${said.trimEnd()}`
  }

  test('one line says why, with a code of its own, and what was fetched before stays', async () => {
    await mkdir(join(folder, 'archive/debian/dists/sid'), { recursive: true })
    expect(await told('deb http://127.0.0.1:1/ubuntu noble main')).toBe(
      '3: MySQL is not to be had: apt-get knows no archive of Debian here',
    )
    expect(await told('deb http://127.0.0.1:1/debian bookworm main')).toMatch(
      /^3: MySQL is not to be had: E: Failed to fetch http:\/\/127\.0\.0\.1:1\/debian\/dists\/sid\/InRelease /,
    )
  })

  test('an archive that nobody has signed for is not believed', async () => {
    await mkdir(join(folder, 'archive/debian/dists/sid/main/binary-amd64'), { recursive: true })
    await writeFile(
      join(folder, 'archive/debian/dists/sid/Release'),
      'Suite: unstable\nCodename: sid\nComponents: main\n',
    )
    expect(await told(`deb file:${folder}/archive/debian bookworm main`)).toMatch(
      /^3: MySQL is not to be had: E: The repository .* is not signed/,
    )
  })
})
