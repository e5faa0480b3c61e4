/**
 * Globs by which tables and columns are named.
 *
 * @module
 */

/** What a glob may find. */
export interface Named {
  /** `schema.table`, `schema.table.column`. */
  readonly id: string
  readonly name: string
}

/** With a dot in it a glob is one of whole ids, else of names in whatever schema and table. */
export function globTest(glob: string): (found: Named) => boolean {
  const pattern = glob
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  const test = new RegExp(`^${pattern}$`, 'su')
  return glob.includes('.') ? found => test.test(found.id) : found => test.test(found.name)
}
