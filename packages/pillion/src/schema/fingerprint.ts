/**
 * A short answer to "has the schema changed, and where?", and what a refresh by it gives.
 *
 * @module
 */
import type { Catalog } from './model.js'

/**
 * A mark of the definition of each relation by its id, and of `type …`, `sequence …`, `routine …`, `schema …`,
 * `extension …` and `server …`. Plain data, good for one server.
 */
export type Fingerprint = Readonly<Record<string, string>>

/** What differs between two fingerprints, by entry, sorted. */
export interface FingerprintChanges {
  readonly added: readonly string[]
  readonly removed: readonly string[]
  readonly changed: readonly string[]
}

/** A catalog, and the fingerprint to refresh it by. */
export interface Refreshed {
  readonly catalog: Catalog
  readonly fingerprint: Fingerprint
  readonly changes: FingerprintChanges
}

/**
 * The entries that two fingerprints of one database do not share.
 *
 * @example changedSince(before, after).changed // ['public.evaluation']
 */
export function changedSince(before: Fingerprint, after: Fingerprint): FingerprintChanges {
  const earlier = Object.keys(before)
  const later = Object.keys(after)
  return Object.freeze({
    added: Object.freeze(later.filter(entry => !(entry in before)).sort()),
    removed: Object.freeze(earlier.filter(entry => !(entry in after)).sort()),
    changed: Object.freeze(later.filter(entry => entry in before && before[entry] !== after[entry]).sort()),
  })
}

/** Is there no difference? */
export const isUnchanged = ({ added, removed, changed }: FingerprintChanges): boolean =>
  added.length + removed.length + changed.length === 0
