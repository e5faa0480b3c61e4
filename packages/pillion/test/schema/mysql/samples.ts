/** Schemas to load: a server's torture schema, and other people's where they are at hand. */
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { skipAloud } from '../../../../../test/support/skip.js'
import type { TestedServer } from './servers.js'

const data = fileURLToPath(new URL('../../../../../../shared/data/', import.meta.url))

export interface Sample {
  readonly name: string
  readonly statements: readonly string[]
}

/** Other people's, which both servers take. */
export const others: readonly Sample[] = [
  ...fromFile('sakila', 'sakila/mysql-schema.sql'),
  ...fromFile('chinook', 'chinook/chinook-mysql.sql'),
]

export const samplesOf = ({ torture }: TestedServer): readonly Sample[] => [
  { name: 'torture', statements: torture },
  ...others,
]

function fromFile(name: string, path: string): readonly Sample[] {
  const file = existsSync(data + path) ? data + path : undefined
  const lacking = skipAloud(`${name} for MySQL`, file, 'put it beside the repository')
  return lacking || file === undefined
    ? []
    : [{ name, statements: statementsOf(readFileSync(file, 'utf8').replaceAll(`${name}.`, '')) }]
}

/** Without rows, and with no database of its own. A script for the client says by DELIMITER where statements end. */
function statementsOf(script: string): readonly string[] {
  let sign = ';'
  let statement = ''
  const statements: string[] = []
  for (const line of script.replace(/\/\*[^]*?\*\//g, '').split('\n')) {
    const delimiter = /^DELIMITER (\S+)/.exec(line)?.[1]
    if (delimiter !== undefined) sign = delimiter
    else if (!/^\s*(--.*)?$/.test(line)) statement += `${line.replace(/ -- .*/, '')}\n`
    if (!statement.trimEnd().endsWith(sign)) continue
    statements.push(statement.trimEnd().slice(0, -sign.length))
    statement = ''
  }
  return statements.filter(
    each => !/^\s*(USE|DROP|INSERT|CREATE (SCHEMA|DATABASE)|SET @OLD|SET SQL_MODE=@OLD|SET \S+=@OLD)\b/i.test(each),
  )
}
