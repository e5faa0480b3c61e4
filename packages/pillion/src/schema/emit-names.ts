/**
 * The names that a generated file declares, chosen so that none meets another.
 *
 * @module
 */
import type { Catalog } from './model.js'

/** Declared names by id: of tables the handle's interface, of enumerations and row types the alias. */
export interface DeclaredNames {
  readonly tables: ReadonlyMap<string, string>
  readonly types: ReadonlyMap<string, string>
}

/** What the file itself uses. A table named `date` must not hide Date. */
const reserved = ['DB', 'Date', 'Uint8Array', 'Record']

/**
 * Names for all tables, then for all types, in the catalogue's order. A name that is taken falls to one with
 * the schema before it, then to a number behind it.
 */
export function declareNames(catalog: Catalog): DeclaredNames {
  const taken = new Set(reserved)
  const claim = (candidates: Iterable<string>, suffixes: readonly string[]): string => {
    for (const name of candidates) {
      const declared = suffixes.map(suffix => name + suffix)
      if (declared.some(each => taken.has(each))) continue
      declared.forEach(each => void taken.add(each))
      return name
    }
    throw new RangeError('endless')
  }
  const tables = catalog.tables.map(({ id, key, schema }) => {
    return [id, claim(candidates(key, schema), ['', 'Row', 'Kind'])] as const
  })
  const types = catalog.types
    .filter(({ type }) => type.kind === 'enum' || type.kind === 'composite')
    .map(({ id, type }) => [id, claim(candidates(type.name, type.schema ?? ''), [''])] as const)
  return { tables: new Map(tables), types: new Map(types) }
}

function* candidates(name: string, schema: string): Iterable<string> {
  yield pascalCase(name)
  const qualified = pascalCase(`${schema}_${name}`)
  yield qualified
  for (let number = 2; ; number++) yield `${qualified}${number}`
}

/** `interview_comment` to `InterviewComment`; what cannot stand in a name is dropped. */
function pascalCase(name: string): string {
  const words = name.split(/[^\p{ID_Continue}$]+|_/u)
  const joined = words.map(word => word.slice(0, 1).toUpperCase() + word.slice(1)).join('')
  return /^[\p{ID_Start}$]/u.test(joined) ? joined : `Table${joined}`
}
