/**
 * Which columns can be relied on never to hold NULL.
 *
 * @module
 */
import { groupBy } from '../group.js'
import { arrayItems } from './read.js'
import { isTrue } from './plain.js'
import { type CatalogueRows } from './rows.js'
import { refusesNull, type Types } from './types.js'

/** Is the column of this relation, by number, never NULL in any row that a SELECT from the relation sees? */
export type NeverNull = (relation: string, column: string) => boolean

/**
 * What tables declare: NOT NULL, or a domain's. A parent of INHERITS children shows their rows too, so its
 * column must be NOT NULL in all of them. A NOT NULL that is NOT VALID (PostgreSQL 18) counts for nothing.
 */
export function declaredNeverNull(rows: CatalogueRows, types: Types): NeverNull {
  const unproven = new Set(
    rows('constraint').flatMap(row => (row[4] === 'n' ? arrayItems(row[6]).map(column => `${row[2]}.${column}`) : [])),
  )
  const kinds = new Map(rows('name').map(row => [row[1], row[4]]))
  const children = groupBy(
    rows('parent').filter(row => kinds.get(row[3]) !== 'p'),
    row => row[3],
  )
  const columns = groupBy(rows('column'), row => row[1])
  const declared = new Set<string>()
  const named = new Set<string>()
  for (const [, relation, number, name, oid, sqlType, notNull, dimensions] of rows('column')) {
    const valid = isTrue(notNull) && !unproven.has(`${relation}.${number}`)
    if (valid || refusesNull(types.typeOf({ oid, sqlType, dimensions }))) {
      declared.add(`${relation}.${number}`)
      if (children.size > 0) named.add(`${relation}.${name}`)
    }
  }
  const everywhere = (relation: string, name: string): boolean =>
    named.has(`${relation}.${name}`) && (children.get(relation) ?? []).every(row => everywhere(row[1], name))

  return (relation, column) => {
    if (!declared.has(`${relation}.${column}`)) return false
    if (!children.has(relation)) return true
    const name = columns.get(relation)?.find(row => row[2] === column)?.[3]
    return name !== undefined && everywhere(relation, name)
  }
}
