/**
 * A catalogue as text: what generated files carry, so that queries can be written before anything connects.
 *
 * @module
 */
import { PillionError } from '../errors.js'
import type { Catalog, DialectName } from './model.js'

/** Of the text's form. Raised when the model changes so that older snapshots no longer fit it. */
const snapshotVersion = 1

const dialects: ReadonlySet<unknown> = new Set<DialectName>(['postgres', 'mysql', 'mariadb', 'sqlite'])

const lists = ['schemas', 'extensions', 'tables', 'types', 'sequences', 'routines'] as const
const tableLists = [
  'columns',
  'uniques',
  'foreignKeys',
  'checks',
  'exclusions',
  'indexes',
  'triggers',
  'policies',
  'relations',
] as const

/**
 * A catalogue as JSON with a line a column, a constraint, an index, so that its changes read well in a diff.
 * Equal catalogues give equal text.
 *
 * @example
 * ```ts
 * parseSnapshot(writeSnapshot(catalog))     // deep-equal to catalog
 * ```
 */
export function writeSnapshot(catalog: Catalog): string {
  return layOut({ pillion: snapshotVersion, ...catalog }, '')
}

/** The deepest things that get lines of their own: `tables` > a table > `columns` > a column. */
const deepest = 3

/** One line for what holds no objects, or lies deep; else a line a member. */
function layOut(value: unknown, indent: string): string {
  if (indent.length > deepest || !holdsObjects(value)) return JSON.stringify(value)
  const inner = `${indent} `
  const lines = Array.isArray(value)
    ? value.map(item => inner + layOut(item, inner))
    : Object.entries(value)
        .filter(([, member]) => member !== undefined)
        .map(([key, member]) => `${inner}${JSON.stringify(key)}: ${layOut(member, inner)}`)
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}']
  return `${open}\n${lines.join(',\n')}\n${indent}${close}`
}

/** A list of names counts as one thing. */
function holdsObjects(value: unknown): value is object {
  return isObject(value) && Object.values(value).some(item => isObject(item) && !isNames(item))
}

function isNames(value: unknown): boolean {
  return Array.isArray(value) && !value.some(isObject)
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

/**
 * A catalogue from its text, frozen through and through.
 *
 * @throws SNAPSHOT_INVALID when the text is damaged, or of another version of pillion.
 * @example
 * ```ts
 * const catalog = parseSnapshot(readFileSync('schema.json', 'utf8'))
 * ```
 */
export function parseSnapshot(text: string): Catalog {
  const parsed = parseJson(text)
  if (!isObject(parsed) || typeof parsed.pillion !== 'number') throw damaged('it is not a catalogue')
  const { pillion: version, ...catalog } = parsed
  if (version !== snapshotVersion)
    throw new PillionError(
      'SNAPSHOT_INVALID',
      `the snapshot is of version ${version}, this pillion reads version ${snapshotVersion}`,
      { hint: 'Run pillion reflect again with the pillion that is installed.' },
    )
  const fault = faultIn(catalog)
  if (fault !== undefined) throw damaged(fault)
  return freezeDeep(catalog) as unknown as Catalog
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw damaged('it is not JSON', cause)
  }
}

/**
 * That a catalogue is one, where no compiler has looked.
 *
 * @param option that it was given as, for the message
 * @throws SNAPSHOT_INVALID
 */
export function checkCatalog(catalog: unknown, option: string): void {
  const fault = isObject(catalog) ? faultIn(catalog) : 'it is no object'
  if (fault === undefined) return
  throw new PillionError('SNAPSHOT_INVALID', `${option} is no catalogue: ${fault}`, {
    hint: 'Give the catalog of a generated file or of a database; of a text, what parseSnapshot(text) gives.',
  })
}

function faultIn(catalog: Readonly<Record<string, unknown>>): string | undefined {
  if (!dialects.has(catalog.dialect)) return 'it names no dialect'
  const missing = lists.find(list => !Array.isArray(catalog[list]))
  return missing === undefined
    ? (catalog.tables as readonly unknown[]).map(faultInTable).find(fault => fault !== undefined)
    : `its ${missing} are missing`
}

function faultInTable(table: unknown): string | undefined {
  if (!isObject(table) || typeof table.id !== 'string') return 'a table has no id'
  const missing = tableLists.find(list => !Array.isArray(table[list]))
  return missing === undefined ? undefined : `${missing} are missing from table ${table.id}`
}

function damaged(what: string, cause?: unknown): PillionError {
  return new PillionError('SNAPSHOT_INVALID', `the snapshot is damaged: ${what}`, {
    hint: 'Run pillion reflect again; after a merge, take either side first.',
    cause,
  })
}

function freezeDeep<T>(value: T): T {
  if (!isObject(value)) return value
  Object.values(value).forEach(freezeDeep)
  return Object.freeze(value)
}
