/**
 * The pieces that the functions are put together from: names of columns and variables, and what stands around a body.
 *
 * @module
 */
import type { TreeModel } from '../../model.js'
import { dollars, letters, list, named, tail, type TreeText, treeText } from '../../text.js'

/** The pieces that the functions are put together from. */
export interface Pieces extends TreeText {
  readonly model: TreeModel
  /** Around a statement that is executed, and around a function's body. */
  readonly q: string
  readonly body: string
  /** `_k1, _k2`: a key; `_p1, _p2`: a pointer. As columns of `alias`, or as variables. */
  k(alias?: string): readonly string[]
  p(alias?: string): readonly string[]
  /** A node's key as one value that arrays can hold, from columns. */
  one(columns: readonly string[]): string
  /** The type of that value. */
  readonly oneType: string
  /** `_k1 bigint`: parameters, or variables. */
  readonly kTypes: readonly string[]
  readonly pTypes: readonly string[]
  /** The same as variables, which have collations. */
  readonly kVariables: readonly string[]
  readonly pVariables: readonly string[]
}

export function piecesOf(model: TreeModel): Pieces {
  const text = treeText(model)
  const types = [...model.scope, ...model.key].map(({ sqlType }) => sqlType)
  const at = (letter: string) => (alias?: string) =>
    letters(letter, model).map(name => (alias === undefined ? name : `${alias}.${name}`))
  const typed = (letter: string) => letters(letter, model).map((name, i) => `${name} ${types[i]}`)
  const collated = (letter: string) =>
    typed(letter).map((each, i) => {
      const { collate } = [...model.scope, ...model.key][i] ?? {}
      return collate === undefined ? each : `${each} COLLATE ${collate}`
    })
  // an array of arrays is one of more dimensions, and they would have to be as long as each other
  const single = types.length === 1 && !types[0]?.endsWith(']')
  return {
    ...text,
    model,
    q: dollars('q', model),
    body: dollars('pillion', model),
    k: at('_k'),
    p: at('_p'),
    one: columns => (single ? list(columns) : `ROW(${list(columns)})::text`),
    oneType: single ? (types[0] ?? '') : 'text',
    kTypes: typed('_k'),
    pTypes: typed('_p'),
    kVariables: collated('_k'),
    pVariables: collated('_p'),
  }
}

/**
 * What is called from outside, by triggers above all, runs as the owner, so that nobody needs rights on the links and no row security hides an ancestor: where the
 * owner is under it too, by FORCE ROW LEVEL SECURITY, reading fails aloud. What that calls runs as who calls it. How many links there
 * are below rows of a statement nobody can tell beforehand: to compile for as many as there might be takes longer than what there are.
 */
// columns are always said of their table; whatever has no table is a variable, and a column of that name does not matter
export function routine(
  t: Pieces,
  name: string,
  parameters: string,
  result: string,
  body: string,
  settings = '',
): string {
  const owner =
    parameters === ''
      ? ' SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off SET jit = off'
      : ''
  return `CREATE OR REPLACE FUNCTION ${name}(${parameters}) RETURNS ${result}
LANGUAGE plpgsql${owner}${settings} AS ${t.body}
#variable_conflict use_variable
${body.trim()}
${t.body}`
}

/** Variables, one a line. */
export const declared = (variables: readonly string[]): string => variables.map(each => `  ${each};`).join('\n')

/** The scope stands once in a link: an ancestor's is left out. */
export const above = (t: Pieces, columns: readonly string[]): readonly string[] => tail(t.model, columns)

const linkColumns = (t: Pieces): string => list(t.node(), above(t, t.ancestor()), t.distance)

export const linkKey = (t: Pieces): string => list(t.node(), above(t, t.ancestor()))

export const insertInto = (t: Pieces): string => `INSERT INTO ${t.links} AS l (${linkColumns(t)})`

export const record = (t: Pieces, row: string): string => `${named(t.key(row), t.k())}, ${named(t.pointer(row), t.p())}`

export const noParent = (t: Pieces, p: readonly string[]): string =>
  above(t, p)
    .map(each => `${each} IS NULL`)
    .join(' OR ')
