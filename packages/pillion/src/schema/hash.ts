/**
 * Hashes of what is said about things.
 *
 * @module
 */
import { createHash } from 'node:crypto'

/** One hash of all parts of an entry, whatever their order. */
export function hashed(parts: readonly (readonly [entry: string, part: string])[]): Readonly<Record<string, string>> {
  const byEntry = new Map<string, string[]>()
  for (const [entry, part] of parts) {
    const known = byEntry.get(entry)
    if (known === undefined) byEntry.set(entry, [part])
    else known.push(part)
  }
  return Object.fromEntries([...byEntry].map(([entry, own]) => [entry, hash(own.sort().join('\n'))]))
}

const hash = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 22)
