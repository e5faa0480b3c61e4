/**
 * MySQL's lexical rules, as far as they differ from PostgreSQL's in where strings, identifiers and comments begin and end:
 * a text is written anew so that it reads the same by both, each character in its place.
 *
 * @module
 */

const lexeme =
  /(?<string>'(?:[^'\\]|'')*')|(?<name>`(?:[^`]|``)*`|"(?:[^"\\]|"")*")|(?<executed>\/\*M?!)|(?<comment>\/\*(?:[^*]|\*(?!\/))*\*\/|#[^\n]*|--(?=[\s\p{Cc}]|$)[^\n]*)|(?<minus>--)|(?<dollar>(?<![\w$\x80-\uffff])\$)|(?<rest>[^'"`\\])/guy

/** The text as it reads to PostgreSQL; or why it cannot be told for certain. */
export function readAsPostgres(text: string): { readonly text: string } | { readonly unreadable: string } {
  let read = ''
  lexeme.lastIndex = 0
  for (let at = 0; at < text.length; at = lexeme.lastIndex) {
    lexeme.lastIndex = at
    const found = lexeme.exec(text)
    // with NO_BACKSLASH_ESCAPES a backslash means itself: where a string ends would hang on a setting
    if (found === null) return unreadable('A backslash, or something that is not closed', at)
    const { string, name, executed, comment, minus, dollar } = found.groups ?? {}
    const [whole] = found
    if (executed !== undefined) return unreadable('What stands in this comment is executed', at)
    if (string !== undefined) read += `'${' '.repeat(whole.length - 2)}'`
    // a text in double quotes is a name with ANSI_QUOTES, and for what is asked here it may be read as one
    else if (name !== undefined) read += `"${whole.slice(1, -1).replace(/\W/g, '_')}"`
    else if (comment !== undefined) read += ' '.repeat(whole.length)
    // to MySQL no comment: it subtracts what is subtracted from nothing
    else if (minus !== undefined) read += '+-'
    // to MySQL it begins a name, and no string
    else if (dollar !== undefined) read += '_'
    else read += whole
  }
  return { text: read }
}

function unreadable(reason: string, at: number): { readonly unreadable: string } {
  return { unreadable: `${reason}, at character ${at + 1}.` }
}

/** Functions that set, lock, wait, or reach outside the database. */
export const effectfulInMysql: ReadonlySet<string> = new Set([
  'sleep',
  'benchmark',
  'get_lock',
  'release_lock',
  'release_all_locks',
  'load_file',
  'last_insert_id',
  'nextval',
  'setval',
  'master_pos_wait',
  'master_gtid_wait',
  'source_pos_wait',
  'wait_for_executed_gtid_set',
])

/** What is said by words and marks rather than by a function: a lock, an assignment, the next number of a sequence. */
export const effectsInMysql = /\block\s+in\s+share\b|:=|\bnext\s+value\s+for\b/i
