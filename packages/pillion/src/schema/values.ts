/**
 * The JavaScript values that have no class of their own in the language: what a range and a JSON document
 * decode to.
 *
 * @module
 */

/** A parsed JSON document. `unknown`, because the database promises nothing about its shape. */
export type Json = unknown

/**
 * A range value. A bound that is `null` is open to infinity on its side.
 *
 * @example
 * ```ts
 * const span: Range<number> = { empty: false, lower: 1, lowerInclusive: true, upper: 10, upperInclusive: false }
 * if (!span.empty) console.log(span.lower)     // [1,10)
 * ```
 */
export type Range<T> = EmptyRange | BoundedRange<T>

/** The range that holds no point. */
export interface EmptyRange {
  readonly empty: true
}

/** A range with its two bounds. */
export interface BoundedRange<T> {
  readonly empty: false
  readonly lower: T | null
  readonly lowerInclusive: boolean
  readonly upper: T | null
  readonly upperInclusive: boolean
}
