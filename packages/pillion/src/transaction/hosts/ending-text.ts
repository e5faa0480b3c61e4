/**
 * Statements that end a transaction in the server, told by their text: for hosts that tell nothing afterwards.
 *
 * @module
 */
import { PillionError } from '../../errors.js'
import { isObject } from '../../hosts/shape.js'
import { readAsPostgres } from '../../run/mysql-sql.js'
import { type Token, tokens } from '../../run/sql-tokens.js'
import type { Dialect } from '../transactor.js'

/** The first words of those statements. Going back to a savepoint ends nothing. */
const endings: { readonly [dialect in Dialect]: RegExp } = {
  postgres: /^(?:commit|end|abort|rollback(?!(?: work| transaction)? to\b)|prepare transaction)\b/,
  sqlite: /^(?:commit|end|rollback(?!(?: transaction)? to\b))\b/,
  // MySQL and MariaDB commit by themselves before what defines something, and before what is for administrators
  mysql: new RegExp(
    `^(?:${[
      'commit',
      'rollback(?!(?: work)? to\\b)',
      'begin',
      'start',
      'stop',
      'alter',
      'create(?!(?: or replace)? temporary)',
      'drop(?! temporary| prepare)',
      'truncate',
      'rename',
      'grant',
      'revoke',
      'lock',
      'unlock',
      '(?:analyze|optimize|check|repair)(?: local| no_write_to_binlog)? tables?',
      'cache index',
      'load index',
      'flush',
      'reset',
      'install',
      'uninstall',
      'change',
      'set password',
      'set (?:.* )?autocommit',
      'xa',
    ].join('|')})\\b`,
  ),
}

/**
 * What else MySQL and MariaDB are asked, and ends nothing. CALL, EXECUTE, a compound statement may run anything; so may what is
 * new to this list.
 */
const endingNothing =
  /^(?:· )*(?:select|insert|update|delete|replace|with|values|table|do|set(?! statement)|show|explain|describe|desc|analyze|use|savepoint|release|rollback|handler|help|prepare|deallocate|drop|create|load|kill|signal|resignal|get|binlog|·|$)(?:\b| |$)/

/** A comment that they execute. */
const executed = /\/\*M?!/

/** Begins so and is one: nothing in it has to be looked at. */
const plain = /^\s*(?:select|insert|update|delete|with|savepoint|release)\b[^;]*$/i

/**
 * Refuses a text that would end the transaction: what comes next would be committed alone. A text that cannot be read for certain is
 * left to the server.
 *
 * @param asked a text, a template's strings, or what has one of them as `sql`, `text` or `strings`
 * @throws PillionError `TRANSACTION_UNSUPPORTED`
 */
export function refuseEnding(asked: unknown, dialect: Dialect): void {
  const text = textOf(asked)
  if (text === undefined || plain.test(text)) return
  const ending = beginnings(text, dialect)
    .map(words => endings[dialect].exec(words)?.[0])
    .find(found => found !== undefined)
  if (ending === undefined) return
  throw new PillionError(
    'TRANSACTION_UNSUPPORTED',
    `${ending.toUpperCase()} in a statement of the work's own would end a transaction of pillion's in the server. It was not sent.`,
    {
      hint:
        dialect === 'mysql'
          ? 'Leave COMMIT and ROLLBACK to pillion. What defines something commits by itself there: send it outside of transactions.'
          : 'Leave COMMIT and ROLLBACK to pillion: let the work end, or fail.',
    },
  )
}

/** May it end the transaction of MySQL's or MariaDB's, though its text does not tell? Of what {@link refuseEnding} lets through. */
export function mayHideEnding(asked: unknown): boolean {
  const text = textOf(asked)
  if (text === undefined || plain.test(text)) return false
  const read = beginnings(text, 'mysql')
  return executed.test(text) || read.length === 0 || !read.every(words => endingNothing.test(words))
}

function textOf(asked: unknown): string | undefined {
  if (typeof asked === 'string') return asked
  if (Array.isArray(asked)) return asked.join('?')
  if (!isObject(asked)) return undefined
  const { sql, text, strings } = asked as {
    readonly sql?: unknown
    readonly text?: unknown
    readonly strings?: unknown
  }
  return textOf(sql ?? text ?? strings)
}

/** The words that each of its statements begins with. */
function beginnings(text: string, dialect: Dialect): readonly string[] {
  const read = dialect === 'mysql' ? readAsPostgres(text) : { text }
  const found = 'unreadable' in read ? read : tokens(read.text)
  if ('unreadable' in found) return []
  const statements: Token[][] = [[]]
  for (const token of found) {
    if (token.text === ';' && token.kind === 'mark') statements.push([])
    else statements.at(-1)?.push(token)
  }
  return statements.map(statement => statement.map(({ kind, text: word }) => (kind === 'word' ? word : '·')).join(' '))
}
