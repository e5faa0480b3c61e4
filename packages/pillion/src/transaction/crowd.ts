/**
 * Who is there, in the order of coming. A `Set` that one after the other comes into and leaves makes a table for each, and an old
 * table knows the next: the garbage collector keeps them all until it looks at everything.
 *
 * @module
 */
export class Crowd<T> implements Iterable<T> {
  readonly #members: T[] = []

  get size(): number {
    return this.#members.length
  }

  add(member: T): void {
    this.#members.push(member)
  }

  /** Was it there? */
  delete(member: T): boolean {
    // the last to come is the first to go where they are nested
    const at = this.#members.at(-1) === member ? this.size - 1 : this.#members.indexOf(member)
    if (at !== -1) this.#members.splice(at, 1)
    return at !== -1
  }

  /** Of those that are there now: whoever comes or goes meanwhile changes nothing. */
  [Symbol.iterator](): Iterator<T> {
    return [...this.#members][Symbol.iterator]()
  }
}
