/**
 * What `pillion tree` can be told, and how it says so.
 *
 * @module
 */
import { optionsIn } from '../../command-line.js'
import { readConfig } from '../../config.js'
import { UsageError } from '../../failure.js'

export const treeHelp = `Usage: pillion tree <action> [options]

Keeps, in a table of links, what is above and below every row of a tree. Triggers keep the links right, whoever writes.

Actions:
  ddl        print the SQL that installs it, for your own migrations; with --down what takes it away
  install    install it, whole or not at all; rows that are there are linked
  verify     compare every link with the pointers; exit 1 and name all that is wrong
  rebuild    mend what is wrong, of the whole or --below a node
  load       bring rows from a file, with the links made at the end; again to go on where it stopped
  stats      draw how deep the tree is and how many children nodes have
  advise     measure counts and rows on the table itself, with links and without
  uninstall  take it away; the rows of the tree stay

Options:
  --url <url>          the database: postgres://…, mysql://…, sqlite:file (default: url of the configuration, or else
                       $DATABASE_URL)
  --config <file>      the configuration (default: pillion.config.ts, .mts, .cts, .js, .mjs or .cjs)
  --table <name>       the table with the nodes: ddl, install, advise
  --parent <column>    the column that points to the parent; may be repeated for a key of several
  --closure <name>     the table of links; a tree that is installed needs no more than this
  --key <column>       the key that is pointed to; may be repeated (default: the primary key)
  --scope <column>     a column of key and pointer both, as a tenant's (default: found)
  --counts             keep the number of descendants too
  --references         foreign keys from the links to the nodes
  --serializable       PostgreSQL: all writers run at SERIALIZABLE
  --down               ddl: what takes it away
  --below <key>        rebuild: the node to begin at; may be repeated for a key of several columns
  --from <file>        load: CSV with a header, or JSON a line; - for stdin
  --batch <rows>       load: rows a statement (default: 1000)
  --json               print the result as JSON
  --help               show this

Examples:
  pillion tree advise --table node --parent parent_id
  pillion tree ddl --table node --parent parent_id --closure node_link > up.sql
  pillion tree install --table node --parent parent_id --closure node_link
  pillion tree verify --closure node_link               # in CI: exit 1 when a link is wrong
  pillion tree rebuild --closure node_link --below 17
  pillion tree load --closure node_link --from nodes.csv
  pillion tree stats --closure node_link

Exit codes: 0 done, 1 something is wrong with the tree, 2 wrong usage, 3 cannot connect, 4 any other failure,
129, 130, 143 ended by SIGHUP, SIGINT (Ctrl-C), SIGTERM: statements under way are stopped, what was begun is undone.
`

const optionTypes = {
  url: { type: 'string' },
  config: { type: 'string' },
  table: { type: 'string' },
  parent: { type: 'string', multiple: true },
  closure: { type: 'string' },
  key: { type: 'string', multiple: true },
  scope: { type: 'string', multiple: true },
  counts: { type: 'boolean' },
  references: { type: 'boolean' },
  serializable: { type: 'boolean' },
  down: { type: 'boolean' },
  below: { type: 'string', multiple: true },
  from: { type: 'string' },
  batch: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const

export type Options = ReturnType<typeof optionsIn<typeof optionTypes>>

type Option = keyof typeof optionTypes

const always: readonly Option[] = ['url', 'config', 'json', 'help']
/** What a tree that is to be is told by. */
const plan: readonly Option[] = ['table', 'parent', 'closure', 'key', 'scope', 'counts', 'references', 'serializable']

/** What each action can be told: an option that it did not look at would be taken for heard. */
const taken = {
  ddl: [...plan, 'down'],
  install: plan,
  verify: ['closure'],
  rebuild: ['closure', 'below'],
  load: ['closure', 'from', 'batch'],
  stats: ['closure'],
  advise: plan,
  uninstall: ['closure'],
} as const satisfies Readonly<Record<string, readonly Option[]>>

export type ActionName = keyof typeof taken

/** Takes the command line of an action apart; exit code 2 for what it cannot mean. */
export function parseOptions(action: ActionName, args: readonly string[]): Options {
  const options = optionsIn(args, optionTypes)
  const known: readonly string[] = [...always, ...taken[action]]
  const other = Object.keys(options).find(name => !known.includes(name))
  if (other !== undefined) throw UsageError(`tree ${action} takes no --${other}`)
  return options
}

/** A value that the action cannot do without. */
export function needed<K extends 'table' | 'closure' | 'from'>(options: Options, name: K, why: string): string {
  const value = options[name]
  if (value !== undefined && value !== '') return value
  throw UsageError(`say ${why}: --${name}`)
}

/** The database to work on. A host of the configuration lends no connection of one's own, which trees are kept by. */
export async function urlOf({ url, config }: Options): Promise<string> {
  const told = url ?? (await readConfig(config)).url ?? process.env.DATABASE_URL
  if (told !== undefined && told !== '') return told
  throw UsageError('say which database: --url, url in pillion.config.ts, or DATABASE_URL in the environment')
}
