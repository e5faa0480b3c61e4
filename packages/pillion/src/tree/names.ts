/**
 * Names that fit: 63 bytes, as PostgreSQL has them; MariaDB takes 64 characters.
 *
 * @module
 */

const longest = 63
const encoder = new TextEncoder()

/**
 * The name itself where it fits, else as much of it as does, with a digest of the whole behind. The same name gives the
 * same result, always.
 */
export function shortened(name: string): string {
  if (encoder.encode(name).length <= longest) return name
  const digest = `_${hash(name)}`
  let kept = ''
  for (const character of name) {
    if (encoder.encode(kept + character + digest).length > longest) break
    kept += character
  }
  return kept + digest
}

/**
 * What the columns of a node are called in links: `id` makes `node_id` and `ancestor_id`; so does `node_id`. Of a composite key each
 * column keeps its name behind the role.
 */
export function linkNames(role: 'node' | 'ancestor', key: readonly string[]): readonly string[] {
  return key.length === 1 ? [`${role}_id`] : key.map(column => shortened(`${role}_${column}`))
}

/** FNV-1a, in base 36. */
function hash(text: string): string {
  let state = 0x811c9dc5
  for (const byte of encoder.encode(text)) state = Math.imul(state ^ byte, 0x01000193) >>> 0
  return state.toString(36)
}
