/**
 * What the links of a table must be, by walking from each node to its root: the oracle that triggers are held to.
 *
 * @module
 */

/** Nodes and their parents, by key. */
export type Forest = ReadonlyMap<string, string | null>

/** The nodes that no root is above: they are in a circle or below one, or a parent is missing. */
export function lostIn(forest: Forest): readonly string[] {
  const lost = (node: string): boolean => {
    let steps = 0
    for (let at: string | null = node; at !== null; at = forest.get(at) ?? null)
      if (!forest.has(at) || steps++ > forest.size) return true
    return false
  }
  return [...forest.keys()].filter(lost)
}

/** Every link, as `node>ancestor:distance`, in order; undefined when the pointers make no forest. */
export function linksOf(forest: Forest): readonly string[] | undefined {
  if (lostIn(forest).length > 0) return undefined
  const links: string[] = []
  for (const node of forest.keys()) {
    let distance = 0
    for (let at: string | null = node; at !== null; at = forest.get(at) ?? null)
      links.push(`${node}>${at}:${distance++}`)
  }
  return links.toSorted()
}
