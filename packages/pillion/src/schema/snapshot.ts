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
  checkShape(catalog)
  return freezeDeep(catalog) as unknown as Catalog
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw damaged('it is not JSON', cause)
  }
}

function checkShape(catalog: Readonly<Record<string, unknown>>): void {
  if (!dialects.has(catalog.dialect)) throw damaged('it names no dialect')
  for (const list of lists) if (!Array.isArray(catalog[list])) throw damaged(`its ${list} are missing`)
  for (const table of catalog.tables as readonly unknown[]) {
    if (!isObject(table) || typeof table.id !== 'string') throw damaged('a table has no id')
    for (const list of tableLists)
      if (!Array.isArray(table[list])) throw damaged(`${list} are missing from table ${table.id}`)
  }
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
