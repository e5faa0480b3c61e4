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

/** What the file itself uses, the parameters of each handle's type too. A table named `date` must not hide Date. */
const reserved = ['DB', 'Date', 'Uint8Array', 'Record', 'N', 'S']

/**
 * Names for all tables, then for all types, in the catalogue's order. A name that is taken falls to one with
 * the schema before it, then to a number behind it.
 */
export function declareNames({ tables, types }: Catalog): DeclaredNames {
  const taken = new Set(reserved)
  const claim = (name: string, schema: string, suffixes: readonly string[]): string => {
    const isFree = (candidate: string): boolean => suffixes.every(suffix => !taken.has(candidate + suffix))
    const chosen = choose(name, schema, isFree)
    for (const suffix of suffixes) taken.add(chosen + suffix)
    return chosen
  }
  return {
    tables: new Map(tables.map(({ id, key, schema }) => [id, claim(key, schema, ['', 'Row', 'Kind'])])),
    types: new Map(
      types
        .filter(({ type }) => type.kind === 'enum' || type.kind === 'composite')
        .map(({ id, type }) => [id, claim(type.name, type.schema ?? '', [''])]),
    ),
  }
}

function choose(name: string, schema: string, isFree: (candidate: string) => boolean): string {
  const qualified = pascalCase(`${schema}_${name}`)
  const found = [pascalCase(name), qualified].find(isFree)
  if (found !== undefined) return found
  let number = 2
  while (!isFree(`${qualified}${number}`)) number++
  return `${qualified}${number}`
}

/** `interview_comment` to `InterviewComment`; what cannot stand in a name is dropped. */
function pascalCase(name: string): string {
  const words = name.split(/[^\p{ID_Continue}$]+|_/u)
  const joined = words.map(word => word.slice(0, 1).toUpperCase() + word.slice(1)).join('')
  return /^[\p{ID_Start}$]/u.test(joined) ? joined : `Table${joined}`
}
