import { expect, test } from 'vitest'
import { laidOut } from '../src/sql-layout.js'

test('breaks a statement at its clauses, its conditions and its subqueries', () => {
  const sql =
    `SELECT "a"."id", (SELECT count(*) FROM "b" WHERE "b"."a_id" = "a"."id" AND "b"."kind" = 'x, (y') AS "n" ` +
    `FROM "a" LEFT JOIN "c" ON "c"."id" = "a"."c_id" WHERE ("a"."x" IS DISTINCT FROM $1 OR "a"."y" > $2) ` +
    `AND EXISTS (SELECT 1 FROM "b" AS "b_2" WHERE "b_2"."a_id" = "a"."id" AND "b_2"."z" = $3) ORDER BY "a"."id" LIMIT 5`
  expect(laidOut(sql, 52)).toBe(`SELECT "a"."id",
  (
    SELECT count(*)
    FROM "b"
    WHERE "b"."a_id" = "a"."id"
      AND "b"."kind" = 'x, (y'
  ) AS "n"
FROM "a"
LEFT JOIN "c" ON "c"."id" = "a"."c_id"
WHERE ("a"."x" IS DISTINCT FROM $1 OR "a"."y" > $2)
  AND EXISTS (
    SELECT 1
    FROM "b" AS "b_2"
    WHERE "b_2"."a_id" = "a"."id" AND "b_2"."z" = $3
  )
ORDER BY "a"."id"
LIMIT 5`)
})

test('leaves alone what fits on a line', () => {
  expect(laidOut('SELECT  1 FROM "a"')).toBe('SELECT 1 FROM "a"')
})

test('changes nothing inside quotes', () => {
  const sql = `SELECT 'it''s  FROM here' AS "a  ""FROM"" b", ${'"column", '.repeat(20)} 1`
  expect(laidOut(sql)).toContain(`'it''s  FROM here'`)
  expect(laidOut(sql)).toContain(`"a  ""FROM"" b"`)
})
