/**
 * What a value is to be, for those that no compiler has checked.
 *
 * @module
 */
import { UsageError } from './failure.js'

export interface Kind {
  readonly told: string
  holds(value: unknown): boolean
}

export const text: Kind = { told: 'text', holds: value => typeof value === 'string' }
export const name: Kind = { told: 'text, and not empty', holds: value => text.holds(value) && value !== '' }
export const object: Kind = {
  told: 'an object',
  holds: value => typeof value === 'object' && value !== null && !Array.isArray(value),
}
export const work: Kind = { told: 'a function', holds: value => typeof value === 'function' }

/** A word among some. */
export const oneOf = (...words: readonly string[]): Kind => ({
  told: words.join(' or '),
  holds: value => words.some(word => word === value),
})

const arrayOf = (each: Kind, plural: string): Kind => ({
  told: `an array of ${plural}`,
  holds: value => Array.isArray(value) && value.every(each.holds),
})

/** The same, with one of them at least. */
export const someOf = (each: Kind, plural: string): Kind => {
  const { told, holds } = arrayOf(each, plural)
  return { told: `${told}, and not empty`, holds: value => holds(value) && (value as readonly unknown[]).length > 0 }
}

/** The value of each property is of its kind, and there are no others; exit code 2 else. */
export function check(value: object, kinds: ReadonlyMap<string, Kind>, where: string): void {
  for (const [key, each] of Object.entries(value)) {
    const kind = kinds.get(key)
    if (kind === undefined) throw UsageError(`${where} has ${key}, which is none of ${[...kinds.keys()].join(', ')}`)
    if (each !== undefined && !kind.holds(each)) throw UsageError(`${key} in ${where} is to be ${kind.told}`)
  }
}
