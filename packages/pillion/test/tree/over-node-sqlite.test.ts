/**
 * A tree over Node's own SQLite, where the Node that runs the tests has one: `tools/runtimes` has newer ones run this.
 *
 * @module
 */
import { test } from 'vitest'
import { skipAloud } from '../../../../test/support/skip.js'
import { nodeSqliteModule } from '../hosts/fixtures/node-sqlite.js'
import { keptOver } from './support/kept-over.js'

const built = nodeSqliteModule()

test.skipIf(skipAloud('node-sqlite', built, 'this Node has none: npm run runtimes'))('a tree is kept', async () => {
  const database = new built!.DatabaseSync(':memory:')
  try {
    await keptOver(database)
  } finally {
    database.close()
  }
})
