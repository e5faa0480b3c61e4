/**
 * Rows that REPLACE takes where no trigger sees it go: how the triggers of the row that takes them know, and keep them.
 *
 * @module
 */
import type { TreeKeyOf, TreeModel } from '../../model.js'
import { refusalText } from '../../refusal.js'
import { list, literal, same, tail, type TreeText } from '../../text.js'

export const differ = (left: readonly string[], right: readonly string[]): string =>
  `(${left.map((each, i) => `${each} IS NOT ${right[i]}`).join(' OR ')})`

/**
 * Does anybody look at foreign keys? A row points to itself by one that follows where its key goes, and does not follow where
 * nobody looks. What has a pragma's name is no table to triggers where PRAGMA trusted_schema is off.
 */
export const look = (t: TreeText, when: string): string =>
  `UPDATE ${t.own('looked')} SET place = 1 - place, followed = place WHERE ${when}`
export const unlookedAt = (t: TreeText): string => `EXISTS (SELECT 1 FROM ${t.own('looked')} WHERE followed <> place)`

/**
 * REPLACE by a key that another node has takes that one, unseen by triggers and perhaps by a cascade with the row that is written. It
 * alone writes over the other's link to itself, for it is what becomes of this IGNORE; without it a key that is taken is the engine's to refuse.
 */
export const refuseReplace = (model: TreeModel, t: TreeText): readonly string[] => [
  `INSERT OR IGNORE INTO ${t.links} VALUES (${list(t.key('NEW'), tail(model, t.key('NEW')))}, -1)`,
  `SELECT RAISE(ABORT, ${literal(refusalText('TREE_KEY_TAKEN'))}) WHERE EXISTS (SELECT 1 FROM ${t.links} AS own WHERE ${same(t.node('own'), t.key('NEW'))} AND ${same(t.ancestor('own'), t.key('NEW'))} AND own.${t.distance} = -1)`,
]

/** Other nodes that the row written meets by this key: other than itself, which is NEW for an INSERT and was OLD for an UPDATE. */
export function metBy(t: TreeText, { columns, collate }: TreeKeyOf, itself: 'NEW' | 'OLD'): string {
  const named = (alias: string): readonly string[] => columns.map(column => `${alias}.${t.quote(column)}`)
  const compared = named('NEW').map((each, i) =>
    collate === undefined ? each : `${each} COLLATE ${t.quote(collate[i] ?? '')}`,
  )
  const changed = itself === 'OLD' ? ` AND ${differ(named('NEW'), named('OLD'))}` : ''
  return `${t.table} AS n WHERE ${same(named('n'), compared)} AND ${differ(t.key('n'), t.key(itself))}${changed}`
}

/**
 * The same for nodes that are met by another key. Where the links have foreign keys those keep them, and let go of who goes by a
 * trigger, with PRAGMA recursive_triggers; so here but where nobody looks at them. What is declared ON CONFLICT REPLACE is so
 * without a word in the statement, which a word there takes back.
 */
export function keepMet(model: TreeModel, t: TreeText, itself: 'NEW' | 'OLD'): readonly string[] {
  const others = model.others ?? []
  // a row that takes its own parent: where the key comes back in the same statement SQLite counts one less who is without a parent
  const isParent = same(t.key('n'), t.pointer('NEW'))
  const unlooked = model.foreignKeys ? ` AND (${unlookedAt(t)} OR ${isParent})` : ''
  const taken = `EXISTS (SELECT 1 FROM ${t.links} AS own WHERE ${same(t.node('own'), t.key('n'))} AND ${same(t.ancestor('own'), t.key('n'))} AND own.${t.distance} = -1)`
  return [
    ...(model.foreignKeys ? [look(t, 'true')] : []),
    ...others.map(
      key =>
        `INSERT OR ${key.onConflict === 'replace' ? 'REPLACE' : 'IGNORE'} INTO ${t.links} (${list(t.node(), tail(model, t.ancestor()), t.distance)}) SELECT ${list(t.key('n'), tail(model, t.key('n')))}, -1 FROM ${metBy(t, key, itself)}${unlooked}`,
    ),
    ...others.map(
      key =>
        `SELECT RAISE(ABORT, ${literal(refusalText('TREE_KEY_TAKEN'))}) WHERE EXISTS (SELECT 1 FROM ${metBy(t, key, itself)} AND ${taken})`,
    ),
  ]
}
