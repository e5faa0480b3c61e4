/**
 * Items with those they need before them; otherwise in the order given. In a circle, which no script could load,
 * the first met comes first.
 */
export function inOrder<T>(
  items: readonly T[],
  idOf: (item: T) => string,
  needs: (item: T) => readonly string[],
): readonly T[] {
  const byId = new Map(items.map(item => [idOf(item), item]))
  const ordered = new Set<T>()
  const met = new Set<T>()
  const visit = (item: T): void => {
    if (met.has(item)) return
    met.add(item)
    for (const id of needs(item)) {
      const needed = byId.get(id)
      if (needed !== undefined) visit(needed)
    }
    ordered.add(item)
  }
  items.forEach(visit)
  return [...ordered]
}
