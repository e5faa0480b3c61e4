/** A new foreign key must not take the name of a relation that the generated file has under it. */
import { Pool } from 'pg'
import {
  type Column,
  type DatabaseOptions,
  type Handle,
  type Kind,
  list,
  type Many,
  pillion,
  type Scope,
} from 'pillion'
import { pgHost } from 'pillion/pg'
import { emitTypes, readEmittedTypes } from 'pillion/schema'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createDatabase, type Database } from '../../../../test/support/postgres.js'

interface Team<N = never, S extends Scope = 'joined'> extends Handle<TeamKind, N, S> {
  readonly id: Column<number | N, S>
  readonly people: Many<PersonKind, N, S>
}
interface TeamKind extends Kind {
  readonly row: { id: number }
  readonly handle: Team<this['nullable'], this['scope']>
}
interface Person<N = never, S extends Scope = 'joined'> extends Handle<PersonKind, N, S> {
  readonly id: Column<number | N, S>
  readonly fullName: Column<string | N, S>
}
interface PersonKind extends Kind {
  readonly row: { id: number; fullName: string }
  readonly handle: Person<this['nullable'], this['scope']>
}
interface Teams {
  readonly team: Team
}

let database: Database
let pool: Pool
beforeAll(async () => {
  database = await createDatabase()
  pool = new Pool({ connectionString: database.url, max: 2 })
  pool.on('error', () => {})
  await pool.query(`
    create table team (id int primary key);
    create table person (id int primary key, full_name text not null);
    create table membership (team_id int references team, person_id int references person, primary key (team_id, person_id));
    insert into team values (1);
    insert into person values (1, 'ada'), (2, 'bob');
    insert into membership values (1, 1)`)
})
afterAll(async () => {
  await pool.end()
  await database.drop()
})

it('finds under a name what the generated file has there, though a newer key would be called so', async () => {
  const file = emitTypes((await pillion(pgHost(pool), { names: 'camel' })).catalog)
  await pool.query('alter table person add team_id int references team; update person set team_id = 1 where id = 2')

  const peopleOf = async (options: DatabaseOptions) => {
    const db = await pillion<Teams>(pgHost(pool), options)
    const { team } = db.tables
    return db
      .from(team)
      .select({ people: list(team.people, each => each.fullName) })
      .all()
  }
  expect(await peopleOf({ names: 'camel' })).toEqual([{ people: ['bob'] }])
  expect(await peopleOf({ previous: readEmittedTypes(file) })).toEqual([{ people: ['ada'] }])
})
