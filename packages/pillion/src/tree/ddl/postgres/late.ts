/**
 * Nodes that come before their parents, where the foreign key may be put off.
 *
 * @module
 */
import { list, named, same } from '../../text.js'
import { lockOf, seesAll } from './locks.js'
import { parentShared } from './one-node.js'
import { declared, noParent, type Pieces, record, routine } from './pieces.js'
import { unseen } from './refusals.js'

/**
 * Children that were there before rows that have come, `n` in `rows`: they are moved below them. Of other transactions none are seen.
 *
 * @param more what else holds of `n`
 */
export function orphansMoved(t: Pieces, rows: string, more = ''): string {
  const from = `${rows} JOIN ${t.table} AS c ON ${same(t.pointer('c'), t.key('n'))} WHERE`
  return eachMoved(t, '  ', `EXECUTE ${t.q}${orphansOf(t, from, t.key('n'))}${more}${t.q}`)
}

/** The same of one row, whose key is in variables. */
export const orphansOfOneMoved = (t: Pieces): string =>
  eachMoved(t, '    ', orphansOf(t, `${t.table} AS c WHERE ${same(t.pointer('c'), t.k())} AND`, t.k()))

function eachMoved(t: Pieces, indent: string, found: string): string {
  if (t.model.pointer !== 'deferred') return ''
  return `${indent}FOR _row IN ${found} LOOP
${indent}  PERFORM ${t.own('move')}(${list(t.k('_row'), t.p('_row'))});
${indent}END LOOP;`
}

const orphansOf = (t: Pieces, from: string, key: readonly string[]): string =>
  `SELECT ${record(t, 'c')} FROM ${from}
      NOT EXISTS (SELECT FROM ${t.links} AS l WHERE ${same(t.node('l'), t.key('c'))} AND ${same(t.ancestor('l'), key)})
      AND EXISTS (SELECT FROM ${t.links} AS own WHERE ${lockOf(t, 'own', t.key('c'))})`

/** Writes down whose parent is neither among the rows of a statement nor locked, `rows` selecting what is linked. */
export function writtenDown(t: Pieces, rows: string): string {
  if (t.model.pointer !== 'deferred') return ''
  return `  EXECUTE ${t.q}
    INSERT INTO ${t.late} SELECT ${list(t.k('r'))} FROM (${rows}) AS r
    WHERE NOT (${noParent(t, t.p('r'))}) AND NOT EXISTS (SELECT FROM new_rows AS i WHERE ${same(t.key('i'), t.p('r'))})
      AND NOT ${t.one(t.p('r'))} = ANY ($1)
  ${t.q} USING _locked;`
}

/**
 * What was written down, at the end of the transaction. Who brings a parent does not see a child that another transaction brought; or
 * the parent came in the middle of a statement, which then made links of a path whose lock nobody had shared. By now it is there: its
 * foreign key was looked at before, having been put off before.
 */
export function onCommit(t: Pieces): string {
  const row = t.node('NEW')
  const path = `SELECT ${named(t.ancestor('path'), t.k())}, path.${t.distance} + 1 AS _far FROM ${t.links} AS path WHERE ${same(t.node('path'), t.p())}`
  const linked = `SELECT ${named(t.ancestor('l'), t.k())}, l.${t.distance} AS _far FROM ${t.links} AS l WHERE ${same(t.node('l'), row)} AND l.${t.distance} > 0`
  // at READ COMMITTED the key fails yet, or the node has another parent by now, and is written down again
  const absent = `IF ${seesAll} THEN
        RETURN NULL;
      END IF;
      ${unseen(t, `(${t.one(t.p())})::text`)}`
  return routine(
    t,
    t.own('on_commit'),
    '',
    'trigger',
    `
DECLARE
${declared(t.pVariables)}
BEGIN
  DELETE FROM ${t.late} AS a WHERE ${same(t.node('a'), row)};
  SELECT ${list(t.pointer('n'))} INTO ${list(t.p())} FROM ${t.table} AS n WHERE ${same(t.key('n'), row)};
  IF NOT FOUND OR ${noParent(t, t.p())} THEN
    RETURN NULL;
  END IF;
${parentShared(t, absent)}
  IF EXISTS (
    SELECT FROM (${path}) AS a FULL JOIN (${linked}) AS b ON ${same(t.k('a'), t.k('b'))} AND a._far = b._far
    WHERE a._far IS NULL OR b._far IS NULL
  ) THEN
    PERFORM ${t.own('move')}(${list(row, t.p())});
  END IF;
  RETURN NULL;
END`,
  )
}
