/**
 * A real browser for tests of pages.
 *
 * @module
 */
import { type Browser, chromium } from 'playwright-core'
import { findProgram } from '../../tools/path/find-program.js'

const names = ['chromium', 'chromium-browser', 'google-chrome']

/** The program of the browser the machine has: the one `PILLION_TEST_BROWSER` names, or the first on the path. */
export function findBrowser(): string | undefined {
  return process.env['PILLION_TEST_BROWSER'] ?? names.map(name => findProgram(name)).find(found => found !== undefined)
}

/** Starts it without a window. */
export function launchBrowser(program: string): Promise<Browser> {
  // Root, as in a container, cannot have Chromium's own sandbox.
  return chromium.launch({ executablePath: program, chromiumSandbox: process.getuid?.() !== 0 })
}
