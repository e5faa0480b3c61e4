import Sqlite from 'better-sqlite3'
import fc from 'fast-check'
import { loadModule, parseSync } from 'libpg-query'
import { beforeAll, describe, expect, test } from 'vitest'
import { assertOneOfRows, assertOneSelect } from '../../src/run/raw-sql.js'

/** Each would pass one naive check or another: the first word, a list of words, a split at semicolons. */
const attacks = [
  // other statements
  'delete from t',
  'insert into t values (1)',
  'update t set a = 1',
  'merge into t using s on true when matched then delete',
  'truncate t',
  'drop table t',
  'create table t (a int)',
  'create table t as select 1',
  'alter table t add b int',
  'grant select on t to public',
  'copy t to stdout',
  `copy (select 1) to program 'id'`,
  'do $$ begin delete from t; end $$',
  'call p()',
  'begin',
  'commit',
  'set role postgres',
  'reset all',
  'lock table t',
  'listen c',
  'notify c',
  'vacuum',
  'prepare p as delete from t',
  'execute p',
  'declare c cursor for select 1',
  'explain select 1',
  'explain analyze delete from t',
  'explain (analyze) insert into t values (1)',
  'show all',
  '',
  '-- select 1',
  '/* select 1 */',
  // a second statement
  'select 1; delete from t',
  ';select 1',
  'select 1;;delete from t;',
  'select 1;/**/delete from t',
  'select 1; -- nothing\ndelete from t',
  'select 1 -- hidden\r; delete from t',
  'select 1; commit; select 2',
  // comments that do not end where they seem to
  'select 1 /* /* */ */ ; delete from t',
  'select 1 /*/**/*/ ; delete from t',
  'select /* -- */ 1 ; delete from t',
  'select 1 + /* */ 1 ; delete from t --',
  'select 1 /* unclosed',
  // strings that do not end where they seem to
  `select E'\\'' ; delete from t --'`,
  `select e'\\\\' ; delete from t --'`,
  `select '\\' ; delete from t --'`,
  `select 'it''s' ; delete from t`,
  `select '\\\\'; delete from t --'`,
  `select E'a'\n'b\\'' ; delete from t --'`,
  `select "a""b" ; delete from t`,
  `select '"' ; delete from t --"`,
  `select "'" ; delete from t --'`,
  'select $$a$$ ; delete from t',
  'select $a$ $b$ $a$ ; delete from t --$b$',
  'select $a$ $$ $a$ ; delete from t --$$',
  'select a$$ ; delete from t --$$',
  'select é$$ ; delete from t --$$',
  'select 1e$$ ; delete from t --$$',
  'select $1$$ ; delete from t --$$ from t',
  `select U&'\\0027' ; delete from t --'`,
  `select U&"\\0070g_sleep"(1)`,
  `select n'a' ; delete from t`,
  `select b'0' ; delete from t`,
  `select 'unclosed`,
  'select "unclosed',
  'select $$unclosed',
  'select 1\0; delete from t',
  // writes inside
  'with d as (delete from t returning *) select * from d',
  'with d as materialized (delete from t returning *) select * from d',
  'with d as not materialized(update t set a = 1 returning *)select * from d',
  'with d as (insert into t values (1) returning *) table d',
  'with d as (merge into t using s on true when matched then delete returning *) select * from d',
  'with a as (select 1), d as (delete from t returning *) select * from d',
  'with a as (with b as (select 1) delete from t returning *) select * from a',
  'with a as (select 1) delete from t',
  'with a as (select 1) insert into t select * from a',
  'with recursive a as (select 1 as x union all select 2) search depth first by x set o delete from t',
  'with recursive a as (select 1 as x union all select 2) search depth first by x set "." delete from t',
  `with recursive a as (select 1 as x union all select 2) cycle x set c to 'a' default 'b' using p update t set x = 1`,
  'with d as (/**/DeLeTe/**/from t returning *) select 1',
  '(with d as (delete from t returning *) select 1)',
  'select * from (with d as (select 1) select * from d) x, lateral (select 1) y into z',
  'select 1 into t',
  'select * into temp t from s',
  'select a into unlogged t from s union select 2',
  'with a as (select 1) select * into t from a',
  // its point, and no dot before a name, to some versions
  'select 1.into t',
  'select 1.5.into t',
  'select 1e5.into t',
  'select a. into t from b',
  // locks
  'select * from t for update',
  'select * from t for no key update',
  'select * from t for share',
  'select * from t for key share',
  'select * from t for/**/share of t skip locked',
  'select * from (select * from t for update) x',
  'with a as (select * from t for share) select * from a',
  // functions that do more than read
  `select set_config('role', 'postgres', false)`,
  `select nextval('s')`,
  `select pg_catalog.nextval('s')`,
  `select "nextval"('s')`,
  `select "pg_catalog" . "nextval" /**/ ('s')`,
  `select SetVal('s', 1)`,
  'select pg_advisory_lock(1)',
  'select pg_try_advisory_xact_lock_shared(1)',
  'select pg_sleep(1000)',
  'select * from pg_sleep(1000)',
  `select pg_sleep_for('1 hour')`,
  `select * from dblink_exec('', 'delete from t')`,
  `select * from dblink('', 'select 1') as t(a int)`,
  `select lo_import('/etc/passwd')`,
  `select lo_unlink(1)`,
  `select pg_notify('c', 'x')`,
  `select pg_read_file('/etc/passwd')`,
  `select pg_read_binary_file('/etc/passwd')`,
  `select pg_ls_dir('/')`,
  `select pg_file_write('a', 'b', true)`,
  'select pg_terminate_backend(1)',
  'select pg_cancel_backend(1)',
  'select pg_reload_conf()',
  'select pg_switch_wal()',
  `select query_to_xml('delete from t returning *', true, true, '')`,
  `select * from crosstab('delete from t returning 1, 2, 3') as c(a int)`,
  `select * from ts_stat('delete from t returning v')`,
  `select pg_logical_emit_message(true, 'a', 'b')`,
  `select pg_create_restore_point('a')`,
  'select * from rows from (pg_sleep(1))',
  'select 1 where exists (select from pg_sleep(1))',
  `values (nextval('s'))`,
]

