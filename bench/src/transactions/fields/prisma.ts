/** Prisma: `$transaction` with a function, over its `pg` adapter. @module */
import { createRequire } from 'node:module'
import { PrismaPg } from '@prisma/adapter-pg'
import { transactions } from 'pillion/transaction'
import { type Open, pair } from '../field.js'
import { poolOn } from '../pool.js'

/** As much of the generated client as is called here. */
interface Client {
  $queryRawUnsafe(sql: string): Promise<unknown>
  $transaction<T>(work: (tx: Client) => Promise<T>): Promise<T>
  $disconnect(): Promise<void>
}

interface Generated {
  readonly PrismaClient: new (options: { readonly adapter: unknown }) => Client
}

export const open: Open = url => {
  const { PrismaClient } = createRequire(import.meta.url)('../../../generated/prisma/index.js') as Generated
  const pool = poolOn(url, 1)
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool) })
  const tx = transactions(prisma)
  const contenders = pair(
    'Prisma',
    sql => prisma.$transaction(inside => inside.$queryRawUnsafe(sql)),
    sql => tx.run(t => (t.orm as Client).$queryRawUnsafe(sql)),
  )
  return {
    contenders,
    async close() {
      await prisma.$disconnect()
      await pool.end()
    },
  }
}
