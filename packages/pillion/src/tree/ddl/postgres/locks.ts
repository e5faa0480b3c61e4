/**
 * A node's lock is its link to itself. Who changes the path of a node, by moving it or what it is below, holds that lock alone; who makes
 * links of that path, by hanging something below the node, shares it.
 *
 * The lock of what is moved itself is written, too: who reads by an older snapshot shares the locks of the whole path, and fails at that one.
 *
 * @module
 */
import { refusalText } from '../../refusal.js'
import { list, named, same } from '../../text.js'
import type { Pieces } from './pieces.js'
import { raise } from './refusals.js'

/** A node's self link, which is its lock. */
export const lockOf = (t: Pieces, alias: string, key: readonly string[]): string =>
  `${same(t.node(alias), key)} AND ${same(t.ancestor(alias), key)}`

/** The locks of a set of nodes, shared in the order of their keys: FROM, and what comes behind. `nodes` selects the keys. */
const locksOf = (t: Pieces, nodes: string): string =>
  `FROM (${nodes}) AS a JOIN ${t.links} AS own ON ${lockOf(t, 'own', t.k('a'))} ORDER BY ${list(t.node('own'))} FOR SHARE OF own`

export const locksWrong = (t: Pieces, keys: string): string =>
  raise(t, 'XX001', refusalText('TREE_LINKS_WRONG'), keys, 'Mend them: pillion tree rebuild.')

/** Does every statement see what was committed before it? */
export const seesAll = `current_setting('transaction_isolation') IN ('read committed', 'read uncommitted')`

/** Shares the lock of a node, and by an older snapshot those of its whole path: one of them was written if that has changed since. */
export const sharedPath = (t: Pieces, key: readonly string[]): string => `    IF ${seesAll} THEN
      PERFORM FROM ${t.links} AS own WHERE ${lockOf(t, 'own', key)} FOR SHARE;
    ELSE
      PERFORM ${wholePath(t, key)};
    END IF;`

/**
 * The same of several nodes, in the order of their keys, and again until those are all that there are: a lock that goes while it is
 * waited for may have come again. `nodes` selects their keys.
 */
export function sharedPaths(t: Pieces, nodes: string): string {
  const locks = `ARRAY(SELECT ${t.one(t.node('own'))} ${locksOf(t, `${nodes} UNION ${pathsOf(t, nodes)} WHERE NOT ${seesAll}`)})`
  return `  LOOP
    ${anew(t)('_locked', locks)}
    ${anew(t)('_found', locks.replace(' FOR SHARE OF own', ''))}
    EXIT WHEN _locked = _found;
  END LOOP;`
}

/** Shares the locks of the path of a node, by an older snapshot only. */
export const sharedIfOlder = (t: Pieces, key: readonly string[]): string => `    IF NOT ${seesAll} THEN
      PERFORM ${wholePath(t, key)};
    END IF;`

/**
 * The same of several nodes. Of keys that have just come, too: by that snapshot a row which went since is there yet, beside the one that
 * has its key now, and its links with it. Their locks are gone, so that sharing them fails.
 */
export const sharedIfOlderOf = (t: Pieces, nodes: string): string => `    IF NOT ${seesAll} THEN
      EXECUTE ${t.q}SELECT ${locksOf(t, pathsOf(t, nodes))}${t.q};
    END IF;`

const pathsOf = (t: Pieces, nodes: string): string =>
  `SELECT ${named(t.ancestor('path'), t.k())} FROM (${nodes}) AS e JOIN ${t.links} AS path ON ${same(t.node('path'), t.k('e'))}`

const wholePath = (t: Pieces, key: readonly string[]): string =>
  locksOf(t, `SELECT ${named(t.ancestor('path'), t.k())} FROM ${t.links} AS path WHERE ${same(t.node('path'), key)}`)

/** Puts a value into a variable. */
type Put = (variable: string, value: string) => string

/** By a plan that is kept. */
export const kept: Put = (variable, value) => `${variable} := ${value};`

/** By a plan made anew: the rows of a statement are others each time. */
export const anew =
  (t: Pieces): Put =>
  (variable, value) =>
    `EXECUTE ${t.q}SELECT ${value}${t.q} INTO ${variable};`

/**
 * Takes the locks of all that is below nodes alone, and reads again until there is no more: below a node that is locked by now nothing
 * is hung.
 *
 * @param below selects the links from there, as `d`: FROM and WHERE
 */
export function takenBelow(t: Pieces, below: string, put: Put): string {
  const keys = list(t.node('d'))
  return `  LOOP
    ${put(
      '_locked',
      `ARRAY(
      SELECT ${t.one(t.node('own'))} FROM (SELECT ${keys} ${below}) AS d JOIN ${t.links} AS own ON ${lockOf(t, 'own', t.node('d'))}
      ORDER BY ${list(t.node('own'))} FOR UPDATE OF own
    )`,
    )}
    ${put('_found', `ARRAY(SELECT ${t.one(t.node('d'))} ${below} ORDER BY ${keys})`)}
    EXIT WHEN _locked = _found;
    -- what has no lock will never have one
    IF _locked = _before THEN
      ${locksWrong(t, `coalesce(_found[1]::text, '')`)}
    END IF;
    _before := _locked;
  END LOOP;`
}