const plain = [
  'select 1',
  'SELECT 1;',
  'select 1 ; ; -- the end\n',
  '  /* a /* nested */ comment */ select 1 -- and one more',
  '(select 1)',
  '((select 1) union (select 2)) order by 1',
  'values (1), (2)',
  'table t',
  'with a as (select 1) select * from a',
  'with recursive a(n) as (values (1) union all select n + 1 from a where n < 5) table a',
  `select 'delete from t; --', "delete", $$ insert into; $$, $a$ $$ for update $a$`,
  `select E'it\\'s; delete', 'it''s', N'n', b'01', x'ff'`,
  'select t.update, t.into, "into" from t',
  `select nextval from "pg_sleep" where nextval = 'nextval(1)'`,
  'select substring(a from 1 for 2) from t where b = $1 and c = $2::int',
  `select j -> 'a' ->> 'b', j @? '$.a', (array[1, 2])[1:2], 1e5, 1.5e-3, .5, 0xff, 1_000 from t`,
  'select count(*) filter (where a > 0) over (partition by b order by c) from t',
  'select a, b from t order by a desc nulls last limit 10 offset 5',
  'select * from a join b using (id) left join lateral (select 1) c on true',
  'select * from t order by a fetch first 5 rows with ties',
  'select currval($1), lastval(), now(), random()',
  'select 1 as "é", ñ from t',
]

const fragments = [
  ['select', 'with', 'values', 'table', 'delete', 'insert', 'update', 'merge', 'into', 'from', 'for', 'share'],
  ['as', 'returning', '*', '1', 'a', 't', 't', '(', ')', '(', ')', ',', ';', '.', '$1', '1e', '"', "'", "''"],
  ['$$', '$a$', 'a$$', '$', "E'", "e'\\'", '\\', "\\'", "U&'", 'U&"', "N'", "b'", '--', '/*', '*/', '/', '\n'],
  ['\r', 'é', 'no', 'key', 'union', 'where', '(select 1)', '(delete from t returning *)', 'd as', 'select 1'],
  ['with d as (', 'delete from t', 'set', 'default', '"."', "'a'", 'returning *)', '; delete from t', '--\n'],
].flat()

const fragmentsOfRows = [
  ['select', '1', 'a', ',', '(', ')', 'as', 'with a as (select 1)', '(select 1)', 'not materialized', 'cast('],
  ['insert', 'merge', 'replace', 'delayed', 'ignore', 'into', 'into t', 'insert into', '.', '"as"', 'from b'],
].flat()

interface Parsed {
  readonly stmts?: readonly { readonly stmt: Record<string, unknown> }[]
}

function parsed(text: string): Parsed | undefined {
  try {
    return parseSync(text) as Parsed
  } catch {
    return undefined
  }
}

/** What the real parser finds that a plain SELECT has not. */
function faults(tree: Parsed): string[] {
  const statements = tree.stmts ?? []
  const found = statements.length === 1 ? [] : [`${statements.length} statements`]
  const walk = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return
    for (const [key, value] of Object.entries(node)) {
      if (['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt', 'intoClause', 'lockingClause'].includes(key)) {
        found.push(key)
      }
      walk(value)
    }
  }
  for (const { stmt } of statements) {
    if (!('SelectStmt' in stmt)) found.push(Object.keys(stmt).join())
    walk(stmt)
  }
  return found
}

