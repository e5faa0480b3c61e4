/**
 * How a database remembers a tree: the model, as a comment on the table of links.
 *
 * @module
 */
import { PillionError } from '../errors.js'
import type { TreeModel } from './model.js'

const words = 'pillion tree '

/** The comment: without backslashes, which mean something in a string of MariaDB, or nothing, as its mode is. */
export function marker(model: TreeModel): string {
  return words + JSON.stringify(model).replaceAll('%', '%25').replaceAll('\\', '%5C')
}

/**
 * The model in a comment, where there is one.
 *
 * @throws TREE_REFUSED when nobody can read it any more
 */
export function readMarker(comment: string | null | undefined): TreeModel | undefined {
  if (!comment?.startsWith(words)) return undefined
  try {
    return JSON.parse(comment.slice(words.length).replaceAll('%5C', '\\').replaceAll('%25', '%')) as TreeModel
  } catch (cause) {
    throw new PillionError('TREE_REFUSED', 'What the links remember of their tree is cut off, or was changed.', {
      cause,
      hint: 'It is the comment on their table. Drop what the tree made, as pillion tree ddl --down has it, and install it again.',
    })
  }
}
