/**
 * A node's lock is its link to itself: locks of paths, shared in one order, and the reading again once they are held.
 *
 * @module
 */
import { refusalText } from '../../refusal.js'
import { list, named, same } from '../../text.js'
import type { Pieces } from './pieces.js'
import { raise, told } from './refusals.js'

/** A node's self link, which is its lock. */
export const lockOf = (t: Pieces, alias: string, key: readonly string[]): string =>
  `${same(t.node(alias), key)} AND ${same(t.ancestor(alias), key)}`

/** The locks of a set of nodes, shared in the order of their keys. `ancestors` selects the keys. */
export const shared = (t: Pieces, ancestors: string): string => `ARRAY(
      SELECT ${t.one(t.node('own'))}
      FROM (${ancestors}) AS a JOIN ${t.links} AS own ON ${lockOf(t, 'own', t.k('a'))}
      ORDER BY ${list(t.node('own'))} FOR SHARE OF own
    )`

/** The same nodes as they are now. */
export const current = (t: Pieces, ancestors: string): string => shared(t, ancestors).replace(' FOR SHARE OF own', '')

export const pathOf = (t: Pieces, node: readonly string[]): string =>
  `SELECT ${named(t.ancestor('path'), t.k())} FROM ${t.links} AS path WHERE ${same(t.node('path'), node)}`

/** What is on a path for the second time and has no lock will never have one. */
export const unlessWrong = (t: Pieces): string => `      IF _locked = _before THEN
        ${raise(t, 'XX001', refusalText('TREE_LINKS_WRONG'), told(t, t.k()), 'Mend them: pillion tree rebuild.')}
      END IF;
      _before := _locked;`

/** Shares the locks of paths, and reads them again until they are what was locked. */
export function untilUnchanged(t: Pieces, paths: string): string {
  return `  LOOP
    EXECUTE ${t.q}SELECT ${shared(t, paths)}${t.q} INTO _locked;
    EXECUTE ${t.q}SELECT ${current(t, paths)}${t.q} INTO _found;
    EXIT WHEN _locked IS NOT DISTINCT FROM _found;
  END LOOP;`
}
