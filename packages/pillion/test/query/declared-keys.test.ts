/** Keys that are declared, and do not hold in the rows that a SELECT shows. */
import { Pool } from 'pg'
import { derived, first, type Handle, inner, left, type Many, max, param, pillion, relate, some } from 'pillion'
import type { Column, Kind, Scope } from 'pillion'
import { pgHost } from 'pillion/pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createDatabase, type Database, postgresServers } from '../../../../test/support/postgres.js'
import { expectRefusal, refusal } from './refusal.js'

interface Room<N = never, S extends Scope = 'joined'> extends Handle<RoomKind, N, S> {
  readonly id: Column<number | N, S>
  readonly slots: Many<SlotKind, N, S>
}
interface RoomKind extends Kind {
  readonly row: { id: number }
  readonly handle: Room<this['nullable'], this['scope']>
}
interface Slot<N = never, S extends Scope = 'joined'> extends Handle<SlotKind, N, S> {
  readonly room_id: Column<number | N, S>
  readonly hour: Column<number | N, S>
}
interface SlotKind extends Kind {
  readonly row: { room_id: number; hour: number }
  readonly handle: Slot<this['nullable'], this['scope']>
}
interface Rooms {
  readonly room: Room
  readonly slot: Slot
}

interface Animal<N = never, S extends Scope = 'joined'> extends Handle<AnimalKind, N, S> {
  readonly id: Column<number | N, S>
  readonly name: Column<string | N, S>
}
interface AnimalKind extends Kind {
  readonly row: { id: number; name: string }
  readonly handle: Animal<this['nullable'], this['scope']>
}
interface Owner extends Handle<OwnerKind, never, 'joined'> {
  readonly id: Column<number, 'joined'>
  readonly animal_id: Column<number, 'joined'>
  readonly animal: Many<AnimalKind, never, 'joined'>
}
interface OwnerKind extends Kind {
  readonly row: { id: number; animal_id: number }
  readonly handle: Owner
}
interface Zoo {
  readonly animal: Animal
  readonly dog: Animal
  readonly owner: Owner
}

