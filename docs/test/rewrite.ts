/**
 * The SQL of the pages, written anew: `PILLION_DOCS=write npx vitest run docs` puts what is emitted now in place of what
 * a page says, to be read in the diff.
 *
 * @module
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Check, checkOf, onOneLine } from './check.js'

/** The checks of a page, save that of SQL, which is written into the page where it differs. */
export function rewritingCheckOf(page: string): Check & { readonly place: string } {
  const check = checkOf(page)
  const path = fileURLToPath(new URL(`../../${page}`, import.meta.url))
  return Object.assign(check, {
    sql(line: number, query: { toSQL(): { readonly sql: string } }, said: string) {
      const { sql } = query.toSQL()
      if (onOneLine(sql) === onOneLine(said)) return
      const lines = readFileSync(path, 'utf8').split('\n')
      const text = lines.slice(line - 1).join('\n')
      const rewritten = text.replace(`\`\`\`sql\n${said}\n`, () => `\`\`\`sql\n${layOut(sql)}\n`)
      writeFileSync(path, [...lines.slice(0, line - 1), rewritten].join('\n'))
    },
  })
}

const clauses =
  /^(UNION ALL|UNION|INTERSECT|EXCEPT|FROM|LEFT JOIN|CROSS JOIN|JOIN|WHERE|GROUP BY|HAVING|ORDER BY|LIMIT|OFFSET) /

/** A clause a line; subqueries that are long, further in. */
export function layOut(sql: string, margin = ''): string {
  let text = ''
  const width = () => text.length - text.lastIndexOf('\n') - 1
  for (let i = 0; i < sql.length; i++) {
    const rest = sql.slice(i + 1)
    if (sql[i] === '(') {
      const inside = sql.slice(i + 1, closing(sql, i))
      const isLong = /^(SELECT|LATERAL) ?/.test(inside) && width() + inside.length > 100
      text += isLong ? `(\n${margin}  ${layOut(inside, `${margin}  `)}\n${margin})` : `(${inside})`
      i += inside.length + 1
    } else if (sql[i] !== ' ') text += sql[i]
    else if (clauses.test(rest) && !/(LEFT|CROSS|DISTINCT)$/.test(text)) text += `\n${margin}`
    else if (/^\(?SELECT /.test(rest) && /(\)|UNION|ALL|INTERSECT|EXCEPT)$/.test(text)) text += `\n${margin}`
    else if (rest.startsWith('AND ') && /^ *(WHERE|AND) /.test(text.slice(text.lastIndexOf('\n') + 1)))
      text += `\n${margin}  `
    else if (text.endsWith(',') && width() > 70) text += `\n${margin}  `
    else text += ' '
  }
  return text
}

function closing(sql: string, opening: number): number {
  let depth = 0
  for (let i = opening; i < sql.length; i++) {
    if (sql[i] === '(') depth++
    if (sql[i] === ')' && --depth === 0) return i
  }
  return sql.length
}
