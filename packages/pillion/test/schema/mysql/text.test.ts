import { describe, expect, it } from 'vitest'
import {
  bare,
  quoteLiteral,
  quoteName,
  storedExpression,
  unescaped,
  withoutDatabase,
} from '../../../src/schema/mysql/text.js'

describe('the text of MySQL', () => {
  const tables = new Set(['user', 'app'])
  const portable = (sql: string): string => withoutDatabase(sql, 'app', name => tables.has(name))

  it.each([
    ['select `app`.`user`.`id` AS `id` from `app`.`user`', 'select `user`.`id` AS `id` from `user`'],
    // a table that is called as its database
    ['select `app`.`app`.`id` AS `id` from `app`.`app`', 'select `app`.`id` AS `id` from `app`'],
    // an alias that is called as the database: what follows is a column
    ['select `app`.`id` AS `id` from `app`.`user` `app`', 'select `app`.`id` AS `id` from `user` `app`'],
    ['select `app`.`f`(`u`.`id`) AS `x` from `app`.`user` `u`', 'select `f`(`u`.`id`) AS `x` from `user` `u`'],
    ["select 'in `app`.`user`' AS `x` from `other`.`user`", "select 'in `app`.`user`' AS `x` from `other`.`user`"],
    ["select 'it''s \\'`app`.`user`' AS `x`,`app`.`user`.`a`", "select 'it''s \\'`app`.`user`' AS `x`,`user`.`a`"],
    ['nextval(`app`.`user`)', 'nextval(`user`)'],
    ['select 1 AS `1`', 'select 1 AS `1`'],
  ])('%s loses the name of the database', (sql, expected) => {
    expect(portable(sql)).toBe(expected)
  })

  it('keeps all of it where there is no database', () => {
    expect(withoutDatabase('select `app`.`user`.`id`', undefined, () => true)).toBe('select `app`.`user`.`id`')
  })

  it.each([
    ['(`a` + 1)', '`a` + 1'],
    ['(`a`) + (`b`)', '(`a`) + (`b`)'],
    ["(')' = `a`)", "')' = `a`"],
    ['((`a`) + (`b`))', '(`a`) + (`b`)'],
    ['`a`', '`a`'],
  ])('%s is bare as %s', (expression, expected) => {
    expect(bare(expression)).toBe(expected)
  })

  it('is unescaped once, as the catalogue of MySQL 8 escapes it', () => {
    expect(unescaped(String.raw`(\`a\` = _utf8mb4\'it\\\'s\')`)).toBe(
      String.raw`(\`a\` = _utf8mb4'it\'s')`.replaceAll('\\`', '`'),
    )
    expect(unescaped(String.raw`_utf8mb4\'a\nb\'`)).toBe("_utf8mb4'a\nb'")
  })

  it.each([
    ['(`a` + 1)', '`a` + 1'],
    ["concat(`Ã¼`,_utf8mb4\\'itâ\u0082¬\\\\\\'s\\')", "concat(`ü`,_utf8mb4'it€\\'s')"],
    // of a server that shows characters, not bytes
    ["_utf8mb4\\'ü€\\'", "_utf8mb4'ü€'"],
  ])('%s is the expression %s', (shown, expression) => {
    expect(storedExpression(shown)).toBe(expression)
  })

  it('is quoted', () => {
    expect(quoteName('a`b')).toBe('`a``b`')
    expect(quoteLiteral("it's \\")).toBe("'it''s \\\\'")
  })
})
