/**
 * How a database remembers a tree: the model, as a comment on the table of links.
 *
 * @module
 */
import type { TreeModel } from './model.js'

const words = 'pillion tree '

/** The comment: without backslashes, which mean something in a string of MariaDB, or nothing, as its mode is. */
export function marker(model: TreeModel): string {
  return words + JSON.stringify(model).replaceAll('%', '%25').replaceAll('\\', '%5C')
}

/** The model in a comment, where there is one. */
export function readMarker(comment: string | null | undefined): TreeModel | undefined {
  if (!comment?.startsWith(words)) return undefined
  return JSON.parse(comment.slice(words.length).replaceAll('%5C', '\\').replaceAll('%25', '%')) as TreeModel
}
