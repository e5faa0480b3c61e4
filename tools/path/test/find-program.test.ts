import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, afterEach, expect, test, vi } from 'vitest'
import { findProgram } from '../find-program.js'

const folder = mkdtempSync(join(tmpdir(), 'pillion-path-test-'))
afterAll(() => rmSync(folder, { recursive: true }))
afterEach(() => vi.unstubAllEnvs())

/** A folder with a file of that name and mode. */
function having(name: string, mode: number): string {
  const holder = mkdtempSync(join(folder, 'bin-'))
  writeFileSync(join(holder, name), '')
  chmodSync(join(holder, name), mode)
  return holder
}

test('the path comes first, in its order, then the folders', () => {
  const [first, second, beside] = [having('lamp', 0o755), having('lamp', 0o755), having('candle', 0o755)]
  vi.stubEnv('PATH', [first, second].join(delimiter))
  expect(findProgram('lamp', [beside])).toBe(join(first, 'lamp'))
  expect(findProgram('candle', [beside])).toBe(join(beside, 'candle'))
})

test('what cannot be run is no program', () => {
  const plain = having('lamp', 0o644)
  vi.stubEnv('PATH', plain)
  expect(findProgram('lamp')).toBe(undefined)
  expect(findProgram('candle')).toBe(undefined)
})
