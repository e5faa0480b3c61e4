/**
 * Statements by chance, of each kind that an engine has a word of its own for: they write the table that `@` stands for.
 *
 * @module
 */
import fc from 'fast-check'
import type { TreeDialect } from '../../../src/tree/model.js'

const key = fc.integer({ min: 1, max: 9 })
const pointer = fc.option(key, { nil: 'null', freq: 5 })
const pairs = fc.uniqueArray(fc.tuple(key, pointer), { minLength: 1, maxLength: 5, selector: ([id]) => id })
const some = fc.uniqueArray(key, { minLength: 1, maxLength: 3 }).map(ids => ids.join(', '))
const values = pairs.map(rows => rows.map(row => `(${row.join(', ')})`).join(', '))
const few = fc.integer({ min: 1, max: 3 })
const order = fc.constantFrom('id', 'id desc', 'parent_id, id')

const inserts = values.map(rows => `insert into @ (id, parent_id) values ${rows}`)
const moves = pairs.map(
  rows =>
    `update @ set parent_id = case id ${rows.map(([id, to]) => `when ${id} then ${to}`).join(' ')} end where id in (${rows.map(([id]) => id).join(', ')})`,
)
const renames = fc.oneof(
  fc.tuple(key, key).map(([from, to]) => `update @ set id = ${to} where id = ${from}`),
  fc
    .tuple(key, key, pointer)
    .map(([from, to, below]) => `update @ set id = ${to}, parent_id = ${below} where id = ${from}`),
  fc.constantFrom(
    'update @ set id = id + 9',
    'update @ set id = 10 - id',
    'update @ set id = id + 9, parent_id = parent_id + 9',
  ),
)
const deletes = fc.oneof(
  some.map(ids => `delete from @ where id in (${ids})`),
  key.map(id => `delete from @ where parent_id = ${id}`),
  fc.constant('delete from @'),
)

const usual = { insert: inserts, move: moves, rename: renames, delete: deletes }

const conflict = fc.constantFrom(
  'do nothing',
  'do update set parent_id = excluded.parent_id',
  'do update set parent_id = excluded.parent_id where excluded.id > 4',
  'do update set parent_id = null',
  'do update set id = excluded.id + 9',
  'do update set id = excluded.id + 9, parent_id = excluded.parent_id',
)
const upserts = fc
  .tuple(values, conflict)
  .map(([rows, action]) => `insert into @ (id, parent_id) values ${rows} on conflict (id) ${action}`)

const matched = fc.constantFrom(
  'update set parent_id = v.parent_id',
  'update set id = v.id + 9',
  'update set id = v.id + 9, parent_id = v.parent_id',
  'delete',
  'do nothing',
)
const merges = fc
  .tuple(pairs, matched, matched, fc.constantFrom('insert (id, parent_id) values (v.id, v.parent_id)', 'do nothing'))
  .map(
    ([rows, low, high, absent]) =>
      `merge into @ using (values ${rows.map(([id, to]) => `(${id}, ${to}::bigint)`).join(', ')}) as v (id, parent_id) on @.id = v.id when matched and v.id < 5 then ${low} when matched then ${high} when not matched then ${absent}`,
  )

const one = fc.oneof(inserts, moves, renames, deletes, upserts)
const several = fc.array(one, { minLength: 2, maxLength: 4 }).map(
  statements =>
    `with ${statements
      .slice(1)
      .map((each, i) => `w${i} as (${each})`)
      .join(', ')} ${statements[0]}`,
)

const joined = fc.oneof(
  fc.constantFrom(
    'update @ set parent_id = p.parent_id from @ as p where p.id = @.parent_id and p.parent_id is not null',
    'update @ set parent_id = null',
    'update @ set parent_id = (select max(n.id) from @ as n where n.id < @.id)',
  ),
  key.map(id => `update @ set parent_id = p.id from @ as p where p.id = ${id} and @.id > 5`),
)

const duplicate = fc.constantFrom(
  'parent_id = values(parent_id)',
  'parent_id = null',
  'id = values(id) + 9',
  'id = values(id) + 9, parent_id = values(parent_id)',
)
const tables = fc.oneof(
  fc.constantFrom(
    'update @ as a join @ as b on a.parent_id = b.id set a.parent_id = b.parent_id where b.parent_id is not null',
    'delete a from @ as a join @ as b on a.parent_id = b.id where b.parent_id is null',
    'delete a, b from @ as a join @ as b on a.parent_id = b.id where b.id > 3',
    'delete b, a from @ as a join @ as b on a.parent_id = b.id where a.id > 3',
  ),
  fc
    .tuple(key, key, pointer, pointer)
    .map(
      ([a, b, x, y]) =>
        `update @ as a, @ as b set a.parent_id = ${x}, b.parent_id = ${y} where a.id = ${a} and b.id = ${b}`,
    ),
  fc
    .tuple(key, key, key, pointer)
    .map(
      ([a, b, x, y]) => `update @ as a, @ as b set a.id = ${x}, b.parent_id = ${y} where a.id = ${a} and b.id = ${b}`,
    ),
)

const clause = fc.constantFrom('or replace', 'or ignore', 'or fail', 'or abort')

/** By the name of its kind. */
export const anyStatement: Readonly<Record<TreeDialect, Readonly<Record<string, fc.Arbitrary<string>>>>> = {
  postgres: { ...usual, upsert: upserts, MERGE: merges, 'several in one': several, 'of a join': joined },
  mariadb: {
    ...usual,
    upsert: fc
      .tuple(values, duplicate)
      .map(([rows, action]) => `insert into @ (id, parent_id) values ${rows} on duplicate key update ${action}`),
    REPLACE: values.map(rows => `replace into @ (id, parent_id) values ${rows}`),
    IGNORE: fc.oneof(inserts, moves, renames, deletes).map(sql => sql.replace(/^\w+/, '$& ignore')),
    LIMIT: fc
      .tuple(fc.oneof(moves, renames, deletes), order, few)
      .map(([sql, by, most]) => `${sql}${sql.includes('where') ? '' : ' where true'} order by ${by} limit ${most}`),
    'several tables': tables,
  },
  sqlite: {
    ...usual,
    upsert: upserts,
    'OR …': fc.tuple(fc.oneof(inserts, moves, renames), clause).map(([sql, or]) => sql.replace(/^\w+/, `$& ${or}`)),
    'of a join': joined,
  },
}
