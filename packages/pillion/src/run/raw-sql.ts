/**
 * Is a text exactly one SELECT? The guard in front of `db.sql`.
 *
 * @module
 */
import { PillionError } from '../errors.js'
import type { Host } from './host.js'
import { effectfulInMysql, effectsInMysql, readAsPostgres } from './mysql-sql.js'
import { openingAround, type Token, tokens } from './sql-tokens.js'

/** By whose rules a text is read. */
type Family = Host['dialect']

/**
 * Refuses a text that is not exactly one `SELECT`, `WITH … SELECT`, `VALUES` or `TABLE`, that has data-modifying CTEs,
 * `INTO` or row locks, or that calls a function of PostgreSQL's or of its usual extensions known to do more than read.
 *
 * This is one layer of four, and it errs on the side of refusing: a column named `delete` must be quoted. It does not
 * know your own functions, operators and casts, and a volatile one may write. What does know is the server: run such
 * text on a role that may only SELECT, in a READ ONLY transaction where you can. That several statements in one text
 * never run is seen to by the extended protocol, too, which all statements here are sent by.
 *
 * ```ts
 * assertOneSelect('select 1')                                        // passes
 * assertOneSelect('with d as (delete from t returning *) select 1')  // SQL_NOT_SELECT
 * ```
 *
 * @param family by whose rules it is read: a string ends elsewhere in MySQL, and some comments are executed there.
 * @throws PillionError `SQL_NOT_SELECT`, saying what was found and where.
 */
export function assertOneSelect(text: string, family: Family = 'postgres'): void {
  const found = firstObjection(tokensOf(text, family), family)
  if (found !== undefined) throw notSelect(found, text)
}

function tokensOf(text: string, family: Family): readonly Token[] {
  const end = text.indexOf('\0')
  if (end >= 0) throw notSelect(`The character U+0000 would end it, at character ${end + 1}.`, text)
  const plain = family === 'mysql' ? readAsPostgres(text) : { text }
  if ('unreadable' in plain) throw notSelect(plain.unreadable, text)
  const effect = effects[family]?.exec(plain.text) ?? null
  if (effect !== null) throw notSelect(`It does more than read, at character ${effect.index + 1}.`, text)
  const read = tokens(plain.text)
  if ('unreadable' in read) throw notSelect(read.unreadable, text)
  return read
}

/**
 * In SQLite, what writes or loads code though the library calls it read-only: its own word for that is all that guards it
 * otherwise. Looked for in the whole text, for it has rules of its own for where strings and comments end, and a string in FROM
 * is a name.
 */
