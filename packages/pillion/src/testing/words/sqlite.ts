import { statement } from '../statement.js'
import type { Words } from '../words.js'

const counting = (item: string, last: string) =>
  `with recursive counting (i) as (select 1 union all select i + 1 from counting where i < ${last}) select ${item} as n from counting`

/** SQLite has no sessions to look at, none to end, and nothing that waits: the capabilities that need these are lacking. */
export const sqliteWords: Words = Object.freeze({
  tables: [
    'create table note (id integer primary key, body text not null)',
    'create table tally (owner int not null, n int not null)',
    `create table kinds (
       whole bigint not null, exact decimal(30, 4) not null, fraction double not null, yes boolean not null,
       at datetime not null, day date not null, document json not null, bytes blob not null, key text not null)`,
    `insert into kinds values (
       9007199254740993, '12345678.0010', 0.1, 1, '2026-03-29T01:30:00.123+00:00', '2026-03-29',
       '{"a": [1, null]}', x'deadbeef00', '3f2504e0-4f89-41d3-9a0c-0305e82c3301')`,
  ],
  plain: value => statement(`select cast(? as integer) + 1 as n, null as "nothing", 'x' as n`, value),
  none: statement('select 1 as a where false'),
  backendId: statement(`select file from pragma_database_list where name = 'main'`),
  sleep: statement(counting('max(i)', '9e9')),
  nap: statement(counting('max(i)', '1e5')),
  sleepers: 'select 0',
  terminateSleepers: 'select 0',
  terminateAfter: () => 'select 0',
  numbers: upTo => statement(counting('i', 'cast(? as integer)'), String(upTo)),
  failsInTheMiddle: statement(counting(`json(case i when 500 then '{' else '1' end)`, '1000')),
  failsOnValue: value => statement(`select json_extract('{}', ?)`, value),
  setVariable: () => 'select 0',
  variable: statement(`select ''`),
  kinds: {
    types: {
      whole: 9007199254740993n,
      exact: '12345678.001',
      fraction: 0.1,
      yes: true,
      at: new Date('2026-03-29T01:30:00.123Z'),
      day: '2026-03-29',
      document: { a: [1, null] },
      bytes: Uint8Array.of(0xde, 0xad, 0xbe, 0xef, 0),
      key: '3f2504e0-4f89-41d3-9a0c-0305e82c3301',
    },
    arrays: {},
  },
  given: {
    text: `select cast(? as text), cast(? as text), hex(?), ?, ?`,
    values: [9007199254740993n, 0.1, Uint8Array.of(0xde, 0xad, 0xbe, 0xef, 0), '1234567890123456789.0010', null],
  },
  received: ['9007199254740993', '0.1', 'DEADBEEF00', '1234567890123456789.0010', null],
  elsewhere: 'select 0',
} satisfies Words)
