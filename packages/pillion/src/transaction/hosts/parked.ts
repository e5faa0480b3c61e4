/**
 * Handles on hosts that know callbacks only: the callback is kept waiting until the transaction is to end.
 *
 * @module
 */

/** What a callback was handed, and the ways out of it. */
export interface Parked<T> {
  readonly handed: T
  /** Settles when the host's transaction is over, of itself too. */
  readonly ended: Promise<unknown>
  commit(): Promise<unknown>
  rollback(): Promise<void>
}

/** What the callback fails with for a rollback to come about; nobody else ever sees it. */
const giveUp = new Error('rolled back by pillion')

/**
 * Starts a host's transaction and parks its callback.
 *
 * @param start calls the host's `transaction` with the callback; what it gives settles when the transaction has ended
 * @throws whatever the host fails with before the callback is called
 */
export function parked<T>(start: (callback: (handed: T) => Promise<void>) => PromiseLike<unknown>): Promise<Parked<T>> {
  return new Promise((resolve, reject) => {
    const ended = Promise.resolve(
      start(
        handed =>
          new Promise((leave, fail) => {
            resolve({
              handed,
              ended,
              commit: () => {
                leave()
                return ended
              },
              rollback: async () => {
                fail(giveUp)
                await ended.then(undefined, error => {
                  if (error !== giveUp) throw error
                })
              },
            })
          }),
      ),
    )
    ended.catch(reject)
  })
}