function accepts(text: string): boolean {
  try {
    assertOneSelect(text)
    return true
  } catch (error) {
    expect(error).toMatchObject({ name: 'PillionError', code: 'SQL_NOT_SELECT' })
    return false
  }
}

beforeAll(() => loadModule())

describe('assertOneSelect', () => {
  test.each(attacks)('refuses %j', attack => {
    expect(accepts(attack)).toBe(false)
  })

  test.each(plain)('lets %j through, which the parser finds to be one plain SELECT', text => {
    const tree = parsed(text)
    expect(tree).toBeDefined()
    expect(faults(tree as Parsed)).toEqual([])
    expect(() => assertOneSelect(text)).not.toThrow()
  })

  test('control: most attacks are good SQL to the parser, and begin as a SELECT', () => {
    const disguised = attacks.filter(attack => /^[(\s]*(select|with|values)/i.test(attack))
    expect(disguised.length).toBeGreaterThan(60)
    expect(disguised.filter(attack => parsed(attack) !== undefined).length).toBeGreaterThan(60)
  })

  test('says what it found, where, and how to have it', () => {
    expect(() => assertOneSelect('select 1; drop table t')).toThrow(/second statement, at character 9\./)
    expect(() => assertOneSelect('with d as (delete from t) select 1')).toThrow(/It has DELETE, at character 12\./)
    expect(() => assertOneSelect('select "pg_sleep"(1)')).toThrow(/It calls pg_sleep\(\)/)
    expect(() => assertOneSelect('select * from t for share')).toThrow(/locks rows[^]*hint: .*Quote/)
  })

  test('whatever it lets through and the parser can read is one plain SELECT', () => {
    const pieces = fc.constantFrom(...fragments)
    const joints = fc.constantFrom(' ', ' ', ' ', '', '\n', '/**/')
    const soup = fc
      .tuple(
        fc.constantFrom('', '', 'select ', 'with d as (', 'select 1 ', "select '", 'select $$', 'select /*'),
        fc.array(fc.tuple(pieces, joints), { maxLength: 14 }),
      )
      .map(([start, parts]) => start + parts.flat().join(''))
    // An attack with one change in it is nearer to the mark than any soup.
    const mutated = fc
      .tuple(fc.constantFrom(...attacks, ...plain), fc.nat(), fc.nat({ max: 3 }), pieces)
      .map(([text, at, cut, piece]) => {
        const where = at % (text.length + 1)
        return text.slice(0, where) + piece + text.slice(where + cut)
      })
    let passed = 0
    fc.assert(
      fc.property(fc.oneof(soup, mutated), text => {
        if (!accepts(text)) return
        const tree = parsed(text)
        if (tree === undefined) return
        passed++
        expect(faults(tree)).toEqual([])
      }),
      { numRuns: Number(process.env.PILLION_FUZZ_RUNS ?? 20_000), examples: attacks.map(attack => [attack]) },
    )
    expect(passed).toBeGreaterThan(100)
  })
})

describe('a text that reads or writes rows', () => {
  test.each([
    ['postgres', `insert into http_log (id) values (nextval('s'))`],
    ['postgres', 'insert into public.lo_items (id) select 1'],
    ['postgres', 'insert into "public" . "pg_sleep" ("id") values (1)'],
    ['postgres', 'merge into t using s on true when matched then update set a = 1'],
    ['postgres', 'with d as (insert into t values (1) returning *) update http_log set n = 1 from d'],
    ['postgres', 'select t.into, $1.into from t'],
    ['postgres', '(insert into t values (1))'],
    ['postgres', 'with a(b) as not materialized (select (1)) insert into t select * from a'],
    ['postgres', 'with "a" as materialized (insert /**/ into t values (1) returning *) merge into t using a on false'],
    ['mysql', 'insert high_priority ignore into t values (1)'],
    ['mysql', 'replace into t (a) values (1)'],
    ['mysql', 'replace low_priority into t select `into` from t'],
    ['sqlite', 'insert or ignore into t values (1)'],
    ['sqlite', 'with a as (select 1) replace into t select * from a'],
  ] as const)('passes on %s: %s', (family, text) => {
    expect(() => assertOneOfRows(text, family)).not.toThrow()
  })

  test.each([
    ['postgres', 'select 1 into t'],
    ['postgres', 'with x as (select 1) select * into unlogged t from x'],
    ['postgres', `update t set a = set_config('role', 'x', false)`],
    ['postgres', `insert into t (a) values (dblink_exec('c', 'commit'))`],
    ['postgres', `insert into t select lo_import('/etc/passwd')`],
    ['postgres', 'select 1 delayed into t'],
    ['postgres', 'select 1 as x, 2 replace into t'],
    ['postgres', 'select 1 ignore into temp t'],
    ['postgres', 'select a insert into t from b'],
    ['postgres', 'select (1) insert into t'],
    ['postgres', 'select (select 1) merge into t'],
    ['postgres', 'select "as"(1) insert into t'],
    ['postgres', 'select public.as(1) insert into t'],
    ['postgres', 'select cast(1 as numeric(1)) insert into t'],
    ['postgres', 'with a as (select 1) select 1, (2) insert into t from a'],
    ['postgres', 'with a as (select 1 merge into t) select 1'],
    ['postgres', 'insert into t select 1 insert into t'],
    ['postgres', 'insert ignore into t select 1'],
    ['postgres', 'replace into t select 1'],
    ['postgres', 'select 1.into t'],
    ['mysql', `select 1 merge into outfile '/tmp/x'`],
    ['mysql', 'select 1 merge into @x'],
    ['mysql', `select (1) merge into dumpfile '/tmp/x'`],
    ['mysql', `select @a. into outfile '/tmp/x'`],
    ['mysql', 'select @a./**/into @x'],
    ['mysql', 'select 1e0.into @x'],
    ['mysql', `select 1 as $$ from t into outfile '/tmp/x' lines terminated by ', $$ '`],
    ['mysql', 'merge into t select 1'],
    ['mysql', `select a from t into outfile '/tmp/x'`],
    ['mysql', 'select 1 into @a'],
    ['mysql', `delete from t where get_lock('a', 1)`],
  ] as const)('is refused on %s where it does more: %s', (family, text) => {
    expect(() => assertOneOfRows(text, family)).toThrow('SQL_NOT_SELECT')
  })

  test('whatever the parser can read of what passes on PostgreSQL has no INTO of a SELECT', () => {
    const pieces = fc.constantFrom(...fragmentsOfRows)
    const joints = fc.constantFrom(' ', ' ', ' ', '', '/**/')
    const soup = fc
      .tuple(
        fc.constantFrom('', 'select ', 'select 1 ', 'with a as (', 'insert into t '),
        fc.array(fc.tuple(pieces, joints), { maxLength: 9 }),
        fc.constantFrom('', 'insert into t', 'into t', 'insert into t values (1)'),
      )
      .map(([start, parts, end]) => start + parts.flat().join('') + end)
    let read = 0
    fc.assert(
      fc.property(soup, text => {
        const tree = parsed(text)
        if (tree === undefined) return
        read++
        if (JSON.stringify(tree).includes('"intoClause"')) expect(() => assertOneOfRows(text)).toThrow('SQL_NOT_SELECT')
      }),
      { numRuns: Number(process.env.PILLION_FUZZ_RUNS ?? 20_000) },
    )
    expect(read).toBeGreaterThan(100)
  })
})

describe('a text by the rules of SQLite', () => {
  test.each([
    'select * from pragma_optimize(65538)',
    'select * from Pragma_Optimize',
    'select * from main . "pragma_OPTIMIZE" (65538)',
    'select * from `pragma_optimize`(65538)',
    'select * from [pragma_optimize](65538)',
    "select * from 'pragma_optimize'(65538)",
    'select 1 /* /* */ from pragma_optimize -- */',
    'select optimize(note) from note',
    'select `Optimize` -- a comment\n(note) from note',
    'select [optimize]/**/(note) from note',
    `select "fts3_tokenizer"('simple', x'00')`,
    `select load_extension('x')`,
  ])('is refused: %s', text => {
    expect(() => assertOneSelect(text, 'sqlite')).toThrow('SQL_NOT_SELECT')
    expect(() => assertOneOfRows(text, 'sqlite')).toThrow('SQL_NOT_SELECT')
  })

  test.each([`select optimize, "optimize" from pragma_table_info('note')`, 'select * from pragma_user_version'])(
    'passes: %s',
    text => {
      expect(() => assertOneSelect(text, 'sqlite')).not.toThrow()
    },
  )

  test('control: SQLite says of these that they only read, and they write', () => {
    const database = new Sqlite(':memory:')
    database.exec(`create virtual table note using fts4 (body); insert into note values ('one'); insert into note values ('two');
      create table t (a int); create index on_a on t (a); insert into t values (1)`)
    const count = (table: string) => database.prepare(`select count(*) from ${table}`).pluck().get()
    expect(count('note_segdir')).toBe(2)
    const optimize = database.prepare('select optimize(note) from note limit 1')
    expect([optimize.readonly, optimize.all().length]).toEqual([true, 1])
    expect(count('note_segdir')).toBe(1)
    const pragma = database.prepare('select * from pragma_optimize(65538)')
    expect([pragma.readonly, pragma.all()]).toEqual([true, []])
    expect(count('sqlite_stat1')).toBeGreaterThan(0)
    database.close()
  })
})
