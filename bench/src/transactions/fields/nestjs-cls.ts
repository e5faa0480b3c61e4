/** `@nestjs-cls/transactional`, with an adapter that does on `pg` what everybody would write. @module */
import { TransactionHost } from '@nestjs-cls/transactional'
import { ClsServiceManager } from 'nestjs-cls'
import type pg from 'pg'
import type { Open } from '../field.js'
import { poolOn } from '../pool.js'
import { byHand } from './pg.js'

export const open: Open = url => {
  const pool = poolOn(url, 1)
  const host = new TransactionHost({
    connectionName: undefined,
    enableTransactionProxy: false,
    defaultTxOptions: {},
    extraProviderTokens: [],
    getFallbackInstance: () => pool,
    async wrapWithTransaction(_options: unknown, work: () => Promise<unknown>, set: (client: unknown) => void) {
      const client = await pool.connect()
      try {
        await client.query('BEGIN')
        set(client)
        const result = await work()
        await client.query('COMMIT')
        return result
      } catch (error) {
        await client.query('ROLLBACK')
        throw error
      } finally {
        client.release()
      }
    },
  } as never)
  const once = (sql: string): Promise<unknown> =>
    ClsServiceManager.getClsService().run(() =>
      host.withTransaction(() => (host.tx as unknown as pg.PoolClient).query(sql)),
    )
  const beside = 'pg by hand'
  return {
    contenders: [
      { name: beside, beside, once: byHand(pool) },
      { name: '@nestjs-cls on pg', beside, once },
    ],
    close: () => pool.end(),
  }
}
