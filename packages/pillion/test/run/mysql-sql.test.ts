import { describe, expect, test } from 'vitest'
import { assertOneSelect } from '../../src/run/raw-sql.js'

const attacks = [
  `select 1 /*! into outfile '/tmp/x' */`,
  `select 1 /*M!100000 into outfile '/tmp/x' */`,
  `select 1 --1 into outfile '/tmp/x'`,
  "select `'` into outfile '/tmp/x'",
  `select 1 --\u0001 '\n into outfile '/tmp/x'`,
  "select `a``'` into outfile '/tmp/x'",
  `select '\\' into outfile ' , 1`,
  `select "'" into outfile "'"`,
  `select 1 into @a`,
  `select @a. into outfile '/tmp/x'`,
  'select @a./**/into @b',
  'select 1.into @b',
  `select @a := 1`,
  `select a from t lock in share mode`,
  'select a from t for update',
  `select next value for s`,
  `select 1; delete from t`,
  `select sleep(1)`,
  `select get_lock('a', 1)`,
  `select load_file('/etc/passwd')`,
  'select `SLEEP`(0)',
  "select `Get_Lock` /* */ ('a', 0)",
  "select `LOAD_FILE`('/etc/hostname')",
  'select `LAST_INSERT_ID`(5)',
  'select `NextVal`(s)',
  // names, with ANSI_QUOTES
  'select "sleep"(0)',
  `select "GET_LOCK" -- a comment\n('a', 0)`,
  // names that are strings to PostgreSQL
  'select 1 as $$ from t where sleep(0) = 1 order by $$',
  `select 1 as $a$ from t where get_lock('a', 0) = 1 order by $a$`,
  `set statement max_statement_time = 1 for delete from t`,
]

const harmless = [
  'select `into`, `delete` from `update`',
  "select 'it''s', \"a 'word'\", `b` -- a comment into outfile",
  'select 1 # delete from t',
  'select 1 /* into outfile */ + 1',
  'select 3 --1',
  'select "sleep", "sleep" in (1), `sleep`, "a""(b", "" from t',
  'with "cte" (a) as (select 1) select a, $b, b$$ from "cte"',
  'with a as (select 1 as n) select n from a',
]

describe('a text by the rules of MySQL', () => {
  test.each(attacks)('is refused: %s', text => {
    expect(() => assertOneSelect(text, 'mysql')).toThrow('SQL_NOT_SELECT')
  })
  test.each(harmless)('passes: %s', text => {
    expect(() => assertOneSelect(text, 'mysql')).not.toThrow()
  })
  test('control: by the rules of PostgreSQL some of it would pass', () => {
    const passing = attacks.filter(text => {
      try {
        assertOneSelect(text)
        return true
      } catch {
        return false
      }
    })
    expect(passing.length).toBeGreaterThan(4)
  })
})
