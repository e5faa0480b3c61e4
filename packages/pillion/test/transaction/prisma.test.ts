import { Pool } from 'pg'
import { prismaHost } from 'pillion/prisma'
import { afterAll, beforeAll } from 'vitest'
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
