/**
 * A synthetic schema: tables of 12 columns with 2 foreign keys, 4 indexes beside the primary key's, a check and
 * comments.
 *
 * @module
 */

/** How many of everything a schema of so many tables holds: what every reader must have found. */
export interface Counts {
  readonly tables: number
  readonly columns: number
  readonly foreignKeys: number
  readonly checks: number
  /** Not counting those of primary keys. */
  readonly indexes: number
}

export function countsOf(tables: number): Counts {
  return { tables, columns: 12 * tables, foreignKeys: 2 * tables, checks: tables, indexes: 4 * tables }
}

/** The DDL, many tables a statement; catalogues are vacuumed last, so that autovacuum keeps out of the timing. */
export function* schemaOf(tables: number): Generator<string> {
  yield `create type mood as enum ('sad', 'ok', 'happy')`
  for (let first = 0; first < tables; first += batch) {
    const numbers = Array.from({ length: Math.min(batch, tables - first) }, (_, at) => first + at)
    yield numbers.map(tableOf).join(';\n')
  }
  for (const catalogue of catalogues) yield `vacuum (analyze) pg_catalog.${catalogue}`
}

const batch = 50

const catalogues = [
  'pg_attrdef',
  'pg_attribute',
  'pg_class',
  'pg_constraint',
  'pg_depend',
  'pg_description',
  'pg_index',
  'pg_trigger',
  'pg_type',
]

function tableOf(n: number): string {
  const name = `thing_${n}`
  return `
create table ${name} (
  id bigint generated always as identity primary key,
  parent_id bigint references thing_${Math.max(0, n - 1)},
  owner_id bigint not null references thing_${Math.floor(n / 2)},
  code varchar(40) not null,
  title text not null default 'untitled',
  amount numeric(12, 2) not null default 0,
  tags text[] not null default '{}',
  feeling mood not null default 'ok',
  details jsonb,
  double_amount numeric generated always as (amount * 2) stored,
  created_at timestamptz not null default now(),
  removed_at timestamptz,
  constraint ${name}_amount_check check (amount >= 0)
);
create unique index ${name}_code on ${name} (code);
create index ${name}_parent on ${name} (parent_id);
create index ${name}_owner on ${name} (owner_id, created_at desc);
create index ${name}_title on ${name} (lower(title)) where removed_at is null;
comment on table ${name} is 'Things of kind ${n}';
comment on column ${name}.code is 'What people call it';
comment on column ${name}.amount is 'In euro'`
}
