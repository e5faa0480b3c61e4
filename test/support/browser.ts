/**
 * A real browser for tests of pages.
 *
 * @module
 */
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'

const names = ['chromium', 'chromium-browser', 'google-chrome']

/** The program of the browser the machine has: the one `PILLION_TEST_BROWSER` names, or the first on the path. */
export function findBrowser(): string | undefined {
  const { PILLION_TEST_BROWSER: given, PATH = '' } = process.env
  return (
    given ??
    PATH.split(delimiter)
      .flatMap(folder => names.map(name => join(folder, name)))
      .find(isProgram)
  )
}

/** Starts it without a window. */
export function launchBrowser(program: string): Promise<Browser> {
  // Root, as in a container, cannot have Chromium's own sandbox.
  return chromium.launch({ executablePath: program, chromiumSandbox: process.getuid?.() !== 0 })
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
