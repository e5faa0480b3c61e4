/** Prisma: `$queryRawUnsafe`, which is prepared by the adapter's driver where that prepares. @module */
import { createRequire } from 'node:module'
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3'
import { PrismaMariaDb } from '@prisma/adapter-mariadb'
import { PrismaPg } from '@prisma/adapter-pg'
import { pillionAdapter, type PrismaAdapterFactory, type PrismaClientLike, prismaHost } from 'pillion/prisma'
import { day, type Open, type Raw, type Rider, truth } from '../rider.js'
import { poolOn as mariadbPoolOn } from './mariadb.js'
import { poolOn as pgPoolOn } from './pg.js'

interface Client extends PrismaClientLike {
  $transaction(work: (tx: Client) => Promise<void>, options: { readonly timeout: number }): Promise<void>
  $disconnect(): Promise<void>
}

export const openOnPg: Open = async url => {
  const pool = pgPoolOn(url)
  const rider = riderOver(new PrismaPg(pool), 'prisma', raw => raw.numbered)
  return { ...rider, lacking: { exact: String, day }, close: () => closed(rider, pool) }
}

export const openOnMariadb: Open = async url => {
  const pool = mariadbPoolOn(url)
  const rider = riderOver(new PrismaMariaDb(pool as never), 'prisma-mysql', raw => raw.marked)
  return { ...rider, lacking: { exact: String, yes: truth, day }, close: () => closed(rider, pool) }
}

export const openOnSqlite: Open = async file => ({
  ...riderOver(new PrismaBetterSqlite3({ url: `file:${file}` }), 'prisma-sqlite', raw => raw.marked),
  lacking: { exact: String, day },
})

/** @param generated the folder of the client that was generated for the database. */
function riderOver(
  adapter: PrismaAdapterFactory,
  generated: string,
  textOf: (raw: Raw) => string,
): Omit<Rider, 'lacking'> {
  const require = createRequire(import.meta.url)
  const { PrismaClient } = require(`../../../generated/${generated}/index.js`) as {
    readonly PrismaClient: new (options: { readonly adapter: unknown }) => Client
  }
  const prisma = new PrismaClient({ adapter: pillionAdapter(adapter) })
  return {
    host: prismaHost(prisma),
    root: raw => prisma.$queryRawUnsafe(textOf(raw), ...raw.values),
    transaction: work =>
      prisma.$transaction(tx => work(tx, raw => tx.$queryRawUnsafe(textOf(raw), ...raw.values)), { timeout: 600_000 }),
    rows: (rows: object[]) => rows,
    close: () => prisma.$disconnect(),
  }
}

async function closed(rider: Pick<Rider, 'close'>, pool: { end(): Promise<void> }): Promise<void> {
  await rider.close()
  await pool.end()
}
