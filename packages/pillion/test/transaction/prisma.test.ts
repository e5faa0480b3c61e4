import { Pool } from 'pg'
import { type DerivedHandle, pillion } from 'pillion'
import { prismaHost } from 'pillion/prisma'
import { transactions } from 'pillion/transaction'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { prismaOn } from '../hosts/fixtures/prisma.js'
import { type GeneratedPrisma, generatePrisma, type Prisma } from '../hosts/prisma-client.js'
import { postgres } from './servers.js'
import { transactionSuite } from './suite.js'

let generated: GeneratedPrisma
beforeAll(async () => {
  generated = await generatePrisma()
})
afterAll(() => generated.remove())

transactionSuite({
  name: 'Prisma',
  server: postgres,
  independent: true,
  countsConnections: false,
  tellsLoss: false,
  cancels: true,
  async mount(url, connections) {
    const pool = new Pool({ connectionString: url, max: connections })
    pool.on('error', () => {})
    const prisma = prismaOn(pool, generated)
    return {
      root: prisma,
      host: prismaHost(prisma),
      rows: async (orm, sql) => (await (orm as Prisma).$queryRawUnsafe(sql)) as object[],
      out: () => pool.totalCount - pool.idleCount,
      async close() {
        await prisma.$disconnect()
        await pool.end()
      },
    }
  },
})

test('a query for an array, awaited by itself, is in the transaction that it was made in', async () => {
  const stage = await postgres.open()
  for (const sql of postgres.tables) await stage.read(sql)
  const pool = new Pool({ connectionString: stage.url })
  const prisma = prismaOn(pool, generated)
  const tx = transactions(prisma as object)
  const db = await pillion<{ item: DerivedHandle<{ n: number }> }>(prismaHost(prisma))
  const { item } = db.tables
  const counted = () => db.from(item).select({ n: item.n }).inBatch()
  const made = await tx.run(async t => {
    await (t.orm as Prisma).$executeRawUnsafe('delete from item where n > 3')
    expect(await counted()).toHaveLength(3)
    const [inItsOwn] = await prisma.$transaction([counted()])
    expect(inItsOwn).toHaveLength(100)
    return { late: counted() }
  })
  await expect(made.late).rejects.toMatchObject({ code: 'TRANSACTION_FINISHED' })
  await prisma.$disconnect()
  await pool.end()
  await stage.close()
})
