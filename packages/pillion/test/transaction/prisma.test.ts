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

/** The methods that an application adds to its client. */
interface Extended extends Prisma {
  readonly note: Prisma['note'] & {
    make(body: string): Promise<unknown>
    makeByParent(body: string): Promise<unknown>
  }
  $make(body: string): Promise<unknown>
}

/** What `Prisma.getExtensionContext(this)` gives is `this`. */
const extension = {
  model: {
    note: {
      async make(this: Extended['note'], body: string) {
        return await this.create({ data: { body } })
      },
      async makeByParent(this: { readonly $parent: Extended }, body: string) {
        return await this.$parent.note.create({ data: { body } })
      },
    },
  },
  client: {
    async $make(this: Extended, body: string) {
      return await this.note.create({ data: { body } })
    },
  },
}

const added: readonly (readonly [string, (orm: Extended) => Promise<unknown>])[] = [
  ['a model', orm => orm.note.make('added')],
  ['a model, by its parent', orm => orm.note.makeByParent('added')],
  ['the client', orm => orm.$make('added')],
]

test.each(added)('what a method of an extension of %s sends enters the transaction', async (_, add) => {
  const stage = await postgres.open()
  await stage.read('create table note (id serial primary key, body text not null)')
  const pool = new Pool({ connectionString: stage.url })
  const prisma = prismaOn(pool, generated).$extends(extension)
  const tx = transactions(prisma as object)
  let orm: Extended | undefined
  await tx.run(async t => {
    orm = t.orm as Extended
    await add(orm)
    await tx.run({ mode: 'nested' }, () =>
      expect(add(t.orm as Extended)).rejects.toMatchObject({ code: 'TRANSACTION_NESTED' }),
    )
  })
  // nobody else is there to hear of it: vitest fails for a rejection that is not handled
  await expect(add(orm as Extended)).rejects.toMatchObject({ code: 'TRANSACTION_FINISHED' })
  expect(await stage.read('select body from note')).toEqual([{ body: 'added' }])
  await prisma.$disconnect()
  await pool.end()
  await stage.close()
})
