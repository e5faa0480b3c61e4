import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { waitFor } from '../../test/support/wait-for.js'
import { contentsRows } from '../src/tree/contents.js'

const children = () => process.getActiveResourcesInfo().filter(what => what === 'ProcessWrap').length

describe.skipIf(!existsSync('/usr/lib/apt/apt-helper'))('lists of files', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pillion-contents-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  test('are trees', async () => {
    await writeFile(join(folder, 'list'), 'bin/ls   utils/core\nbin/my file   utils/mine\nusr/bin/x   a/b,c/d\n')
    const rows = []
    for await (const row of contentsRows([join(folder, 'list')])) rows.push(row.join('<'))
    expect(rows).toEqual(['1<', '2<1', '3<2', '4<2', '5<1', '6<5', '7<6'])
  })

  test('are read no further than is wanted: nothing waits with the rest', async () => {
    const before = children()
    // more than a pipe holds
    await writeFile(join(folder, 'list'), Array.from({ length: 100_000 }, (_, i) => `bin/${i}   a/b`).join('\n'))
    let rows = 0
    for await (const _ of contentsRows([join(folder, 'list')], 10)) rows++
    expect(rows).toBe(10)
    await waitFor(() => expect(children()).toBe(before))
  })
})
