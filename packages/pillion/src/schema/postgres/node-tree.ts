/**
 * A reader of the node trees that PostgreSQL keeps parsed queries in (`pg_rewrite.ev_action`): nodes
 * `{NAME :field value …}`, lists `(…)`, and words. It knows no node by name, so that no version surprises it.
 *
 * @module
 */

/** A word, an absent value, a list, or a node. */
export type Tree = string | null | readonly Tree[] | TreeNode

/** One node: `VAR`, with `varno` and its other fields. */
export interface TreeNode {
  readonly tag: string
  readonly fields: ReadonlyMap<string, Tree>
}

/** Reads one value: the first of the text. A text cut short reads as far as it goes. */
export function readTree(text: string): Tree {
  let at = 0

  const isSpace = (code: number) => code === 32 || code === 10 || code === 9
  const isBreak = (code: number) => isSpace(code) || code === 40 || code === 41 || code === 123 || code === 125
  const skipSpace = () => {
    while (at < text.length && isSpace(text.charCodeAt(at))) at++
  }

  const word = (): string => {
    const start = at
    let escaped = false
    while (at < text.length && !isBreak(text.charCodeAt(at))) {
      if (text.charCodeAt(at) === 92) {
        escaped = true
        at++
      }
      at++
    }
    // A closing bracket where a value should be: step over it rather than stand still.
    if (at === start) at++
    const raw = text.slice(start, at)
    return escaped ? raw.replace(/\\([\s\S])/g, '$1') : raw
  }

  const value = (): Tree => {
    skipSpace()
    const opening = text[at]
    if (opening === '{') return node()
    if (opening === '(') return list()
    const read = word()
    return read === '<>' ? null : read
  }

  const list = (): readonly Tree[] => {
    const items: Tree[] = []
    at++
    for (skipSpace(); at < text.length && text[at] !== ')'; skipSpace()) items.push(value())
    at++
    return items
  }

  const node = (): TreeNode => {
    const fields = new Map<string, Tree>()
    at++
    const tag = word()
    for (skipSpace(); at < text.length && text[at] !== '}'; skipSpace()) {
      const name = word().slice(1)
      const values = [value()]
      for (skipSpace(); at < text.length && text[at] !== '}' && text[at] !== ':'; skipSpace()) values.push(value())
      fields.set(name, values.length === 1 ? (values[0] ?? null) : values)
    }
    at++
    return { tag, fields }
  }

  return value()
}

/** Is it a node, and of this name where one is given? */
export const isNode = (tree: Tree | undefined, tag?: string): tree is TreeNode =>
  typeof tree === 'object' && tree !== null && 'tag' in tree && (tag === undefined || tree.tag === tag)

/** A field that is a list; anything else is none. */
export function listAt(node: TreeNode, field: string): readonly Tree[] {
  const value = node.fields.get(field)
  return Array.isArray(value) ? value : []
}

/** A field that is a node. */
export function nodeAt(node: TreeNode, field: string): TreeNode | undefined {
  const value = node.fields.get(field)
  return isNode(value) ? value : undefined
}

/** A field that is a word. */
export function wordAt(node: TreeNode, field: string): string | undefined {
  const value = node.fields.get(field)
  return typeof value === 'string' ? value : undefined
}

/** A field that is a number; absent counts as 0, as the server writes it. */
export const numberAt = (node: TreeNode, field: string): number => Number(wordAt(node, field) ?? 0)