describe.each(postgresServers())('on PostgreSQL $version', ({ url }) => {
  let database: Database
  let pool: Pool
  beforeEach(async () => {
    database = await createDatabase(url)
    pool = new Pool({ connectionString: database.url, max: 2 })
    // sockets outlive pool.end(), and the database is dropped under them
    pool.on('error', () => {})
  })
  afterEach(async () => {
    await pool.end()
    await database.drop()
  })

  /** One that has a fingerprint already, so that its next refresh reads only what that finds changed. */
  const refreshed = async <DB extends object>() => (await (await pillion<DB>(pgHost(pool))).refresh()).database

  const slots = `
    INSERT INTO room VALUES (1), (2);
    INSERT INTO slot VALUES (1, 9), (1, 9), (2, 9)`

  const invalid = [
    {
      what: 'a unique index whose CREATE INDEX CONCURRENTLY failed',
      make: async () => {
        await pool.query(`
          CREATE TABLE room (id int PRIMARY KEY);
          CREATE TABLE slot (room_id int NOT NULL REFERENCES room, hour int NOT NULL); ${slots}`)
        const made = pool.query('CREATE UNIQUE INDEX CONCURRENTLY slot_key ON slot (room_id, hour)')
        await expect(made).rejects.toMatchObject({ code: '23505' })
      },
      mend: ['REINDEX INDEX slot_key'],
    },
    {
      what: 'the same, made valid CONCURRENTLY',
      make: async () => {
        await pool.query(`
          CREATE TABLE room (id int PRIMARY KEY);
          CREATE TABLE slot (room_id int NOT NULL REFERENCES room, hour int NOT NULL); ${slots}`)
        const made = pool.query('CREATE UNIQUE INDEX CONCURRENTLY slot_key ON slot (room_id, hour)')
        await expect(made).rejects.toMatchObject({ code: '23505' })
      },
      mend: ['REINDEX INDEX CONCURRENTLY slot_key'],
    },
    {
      what: "a unique index of a partitioned table's ONLY",
      make: () =>
        pool.query(`
          CREATE TABLE room (id int PRIMARY KEY);
          CREATE TABLE slot (room_id int NOT NULL REFERENCES room, hour int NOT NULL) PARTITION BY LIST (hour);
          CREATE TABLE slot_9 PARTITION OF slot FOR VALUES IN (9);
          CREATE UNIQUE INDEX slot_key ON ONLY slot (room_id, hour); ${slots}`),
      mend: [
        'CREATE UNIQUE INDEX slot_9_key ON slot_9 (room_id, hour)',
        'ALTER INDEX slot_key ATTACH PARTITION slot_9_key',
      ],
    },
    {
      what: "a primary key of a partitioned table's ONLY",
      make: () =>
        pool.query(`
          CREATE TABLE room (id int PRIMARY KEY);
          CREATE TABLE slot (room_id int NOT NULL REFERENCES room, hour int NOT NULL) PARTITION BY LIST (hour);
          CREATE TABLE slot_9 PARTITION OF slot FOR VALUES IN (9);
          ALTER TABLE ONLY slot ADD CONSTRAINT slot_key PRIMARY KEY (room_id, hour); ${slots}`),
      mend: [
        'ALTER TABLE slot_9 ADD CONSTRAINT slot_9_key PRIMARY KEY (room_id, hour)',
        'ALTER INDEX slot_key ATTACH PARTITION slot_9_key',
      ],
    },
  ]

  it.each(invalid)('$what is no key until it is valid', async ({ make, mend }) => {
    await make()
    const before = await refreshed<Rooms>()
    const hour = param<number>('hour')
    const ask = ({ from, tables: { room } }: typeof before) => {
      const slot = left(room.slots, s => s.hour.eq(hour))
      return { slot, query: from(room).select({ id: room.id, hour: slot.hour }).orderBy(room.id.asc()) }
    }
    const twice = [1, 1, 2].map(id => ({ id, hour: 9 }))
    const { slot, query } = ask(before)
    expect(await query.expand(slot).all(hour.is(9))).toEqual(twice)
    expect(await query.expand(slot).count(hour.is(9))).toBe(3)
    await expectRefusal(() => query.all(hour.is(9)), 'FAN_OUT')
    const byHour = before.from(before.tables.slot).orderBy(before.tables.slot.hour.asc())
    await expectRefusal(() => byHour.page({ size: 1 }), 'PAGE_KEY', /no unique key/)

    await pool.query('DELETE FROM slot; INSERT INTO slot VALUES (1, 9), (2, 9)')
    for (const statement of mend) await pool.query(statement)
    const { database: after, changes } = await before.refresh()
    expect(changes?.changed).toContain('public.slot')
    expect(await ask(after).query.all(hour.is(9))).toEqual([1, 2].map(id => ({ id, hour: 9 })))
    expect(await ask(after).query.count(hour.is(9))).toBe(2)
    const pages = after.from(after.tables.slot)
    const { rows, next } = await pages.page({ size: 1 })
    expect([rows, (await pages.page({ size: 1, after: next })).rows].flat()).toHaveLength(2)
  })

  it('an invalid index makes no relation to one', async () => {
    await pool.query(`
      CREATE TABLE account (id int PRIMARY KEY);
      CREATE TABLE badge (account_id int REFERENCES account);
      INSERT INTO account VALUES (1);
      INSERT INTO badge VALUES (1), (1)`)
    await expect(pool.query('CREATE UNIQUE INDEX CONCURRENTLY ON badge (account_id)')).rejects.toMatchObject({
      code: '23505',
    })
    const kinds = ({ catalog }: Pick<Awaited<ReturnType<typeof refreshed>>, 'catalog'>) =>
      catalog.tables[0]?.relations.map(({ key, kind }) => [key, kind])
    const before = await refreshed()
    expect(kinds(before)).toEqual([['badges', 'many']])
    await pool.query('TRUNCATE badge; REINDEX TABLE badge')
    expect(kinds((await before.refresh()).database)).toEqual([['badges', 'one']])
  })

  describe('a table with INHERITS children', () => {
    beforeEach(async () => {
      await pool.query(`
        CREATE TABLE animal (id int PRIMARY KEY, name text NOT NULL);
        CREATE TABLE dog (PRIMARY KEY (id)) INHERITS (animal);
        CREATE TABLE owner (id int PRIMARY KEY, animal_id int NOT NULL REFERENCES animal);
        INSERT INTO animal VALUES (1, 'tom'), (2, 'bo');
        INSERT INTO dog VALUES (1, 'rex');
        INSERT INTO owner VALUES (1, 1), (2, 2)`)
    })

    it('is joined to many, and rows and count agree', async () => {
      const { from, tables } = await pillion<Zoo>(pgHost(pool))
      const { owner } = tables
      const animal = inner(owner.animal)
      const query = from(owner).select({ id: owner.id, name: animal.name }).orderBy(owner.id.asc(), animal.name.asc())
      expect(await query.expand(animal).all()).toEqual([
        { id: 1, name: 'rex' },
        { id: 1, name: 'tom' },
        { id: 2, name: 'bo' },
      ])
      expect(await query.expand(animal).count()).toBe(3)
      await expectRefusal(() => query.all(), 'FAN_OUT', /INHERITS children \(public\.dog\) may repeat its keys/)
      expect(query.expand(animal).explainJoins()[1]).toMatchObject({ cardinality: 'many' })

      const byKey = left(relate(owner, tables.animal, a => a.id.eq(owner.animal_id)))
      await expectRefusal(() => from(owner).require(byKey).all(), 'FAN_OUT', /public\.dog/)
      const one = first(owner.animal, { orderBy: a => a.name.asc() })
      const firsts = from(owner).select({ id: owner.id, name: one.name }).orderBy(owner.id.asc())
      expect(await firsts.all()).toEqual([
        { id: 1, name: 'rex' },
        { id: 2, name: 'bo' },
      ])
      expect(await from(owner).where(some(owner.animal).name.eq('rex')).all()).toEqual([{ id: 1, animal_id: 1 }])
    })

    it('is paged by no key of its own, and no row is lost', async () => {
      const { from, tables } = await pillion<Zoo>(pgHost(pool))
      const { animal, owner, dog } = tables
      const all = from(animal).orderBy(animal.id.asc())
      expect(await all.all()).toHaveLength(3)
      const error = await expectRefusal(() => all.page({ size: 1 }), 'PAGE_KEY', /\(public\.dog\)/)
      expect(error.hint).toMatch(/Page a child/)
      const joined = inner(owner.animal)
      const pairs = from(owner).expand(joined).select({ id: owner.id, name: joined.name })
      await expectRefusal(() => pairs.page({ size: 1 }), 'PAGE_KEY', /\(public\.dog\)/)

      expect((await from(dog).page({ size: 9 })).rows).toEqual([{ id: 1, name: 'rex' }])
      const each = derived(
        'each',
        from(animal)
          .select({ id: animal.id, name: animal.name, last: max(animal.name) })
          .groupBy(animal.id, animal.name),
      )
      const { rows, next } = await from(each).page({ size: 2 })
      const { rows: rest } = await from(each).page({ size: 2, after: next })
      expect([...rows, ...rest].map(({ name }) => name)).toEqual(['rex', 'tom', 'bo'])
    })

    it('is grouped by no key of its own', async () => {
      const { from, tables } = await pillion<Zoo>(pgHost(pool))
      const { animal } = tables
      const error = await refusal(() => from(animal).select({ id: animal.id }).groupBy(animal))
      expect(error.code).toBe('QUERY_INVALID')
    })

    it('is to one again when it has no more of them', async () => {
      const before = await refreshed()
      const kinds = ({ catalog }: Pick<typeof before, 'catalog'>) =>
        catalog.tables.find(({ name }) => name === 'owner')?.relations.map(({ key, kind }) => [key, kind])
      expect(kinds(before)).toEqual([['animal', 'many']])
      await pool.query('ALTER TABLE dog NO INHERIT animal')
      const alone = (await before.refresh()).database
      expect(kinds(alone)).toEqual([['animal', 'one']])
      await pool.query('ALTER TABLE dog INHERIT animal')
      const again = (await alone.refresh()).database
      expect(kinds(again)).toEqual([['animal', 'many']])
      await pool.query('DROP TABLE dog')
      expect(kinds((await again.refresh()).database)).toEqual([['animal', 'one']])
    })

    it('keeps what it is where its children are not reflected', async () => {
      const { catalog } = await pillion(pgHost(pool), { overrides: { exclude: ['dog'] } })
      expect(catalog.tables.find(({ name }) => name === 'animal')?.inheritedBy).toEqual(['public.dog'])
    })
  })
})
