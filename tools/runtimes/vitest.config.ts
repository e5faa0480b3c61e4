/**
 * For another Node than the one that was set up: on the servers of the run that starts it, and without compiling addons.
 */
import type { ViteUserConfig } from 'vitest/config'
import shared from '../../vitest.config.js'

const config: ViteUserConfig = {
  ...shared,
  test: { ...shared.test, globalSetup: 'tools/runtimes/given-servers.ts', reporters: ['json'] },
}

export default config
