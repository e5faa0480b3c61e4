export * from '../../../packages/pillion/test/support/interviews.gen.js'
