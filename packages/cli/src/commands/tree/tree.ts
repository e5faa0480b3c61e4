/**
 * `pillion tree`: trees in a table, installed, verified, mended, loaded, measured.
 *
 * @module
 */
import {
  adviseTree,
  describeAdvice,
  describeFault,
  describeStats,
  installDdl,
  installTree,
  type LoadProgress,
  loadTree,
  readTree,
  readTreeTable,
  rebuildTree,
  type TreeFault,
  type TreeModel,
  type TreeSession,
  treeModel,
  treeStats,
  uninstallDdl,
  uninstallTree,
  verifyTree,
} from 'pillion/tree'
import { UsageError } from '../../failure.js'
import { type ActionName, needed, type Options, parseOptions, treeHelp, urlOf } from './options.js'
import { openRows } from './rows.js'
import { withSession } from './session.js'

/** One action: the exit code. */
type Action = (session: TreeSession, options: Options, signal: AbortSignal) => Promise<number>

/** Runs the command; the exit code. */
export async function tree([name = '--help', ...rest]: readonly string[]): Promise<number> {
  if (name === '--help' || name === '-h') return help()
  if (!isAction(name)) throw UsageError(`there is no action ${name}`)
  const action = actions[name]
  const options = parseOptions(name, rest)
  if (options.help) return help()
  return withSession(await urlOf(options), (session, signal) => action(session, options, signal))
}

function help(): number {
  process.stdout.write(treeHelp)
  return 0
}

/** The tree that is to be: what the options say of a table. */
async function planned(session: TreeSession, options: Options, closure: string): Promise<TreeModel> {
  const table = await readTreeTable(session, needed(options, 'table', 'which table has the nodes'))
  if (options.parent === undefined) throw UsageError('say which column points to the parent: --parent')
  const name = await besideNodes(session, table.schema, closure)
  return treeModel(session.dialect, table, {
    parent: options.parent,
    closure: name,
    ...(options.key && { key: options.key }),
    ...(options.scope && { scope: options.scope }),
    ...(options.counts && { counts: true }),
    ...(options.references && { foreignKeys: true }),
    ...(options.serializable && { isolation: 'serializable' as const }),
  })
}

/** Links are in the schema of the nodes, whether that is said or not: by the name of another schema nobody would find them. */
async function besideNodes(session: TreeSession, schema: string, closure: string): Promise<string> {
  if (schema === '') return closure
  if (closure.startsWith(`${schema}.`)) return closure.slice(schema.length + 1)
  const [other = ''] = closure.split('.', 1)
  const [[there = null] = []] = await session.run('SELECT to_regnamespace(quote_ident($1))::text', [other])
  if (other !== closure && there !== null)
    throw UsageError(`the links are in the schema of the nodes, ${schema}: not in ${other}`)
  return closure
}

/** The tree that is there. */
function installed(session: TreeSession, options: Options): Promise<TreeModel> {
  return readTree(session, closureOf(options))
}

const closureOf = (options: Options): string => needed(options, 'closure', 'which table has the links')

const ddl: Action = async (session, options) => {
  const model = await planned(session, options, closureOf(options))
  const statements = options.down ? uninstallDdl(model) : installDdl(model)
  if (options.json) return report(options, statements, '')
  process.stdout.write(scripts[session.dialect](statements))
  return 0
}

const transaction = (statements: readonly string[]): string => `BEGIN;\n\n${statements.join(';\n\n')};\n\nCOMMIT;\n`

/** Statements as the database's own client takes them. */
const scripts: { readonly [dialect in TreeSession['dialect']]: (statements: readonly string[]) => string } = {
  postgres: transaction,
  // a statement with others inside ends where the next empty line begins: the client must not end it before
  mariadb: statements => `DELIMITER //\n\n${statements.join('\n//\n\n')}\n//\n\nDELIMITER ;\n`,
  // it would go on behind an error, and commit what is left
  sqlite: statements => `-- To be run whole or not at all: sqlite3 -bail <file>\n${transaction(statements)}`,
}

