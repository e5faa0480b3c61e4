/**
 * What there is once in a process, whatever the number of copies of the package in it: a bundler makes several of one, and so
 * does a server that loads its pages anew, while connections and ORMs stay the same.
 *
 * @module
 */

/**
 * The one of this name, made by the copy that asks first.
 *
 * @param name with the version of its shape: copies that differ in it each have their own.
 */
export function oncePerProcess<T extends object>(name: string, make: () => T): T {
  const all = globalThis as { [name: symbol]: T | undefined }
  return (all[Symbol.for(`pillion.${name}`)] ??= make())
}

/** Gives the next number of a count that all copies share: what each counted for itself would not tell theirs apart. */
export function counting(name: string): () => number {
  const count = oncePerProcess(name, () => ({ last: 0 }))
  return () => ++count.last
}
