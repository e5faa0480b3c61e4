/**
 * Transactions one after the other, where a host has one connection only.
 *
 * @module
 */

/** Makes a queue: each taker gets a function that lets the next one in. */
export function turns(): () => Promise<() => void> {
  let last: Promise<void> = Promise.resolve()
  return async () => {
    const before = last
    let leave = (): void => {}
    last = new Promise(resolve => (leave = resolve))
    await before
    return leave
  }
}
