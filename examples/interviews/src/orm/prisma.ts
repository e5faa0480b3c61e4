/**
 * The interviews through Prisma, whose client is generated from `prisma/schema.prisma`.
 *
 * @module
 */
import { PrismaPg } from '@prisma/adapter-pg'
import { pillionAdapter, prismaHost } from 'pillion/prisma'
import { PrismaClient } from '../generated/prisma/client.js'
import type { Orm } from './orm.js'

/** Connects Prisma to a database that has the tables. */
export function openPrisma(url: string): Orm {
  const prisma = new PrismaClient({
    adapter: pillionAdapter(new PrismaPg({ connectionString: url })),
    // Moves within one tree wait for each other, the last of many for longer than Prisma would.
    transactionOptions: { maxWait: 30_000, timeout: 30_000 },
  })
  return Object.freeze<Orm>({
    name: 'prisma',
    host: prismaHost(prisma),
    // The models' delegates have no common type to call through.
    count: table => (prisma[table] as { count(): Promise<number> }).count(),
    writes: work =>
      prisma.$transaction(target =>
        work({
          target,
          async createEvaluation(data) {
            await target.evaluation.create({ data })
          },
          async moveDepartment(id, parentId) {
            await target.department.updateMany({ where: { id }, data: { parentId } })
          },
        }),
      ),
    close: () => prisma.$disconnect(),
  })
}
