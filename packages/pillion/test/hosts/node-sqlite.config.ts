/**
 * For another Node than the one that was set up: without the servers, and without compiling addons for it.
 */
import type { ViteUserConfig } from 'vitest/config'
import config from '../../../../vitest.config.js'

const alone: ViteUserConfig = { ...config, test: { ...config.test, globalSetup: [], reporters: ['json'] } }

export default alone
