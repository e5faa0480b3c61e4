import type { Words } from '../words.js'
import { statement } from '../statement.js'

// by its state, too: while it is prepared it is told of as well, and not between that and its run
const asleep = `info = 'select sleep(30)' and state = 'User sleep'`
const others = 'from information_schema.processlist where db = database() and id <> connection_id() and'
const upTo = 'with recursive n (n) as (select 1 union all select n + 1 from n where n < cast(? as signed))'

/** An observer must take two statements in one for `terminate`: MySQL's KILL finds nobody by itself. */
const terminate = (which: string): string => `set @session = (select min(id) ${others} ${which}); kill @session`

export const mysqlWords: Words = Object.freeze({
  tables: [
    'create table note (id int auto_increment primary key, body text not null)',
    'create table tally (owner int not null, n int not null)',
    `create table kinds (
       whole bigint not null, natural_number bigint unsigned not null, exact decimal(30, 4) not null,
       fraction double not null, single float not null, yes tinyint(1) not null, at timestamp(6) not null,
       wall datetime(6) not null, day date not null, lasting time(6) not null, document json not null,
       bytes varbinary(20) not null, state enum('open', 'held') not null, flags set('new', 'hot') not null,
       words varchar(20) not null)`,
    `insert into kinds values (
       9007199254740993, 18446744073709551615, 1234567890123456789.0010,
       0.1, 0.1, true, from_unixtime(1774747800.123456),
       '2026-03-29 02:30:00.123456', '2026-03-29', '-101:02:03.000004', '{"a": [1, null]}',
       x'deadbeef00', 'held', 'new,hot',
       'Größe 🚲')`,
  ],
  plain: value => statement(`select cast(? as signed) + 1 as n, null as nothing, 'x' as n`, value),
  none: statement('select 1 as a from dual where false'),
  backendId: statement('select connection_id()'),
  sleep: statement('select sleep(30)'),
  nap: statement('select sleep(0.1)'),
  sleepers: `select count(*) ${others} ${asleep}`,
  terminateSleepers: terminate(asleep),
  terminateAfter: text => terminate(`info = '${text}'`),
  numbers: n => statement(`${upTo} select n from n`, String(n)),
  failsInTheMiddle: statement(`${upTo} select (select 1 union all select 2 from dual where n.n = 500) from n`, '1000'),
  failsOnValue: value => statement(`select extractvalue('<a/>', ?)`, value),
  setVariable: value => `set @pillion_tenant = '${value}'`,
  variable: statement(`select coalesce(@pillion_tenant, '')`),
  kinds: {
    types: {
      whole: 9007199254740993n,
      natural_number: 18446744073709551615n,
      exact: '1234567890123456789.0010',
      fraction: 0.1,
      single: 0.1,
      yes: true,
      at: new Date('2026-03-29T01:30:00.123Z'),
      wall: '2026-03-29 02:30:00.123456',
      day: '2026-03-29',
      lasting: '-101:02:03.000004',
      document: { a: [1, null] },
      bytes: Uint8Array.of(0xde, 0xad, 0xbe, 0xef, 0),
      state: 'held',
      words: 'Größe 🚲',
    },
    arrays: {},
  },
  given: {
    text: 'select cast(cast(? as datetime(6)) as char), cast(cast(? as signed) as char), hex(?), ?, ?',
    values: [
      '2026-03-29 02:30:00.123456',
      '9007199254740993',
      Uint8Array.of(0xde, 0xad, 0xbe, 0xef, 0),
      '1234567890123456789.0010',
      null,
    ],
  },
  received: ['2026-03-29 02:30:00.123456', '9007199254740993', 'DEADBEEF00', '1234567890123456789.0010', null],
  elsewhere: `set time_zone = '+05:30'`,
} satisfies Words)
