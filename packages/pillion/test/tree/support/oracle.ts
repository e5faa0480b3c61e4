/**
 * What the links of a table must be, by walking from each node to its root: the oracle that triggers are held to.
 *
 * @module
 */

/** Nodes and their parents, by key. */
export type Forest = ReadonlyMap<string, string | null>

/** Every link, as `node>ancestor:distance`, in order; undefined when the pointers make no forest. */
export function linksOf(forest: Forest): readonly string[] | undefined {
  const links: string[] = []
  for (const node of forest.keys()) {
    let distance = 0
    for (let at: string | null = node; at !== null; at = forest.get(at) ?? null) {
      if (!forest.has(at) || distance > forest.size) return undefined
      links.push(`${node}>${at}:${distance++}`)
    }
  }
  return links.toSorted()
}
