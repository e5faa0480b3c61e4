import type { Words } from '../words.js'
import { statement } from '../statement.js'

const asleep = `state = 'active' and query = 'select pg_sleep(30)'`
const others = 'datname = current_database() and pid <> pg_backend_pid()'

/** What comes back as it went. */
const given = [
  '{"a": [1, null]}',
  '\\xdeadbeef00',
  '{1,NULL,9007199254740993}',
  '1234567890123456789.0010',
  '2026-03-29',
  '0.1',
  null,
]

export const postgresWords: Words = Object.freeze({
  tables: [
    'create table note (id int generated always as identity primary key, body text not null)',
    'create table tally (owner int not null, n int not null)',
    `create type mood as enum ('open', 'held')`,
    `create table kinds (
       whole int8 not null, exact numeric not null, fraction float8 not null, yes bool not null, at timestamptz not null,
       wall timestamp not null, day date not null, document jsonb not null, bytes bytea not null, key uuid not null,
       state mood not null, numbers int8[] not null, instants timestamptz[] not null, states mood[] not null)`,
    `insert into kinds values (
       9007199254740993, 1234567890123456789.0010, 0.1, true, '2026-03-29 02:30:00.123456+01', '2026-03-29 02:30:00.123456',
       '2026-03-29', '{"a": [1, null]}', '\\xdeadbeef00', '3f2504e0-4f89-41d3-9a0c-0305e82c3301', 'held',
       '{1,NULL,9007199254740993}', '{"2026-03-29 02:30:00+05:30"}', '{held,open}')`,
  ],
  plain: value => statement(`select $1::int4 + 1 as n, null as nothing, 'x'::text as n`, value),
  none: statement('select 1 as a where false'),
  backendId: statement('select pg_backend_pid()'),
  sleep: statement('select pg_sleep(30)'),
  nap: statement('select pg_sleep(0.1)'),
  sleepers: `select count(*) from pg_stat_activity where ${others} and ${asleep}`,
  terminateSleepers: `select pg_terminate_backend(pid) from pg_stat_activity where ${others} and ${asleep}`,
  terminateAfter: text =>
    `select pg_terminate_backend(pid) from pg_stat_activity where ${others} and query = '${text}'`,
  numbers: upTo => statement('select generate_series(1, $1::int) as n', String(upTo)),
  failsInTheMiddle: statement('select 1 / (500 - generate_series(1, 1000))'),
  failsOnValue: value => statement('select $1::int', value),
  setVariable: value => `select set_config('pillion.tenant', '${value}', true)`,
  variable: statement(`select coalesce(current_setting('pillion.tenant', true), '')`),
  kinds: {
    types: {
      whole: 9007199254740993n,
      exact: '1234567890123456789.0010',
      fraction: 0.1,
      yes: true,
      at: new Date('2026-03-29T01:30:00.123Z'),
      wall: '2026-03-29 02:30:00.123456',
      day: '2026-03-29',
      document: { a: [1, null] },
      bytes: Uint8Array.of(0xde, 0xad, 0xbe, 0xef, 0),
      key: '3f2504e0-4f89-41d3-9a0c-0305e82c3301',
    },
    arrays: {
      state: 'held',
      numbers: [1n, null, 9007199254740993n],
      instants: [new Date('2026-03-28T21:00:00Z')],
      states: ['held', 'open'],
    },
  },
  given: statement(
    `select ($1::timestamptz at time zone 'UTC')::text, $2::bool::text, $3::jsonb::text, $4::bytea::text, $5::int8[]::text,
       $6::numeric::text, $7::date::text, $8::float8::text, $9::text`,
    '2026-03-29 02:30:00.123456+01',
    't',
    ...given,
  ),
  received: ['2026-03-29 01:30:00.123456', 'true', ...given],
  elsewhere: `set local timezone to 'Asia/Kolkata'`,
} satisfies Words)
