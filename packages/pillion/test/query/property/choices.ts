/**
 * Random things decided one choice at a time from a list of numbers. When the list is at its end every choice is the
 * first, which is the simplest: so what fast-check shrinks is a list, and any smaller list is a smaller thing.
 *
 * @module
 */
import fc from 'fast-check'

export interface Choose {
  /** A whole number from 0, less than `bound`. */
  below(bound: number): number
  /** One of several, the simplest first. */
  one<T>(of: readonly [T, ...T[]]): T
  /** Yes, as often as one time in `times`. */
  rarely(times: number): boolean
  /** So many things at most. */
  several<T>(most: number, make: (index: number) => T): readonly T[]
}

/** An arbitrary of whatever `make` decides. */
export function chosen<T>(make: (choose: Choose) => T, most: number): fc.Arbitrary<T> {
  return fc.array(fc.nat(0xffff), { minLength: 0, maxLength: most, size: 'max' }).map(choices => make(chooser(choices)))
}

function chooser(choices: readonly number[]): Choose {
  let next = 0
  const below = (bound: number) => (choices[next++] ?? 0) % bound
  return {
    below,
    one: of => of[below(of.length)] as (typeof of)[number],
    rarely: times => below(times) === times - 1,
    several: (most, make) => Array.from({ length: below(most + 1) }, (_, i) => make(i)),
  }
}
