import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const { PILLION_TEST_REPORT: report } = process.env

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig({
  // Tests run from source: nothing need be built first.
  resolve: {
    alias: [
      { find: /^pillion$/, replacement: at('packages/pillion/src/index.ts') },
      { find: /^pillion\/(schema|testing|transaction|tree)$/, replacement: at('packages/pillion/src/$1/index.ts') },
      { find: /^pillion\/([a-z0-9-]+)$/, replacement: at('packages/pillion/src/hosts/$1.ts') },
    ],
  },
  test: {
    include: ['{packages,examples,tools}/*/test/**/*.test.ts', '{test,bench,docs}/**/*.test.ts'],
    globalSetup: 'test/support/servers.ts',
    setupFiles: 'test/support/grammar.ts',
    // The machine-readable report is for `.ci/run`.
    reporters: report === undefined ? ['default'] : ['default', ['json', { outputFile: report }]],
    // One less by default: on two cores one test at a time, with the other core waiting for what its server has to do.
    maxWorkers: '100%',
    // They end a test that hangs; a busy machine is no reason to.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})