const install: Action = async (session, options) => {
  const model = await planned(session, options, closureOf(options))
  const done = await installTree(session, model)
  return report(
    options,
    { installed: done },
    done ? `installed ${model.links.name}` : `${model.links.name} is there already`,
  )
}

const uninstall: Action = async (session, options) => {
  const model = await installed(session, options)
  await uninstallTree(session, model)
  return report(options, { uninstalled: true }, `took ${model.links.name} away`)
}

const verify: Action = async (session, options) => {
  const model = await installed(session, options)
  const faults = await verifyTree(session, model)
  const right = faults.length === 0
  report(options, faults, right ? `every link of ${model.links.name} is right` : faults.map(describeFault).join('\n'))
  if (!right)
    tell(
      `${faults.length} faults${faults.some(isMendable) ? `; mend links with: pillion tree rebuild --closure ${closureOf(options)}` : ''}`,
    )
  return right ? 0 : 1
}

/** Others name their remedy themselves. */
const isMendable = ({ kind }: TreeFault): boolean => mendable.has(kind)

const mendable: ReadonlySet<TreeFault['kind']> = new Set(['missing', 'extra', 'twice', 'distance', 'count'])

const rebuild: Action = async (session, options) => {
  const model = await installed(session, options)
  const keys = model.scope.length + model.key.length
  if (options.below !== undefined && options.below.length !== keys)
    throw UsageError(`the key has ${keys} columns: give --below so often`)
  const { added, removed, corrected } = await rebuildTree(session, model, options.below ? { below: options.below } : {})
  return report(options, { added, removed, corrected }, `added ${added}, removed ${removed}, corrected ${corrected}`)
}

const load: Action = async (session, options, signal) => {
  const model = await installed(session, options)
  const { columns, rows } = await openRows(needed(options, 'from', 'which file has the rows'), signal)
  const batch = Number(options.batch ?? 1_000)
  if (!Number.isInteger(batch) || batch < 1) throw UsageError(`--batch is a number of rows, not ${options.batch}`)
  let brought = 0
  const show = progress()
  const onProgress = (at: LoadProgress): void => {
    brought = at.step === 'links' ? 0 : at.rows
    show(at)
  }
  const loaded = await loadTree(session, model, rows, { columns, batch, signal, onProgress }).catch(error => {
    if (brought > 0 && !signal.aborted) tell(whereFailed(brought))
    throw error
  })
  return report(options, { loaded }, `loaded ${loaded} rows`)
}

/** Of a constraint the database tells the name, and seldom the row. */
function whereFailed(brought: number): string {
  return `${brought.toLocaleString('en')} rows are loaded, and the batch behind them failed; --batch 1 finds its row`
}

const stats: Action = async (session, options) => {
  const found = await treeStats(session, await installed(session, options))
  return report(options, found, describeStats(found))
}

const advise: Action = async (session, options) => {
  const advice = await adviseTree(session, await planned(session, options, options.closure ?? 'pillion_advised'))
  return report(options, advice, describeAdvice(advice))
}

const actions: Readonly<Record<ActionName, Action>> = Object.freeze({
  ddl,
  install,
  verify,
  rebuild,
  load,
  stats,
  advise,
  uninstall,
})

const isAction = (name: string): name is ActionName => Object.hasOwn(actions, name)

/** Results go to stdout, so that they can be piped. */
function report(options: Options, result: unknown, text: string): number {
  process.stdout.write(`${options.json ? JSON.stringify(result, undefined, 2) : text}\n`)
  return 0
}

function tell(text: string): void {
  process.stderr.write(`${text}\n`)
}

/** A line that is written over, where somebody looks. */
function progress(): (at: LoadProgress) => void {
  return ({ step, rows }) => {
    if (step === 'resumed')
      return tell(`going on behind ${rows.toLocaleString('en')} rows of a load that was interrupted`)
    if (!process.stderr.isTTY) return
    const word =
      step === 'rows' ? 'rows loaded' : step === 'links' ? 'rows loaded; making links …' : 'rows loaded and linked'
    process.stderr.write(`\r\u001b[K${rows.toLocaleString('en')} ${word}${step === 'done' ? '\n' : ''}`)
  }
}