const effects: { readonly [family in Family]?: RegExp } = {
  mysql: effectsInMysql,
  sqlite: /\bpragma_optimize\b|\b(?:optimize|fts3_tokenizer|load_extension)["`\]]?\s*(?:\(|--|\/\*)/i,
}

/**
 * Refuses a text that is not exactly one statement that reads or writes rows: nothing begins, ends, sets or defines, also
 * by INTO or by a function. A setting or a lock of the session would be there for whoever has the connection next.
 *
 * @throws PillionError `SQL_NOT_SELECT`, saying what was found.
 */
export function assertOneOfRows(text: string, family: Family = 'postgres'): void {
  const read = tokensOf(text, family)
  const first = read.find(token => !isMark(token, '('))
  if (first?.kind !== 'word' || !(beginnings.has(first.text) || changing.has(first.text))) {
    throw notSelect('It neither reads nor writes rows.', text)
  }
  const end = read.findLastIndex(token => !isMark(token, ';'))
  if (read.slice(0, end).some(token => isMark(token, ';'))) throw notSelect('There is a second statement.', text)
  const into = read.find(
    (token, i) => isWord(token, 'into') && !isMember(token, read[i - 1]) && !intoRows(read, i, family),
  )
  if (into !== undefined) throw notSelect(`A SELECT has INTO, at character ${into.at + 1}.`, text)
  const call = read.find((token, i) => callsForMore(token, read[i + 1], family) && !isTarget(read, i))
  if (call !== undefined) throw notSelect(`It calls ${call.text}(), at character ${call.at + 1}.`, text)
}

/** What rows are numbered by is written with them. All else of what does more than read does more than write rows, too. */
const ofSequences = new Set(['nextval', 'setval'])

function callsForMore(token: Token, after: Token | undefined, family: Family): boolean {
  return !ofSequences.has(token.text) && calls(token, after, family)
}

/** The table that rows go to, with its columns behind it, looks like a call: `INSERT INTO public.http_log (id)`. */
function isTarget(read: readonly Token[], at: number): boolean {
  let first = at
  while (isMark(read[first - 1], '.')) first -= 2
  const before = read[first - 1]
  return before !== undefined && isWord(before, 'into')
}

/** Behind these, where a statement begins, INTO names the table that rows go to; elsewhere it makes a table, a file or a variable. */
const beforeInto: { readonly [family in Family]: RegExp } = {
  postgres: /^(?:insert|merge)$/,
  mysql: /^(?:insert|replace)(?: (?:low_priority|high_priority|delayed|ignore))*$/,
  sqlite: /^(?:replace|insert(?: or [a-z]+)?)$/,
}

// any of these words may be the alias of a column, too
function intoRows(read: readonly Token[], at: number, family: Family): boolean {
  const { words, before } = wordsUpTo(read, at)
  if (!beforeInto[family].test(words)) return false
  return before < 0 || isMark(read[before], '(') || (isMark(read[before], ')') && closesCte(read, before))
}

/** Does the parenthesis close a CTE: what it opens with stands behind `AS`, perhaps `MATERIALIZED`? */
function closesCte(read: readonly Token[], at: number): boolean {
  const { words, before } = wordsUpTo(read, openingAround(read, at))
  return /(?:^| )as(?:(?: not)? materialized)?$/.test(words) && !isMark(read[before], '.')
}

/** The words that stand before a token with nothing between, and where what is before them is. */
function wordsUpTo(read: readonly Token[], at: number): { readonly words: string; readonly before: number } {
  const before = read.findLastIndex(({ kind }, i) => i < at && kind !== 'word')
  const words = read.slice(before + 1, Math.max(at, 0)).map(({ text }) => text)
  return { words: words.join(' '), before }
}

function isWord(token: Token, text: string): boolean {
  return token.kind === 'word' && token.text === text
}

const changing = new Set(['insert', 'update', 'delete', 'merge', 'replace'])

function firstObjection(read: readonly Token[], family: Family): string | undefined {
  const first = read.find(token => !isMark(token, '('))
  if (first?.kind !== 'word' || !beginnings.has(first.text)) return 'It does not begin as a SELECT.'
  const end = read.findLastIndex(token => !isMark(token, ';'))
  for (let i = 0; i <= end; i++) {
    const objection = objectionTo(read[i] as Token, read[i - 1], read[i + 1], family)
    if (objection !== undefined) return `${objection}, at character ${(read[i] as Token).at + 1}.`
  }
  return undefined
}

const beginnings = new Set(['select', 'with', 'values', 'table'])
const writing = new Set(['insert', 'update', 'delete', 'merge', 'into'])
const locking = new Set(['update', 'share', 'no', 'key'])

function objectionTo(
  token: Token,
  before: Token | undefined,
  after: Token | undefined,
  family: Family,
): string | undefined {
  if (isMark(token, ';')) return 'There is a second statement'
  if (token.kind === 'word') {
    // After a dot it names a column, and nowhere else can it be told from the keyword without a parser.
    if (writing.has(token.text) && !isMember(token, before)) return `It has ${token.text.toUpperCase()}`
    if (token.text === 'for' && after?.kind === 'word' && locking.has(after.text)) return 'It locks rows'
  }
  return calls(token, after, family) ? `It calls ${token.text}()` : undefined
}

function calls({ kind, text }: Token, after: Token | undefined, family: Family): boolean {
  return (kind === 'word' || kind === 'quoted') && isMark(after, '(') && isEffectful(text, family)
}

/** Is it named right after a dot? One further on, the dot may be the end of a name: of MySQL's variable `@a.` */
function isMember({ at }: Token, before: Token | undefined): boolean {
  return isMark(before, '.') && before?.at === at - 1
}

function isMark(token: Token | undefined, mark: string): boolean {
  return token?.kind === 'mark' && token.text === mark
}

/** Functions that write, lock, wait, reach outside the database, or run SQL that they are given as text. */
function isEffectful(called: string, family: Family): boolean {
  // quotes keep no case there
  const name = family === 'mysql' ? called.toLowerCase() : called
  if (family === 'mysql' && effectfulInMysql.has(name)) return true
  return effectful.has(name) || effectfulPrefixes.test(name)
}

const effectful = new Set([
  // settings, sequences, signals
  'set_config',
  'setseed',
  'nextval',
  'setval',
  'pg_notify',
  'pg_cancel_backend',
  'pg_terminate_backend',
  'pg_reload_conf',
  'pg_rotate_logfile',
  'pg_rotate_logfile_old',
  'pg_promote',
  'pg_nextoid',
  'pg_export_snapshot',
  'pg_import_system_collations',
  'pg_extension_config_dump',
  // SQL given as text
  'query_to_xml',
  'query_to_xmlschema',
  'query_to_xml_and_xmlschema',
  'cursor_to_xml',
  'cursor_to_xmlschema',
  'ts_stat',
  'ts_rewrite',
  'connectby',
  'xpath_table',
  // large objects, indexes, storage
  'loread',
  'lowrite',
  'lo_manage',
  'gin_clean_pending_list',
  'pg_prewarm',
  'autoprewarm_start_worker',
  'autoprewarm_dump_now',
  'pg_truncate_visibility_map',
  'pg_stat_file',
  // backup and the write-ahead log
  'pg_switch_wal',
  'pg_switch_xlog',
  'pg_start_backup',
  'pg_stop_backup',
  'pg_backup_start',
  'pg_backup_stop',
  'pg_logical_emit_message',
  'pg_sync_replication_slots',
  'pg_stat_statements_reset',
])

const effectfulPrefixes = new RegExp(
  `^(${[
    'pg_sleep',
    'pg_advisory_',
    'pg_try_advisory_',
    'pg_read_',
    'pg_ls_',
    'pg_file_',
    'pg_log_',
    'pg_logdir_',
    'pg_stat_reset',
    'pg_create_',
    'pg_drop_',
    'pg_copy_',
    'pg_replication_',
    'pg_logical_slot_',
    'pg_wal_replay_',
    'pg_xlog_replay_',
    'pg_restore_',
    'pg_clear_',
    'pg_buffercache_evict',
    'pg_buffercache_mark',
    'binary_upgrade_',
    'brin_summarize_',
    'brin_desummarize_',
    'heap_force_',
    'lo_',
    'dblink',
    'crosstab',
    'postgres_fdw_disconnect',
    'http',
  ].join('|')})`,
)

function notSelect(reason: string, sql: string): PillionError {
  return new PillionError('SQL_NOT_SELECT', `The text is not one plain SELECT. ${reason}`, {
    sql,
    hint: 'Only reading is done here. Quote an identifier that is spelled like a keyword; send writes through the host.',
  })
}
