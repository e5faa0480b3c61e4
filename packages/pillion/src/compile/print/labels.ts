/**
 * Labels of an enumeration where text is expected: to PostgreSQL they are none.
 *
 * @module
 */
import type { Node } from '../../query/node.js'
import { baseName, text } from '../../schema/base-types.js'
import type { Dialect } from '../dialect.js'

/** Operators, functions and aggregates of text. */
const ofText = new Set(
  'LIKE,NOT LIKE,ILIKE,~,lower,upper,btrim,char_length,substr,replace,starts_with,string_agg'.split(','),
)

/** What an operator, a function or an aggregate is given, labels as their text where it is one of text. */
export function labelsAsText(name: string, given: readonly Node[], { castsLabels }: Dialect): readonly Node[] {
  if (castsLabels !== true || !ofText.has(name) || !given.some(isLabel)) return given
  return given.map(node => (isLabel(node) ? { kind: 'cast', of: node, type: text } : node))
}

function isLabel({ type }: Node): boolean {
  return baseName(type) === 'enum'
}
