import { expect, test } from 'vitest'
import { rewriteMarks } from '../../src/run/mysql-marks.js'

const marked = (text: string, count: number): string =>
  rewriteMarks(text, count, ({ nth, isReckoned }) => `<${nth}${isReckoned ? ' reckoned' : ''}>`)

test.each([
  ['select ?, b in (?, ?)', 3, 'select <0>, b in (<1>, <2>)'],
  ['a + ? = ? div b and -? < c', 3, 'a + <0 reckoned> = <1 reckoned> div b and -<2 reckoned> < c'],
  [`'?' "?" \`?\` ? /* ? */ -- ?\n? # ?`, 2, `'?' "?" \`?\` <0> /* ? */ -- ?\n<1> # ?`],
  ['a = ? limit ? offset ?', 3, 'a = <0> limit ? offset ?'],
  ['a = ? limit ?, ?', 3, 'a = <0> limit ?, ?'],
  ['a = ? limit 5, ?', 2, 'a = <0> limit 5, ?'],
  ['a = ? offset ? rows fetch first ? row only', 3, 'a = <0> offset ? rows fetch first ? row only'],
  ['(rows between ? preceding and ? following), ?', 3, '(rows between ? preceding and ? following), <2>'],
  ['lag(f(a, ?), ?) nth_value(a, ?) ntile(?) f(?)', 5, 'lag(f(a, <0>), ?) nth_value(a, ?) ntile(?) f(<4>)'],
])('marks of %s', (text, count, expected) => {
  expect(marked(text, count)).toBe(expected)
})

test.each([
  ['select ?', 2],
  ['select ?, ?', 1],
  ["select ? 'not closed", 1],
  ['select ? /*! and executed */', 1],
])('%s stays as it is, with %d values', (text, count) => {
  expect(marked(text, count)).toBe(text)
})
