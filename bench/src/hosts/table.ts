/** The table that is read: a column of each type that drivers differ in, and 1,000 rows. @module */
import type { Raw } from './rider.js'

export type Dialect = 'postgres' | 'mariadb' | 'sqlite'

/** No decimal ends in 0, and no double is printed by rounding: all drivers can give the same. */
export const setUp: Readonly<Record<Dialect, readonly string[]>> = {
  postgres: [
    `create table ride (id int primary key, whole int8 not null, exact numeric(12,3) not null, fraction float8 not null,
       label text not null, yes bool not null, at timestamptz not null, day date not null)`,
    `insert into ride select n, n, n * 1.25 + 0.001, n / 8.0, 'row ' || n, n % 2 = 0,
       timestamptz '2026-01-01 00:00Z' + n * interval '1 hour', date '2026-01-01' + n from generate_series(1, 1000) n`,
    'analyze ride',
  ],
  mariadb: [
    `create table ride (id int primary key, whole bigint not null, exact decimal(12,3) not null, fraction double not null,
       label varchar(40) not null, yes bool not null, at timestamp not null default '2026-01-01', day date not null)`,
    `insert into ride with recursive s (n) as (select 1 union all select n + 1 from s where n < 1000)
       select n, n, n * 1.25 + 0.001, n / 8e0, concat('row ', n), n % 2 = 0, timestampadd(hour, n, '2026-01-01'),
         date_add('2026-01-01', interval n day) from s`,
  ],
  sqlite: [
    `create table ride (id integer primary key, whole bigint not null, exact decimal(12,3) not null, fraction real not null,
       label text not null, yes boolean not null, at timestamp not null, day date not null)`,
    `insert into ride with recursive s (n) as (select 1 union all select n + 1 from s where n < 1000)
       select n, n, n * 1.25 + 0.001, n / 8.0, 'row ' || n, n % 2 = 0, datetime('2026-01-01', n || ' hours'),
         date('2026-01-01', n || ' days') from s`,
  ],
}

const read = 'select id, whole, exact, fraction, label, yes, at, day from ride'

/** What an application would write by hand. */
export const raws = {
  one: rawOf([`${read} where id = `, ''], [500]),
  thousand: rawOf([`${read} order by id`], []),
} as const satisfies Readonly<Record<string, Raw>>

export type Case = keyof typeof raws

function rawOf(strings: readonly string[], values: readonly number[]): Raw {
  const parts = Object.assign([...strings], { raw: strings })
  return { numbered: strings.join('$1'), marked: strings.join('?'), parts, values }
}
