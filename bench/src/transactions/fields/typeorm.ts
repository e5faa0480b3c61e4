/** TypeORM by itself, by `typeorm-transactional` and by pillion. @module */
import 'reflect-metadata'
import { transactions } from 'pillion/transaction'
import { DataSource } from 'typeorm'
import {
  addTransactionalDataSource,
  initializeTransactionalContext,
  runInTransaction,
  StorageDriver,
} from 'typeorm-transactional'
import { type Open, pair } from '../field.js'

export const open: Open = async url => {
  const opened = (): Promise<DataSource> => new DataSource({ type: 'postgres', url, extra: { max: 1 } }).initialize()
  initializeTransactionalContext({ storageDriver: StorageDriver.ASYNC_LOCAL_STORAGE })
  // what typeorm-transactional has patched is no longer TypeORM alone: it has a connection of its own
  const [plain, tapped] = [await opened(), addTransactionalDataSource(await opened())]
  const tx = transactions(plain)
  const [own, ours] = pair(
    'TypeORM',
    sql => plain.transaction(manager => manager.query(sql)),
    sql => tx.run(t => t.orm.query(sql)),
  )
  const peer = {
    name: 'typeorm-transactional',
    beside: own.name,
    once: (sql: string) => runInTransaction(() => tapped.query(sql), {}),
  }
  return { contenders: [own, peer, ours], close: () => Promise.all([plain.destroy(), tapped.destroy()]) }
}
