/**
 * What the functions refuse, and how they say so.
 *
 * @module
 */
import { refusalText } from '../../refusal.js'
import { literal } from '../../text.js'
import type { Pieces } from './pieces.js'

/** A key as an error's detail tells it. */
export const told = (t: Pieces, columns: readonly string[]): string => `(${t.one(columns)})::text`

export const cycle = (t: Pieces, keys: string): string =>
  raise(t, '23514', refusalText('TREE_CYCLE'), keys, 'Move it elsewhere, or first move what it is to be below.')

export const missingParent = (t: Pieces, keys: string): string =>
  raise(t, '23503', refusalText('TREE_PARENT_MISSING'), keys, 'Insert the parent before, or in the same statement.')

/** Done again, the transaction sees it. */
export const unseen = (t: Pieces, keys: string): string =>
  raise(t, '40001', 'A parent has come since the transaction began to read.', keys, 'Run the transaction again.')

export const childrenLeft = (t: Pieces, keys: string): string =>
  raise(t, '23503', refusalText('TREE_CHILDREN_LEFT'), keys, 'Delete or move them before.')

/** A key that one row gives up and another takes in one statement: whose links are whose the triggers cannot tell any more. */
export const keyTaken = (t: Pieces, keys: string): string =>
  raise(t, '0A000', 'A tree gives no key to another row in one statement.', keys, 'Do it in two.')

export function raise(t: Pieces, state: string, message: string, keys: string, hint: string): string {
  const place = [`SCHEMA = ${literal(t.model.schema)}`, `TABLE = ${literal(t.model.table)}`]
  return `RAISE EXCEPTION ${literal(message)} USING ERRCODE = '${state}', DETAIL = ${literal('Node: ')} || ${keys}, HINT = ${literal(hint)}, CONSTRAINT = ${literal(t.model.links.name)}, ${place.join(', ')};`
}

/** A snapshot older than the locks shows a subtree as it was: nothing can be told from it. */
export function currentReadsOnly({ model }: Pieces): string {
  const [allowed, needed] =
    model.isolation === 'serializable'
      ? ["'serializable'", 'SERIALIZABLE, for this tree was installed so']
      : ["'read committed', 'read uncommitted'", 'READ COMMITTED']
  return `  IF current_setting('transaction_isolation') NOT IN (${allowed}) THEN
    RAISE EXCEPTION ${literal(refusalText('TREE_ISOLATION'))}
      USING ERRCODE = '0A000', DETAIL = upper(current_setting('transaction_isolation')), HINT = ${literal(`Move nodes at ${needed}.`)};
  END IF;`
}

export const insertsAnywhere = (t: Pieces): string => (t.model.isolation === 'serializable' ? currentReadsOnly(t) : '')
