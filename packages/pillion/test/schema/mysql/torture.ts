/** The statements of the torture schemas, in order. */
import { readFileSync } from 'node:fs'

/** Statements end with a semicolon at the end of a line. */
export const statementsIn = (script: string): readonly string[] =>
  script
    .replace(/^--.*$/gm, '')
    .split(/;\n/)
    .map(statement => statement.trim())
    .filter(statement => statement !== '')

const read = (file: string): readonly string[] => statementsIn(readFileSync(new URL(file, import.meta.url), 'utf8'))

export const tortureOfMariadb = read('./torture-mariadb.sql')
export const tortureOfMysql = read('./torture-mysql.sql')
