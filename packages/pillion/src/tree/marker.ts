/**
 * How a database remembers a tree: the model, as a comment on the table of links.
 *
 * @module
 */
import type { TreeModel } from './model.js'

const words = 'pillion tree '

/** The comment. */
export function marker(model: TreeModel): string {
  return words + JSON.stringify(model)
}

/** The model in a comment, where there is one. */
export function readMarker(comment: string | null | undefined): TreeModel | undefined {
  return comment?.startsWith(words) ? (JSON.parse(comment.slice(words.length)) as TreeModel) : undefined
}
