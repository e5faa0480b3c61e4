import { randomBytes } from 'node:crypto'
import { createConnection } from 'mysql2/promise'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Database, left, pillion, some } from '../../../src/index.js'
import { mysql2Host } from '../../../src/hosts/mysql2.js'
import { type Catalog, diffCatalogs, emitDdl, reflectMysql } from '../../../src/schema/index.js'
import { servers } from './servers.js'
import { openSession, type Session } from './session.js'

describe.each(servers)('on $name a user who may only SELECT', ({ name, lacking, ...server }) => {
  const user = `pillion_${randomBytes(6).toString('hex')}`
  let session: Session
  let owners: Catalog

  beforeAll(async () => {
    if (lacking) return
    session = await openSession({ name, lacking, ...server })
    await session.run(
      'create table owner (id int, region int, name varchar(20) not null, primary key (id, region))',
      'create table vet (id int primary key)',
      `create table pet (id int primary key, region int not null, owner_id int not null, vet_id int,
         foreign key (owner_id, region) references owner (id, region) on update cascade on delete cascade,
         constraint \`v\`\`et, too\` foreign key (vet_id) references vet (id))`,
      "insert into owner values (1, 1, 'Ann')",
      'insert into pet values (1, 1, 1, null)',
      `create user '${user}'@'%'`,
      `grant select on ${session.database}.* to '${user}'@'%'`,
    )
    owners = await reflectMysql(session.read)
  })
  afterAll(async () => {
    if (lacking) return
    await session.run(`drop user '${user}'@'%'`)
    await session.close()
  })

  const asReader = async <T>(work: (url: string) => Promise<T>): Promise<T> => {
    const url = new URL(session.url)
    url.username = user
    url.password = ''
    return work(String(url))
  }

  it.skipIf(lacking)('sees every relation, and rows through them', () =>
    asReader(async url => {
      const connection = await createConnection(url)
      try {
        // oxlint-disable typescript/no-explicit-any
        const db: Database<any> = await pillion(mysql2Host(connection))
        const { pet, owner }: any = db.tables
        expect(
          await db
            .from(pet)
            .select({ owner: pet.owner.name, vet: (left(pet.vet) as any).id, id: pet.id })
            .all(),
        ).toEqual([{ owner: 'Ann', vet: null, id: 1 }])
        expect(
          await db
            .from(owner)
            .where((some(owner.pets) as any).id.eq(1))
            .count(),
        ).toBe(1)
      } finally {
        await connection.end()
      }
    }),
  )

  it.skipIf(lacking)('is told where what a foreign key does is not shown, and makes no DDL without it', () =>
    asReader(async url => {
      const reader = await createConnection({ uri: url, rowsAsArray: true })
      try {
        const catalog = await reflectMysql(
          async (sql, values = []) => (await reader.query(sql, [...values]))[0] as unknown as never,
        )
        expect(catalog.tables.map(({ relations }) => relations)).toEqual(
          owners.tables.map(({ relations }) => relations),
        )
        const rules = diffCatalogs(owners, catalog).map(({ subject, property, after }) => [subject, property, after])
        if (name === 'MySQL') {
          expect(rules).toEqual([])
          expect(emitDdl(catalog)).toBe(emitDdl(owners))
          return
        }
        expect(rules).toEqual(
          Array.from({ length: 2 }, () => [
            ['foreign key', 'onUpdate', 'not shown'],
            ['foreign key', 'onDelete', 'not shown'],
          ]).flat(),
        )
        expect(() => emitDdl(catalog)).toThrow(expect.objectContaining({ code: 'REFLECT_FAILED' }))
      } finally {
        await reader.end()
      }
    }),
  )
})
