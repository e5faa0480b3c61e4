/** The statements of the torture schema, in order. */
import { readFileSync } from 'node:fs'

/** Statements end with a semicolon at the end of a line. */
export const statementsIn = (script: string): readonly string[] =>
  script
    .replace(/^--.*$/gm, '')
    .split(/;\n/)
    .map(statement => statement.trim())
    .filter(statement => statement !== '')

export const torture = statementsIn(readFileSync(new URL('./torture.sql', import.meta.url), 'utf8'))
