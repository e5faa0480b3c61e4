/**
 * What a host's own transaction object ends it by: not with whoever works in it.
 *
 * @module
 */
import { PillionError } from '../../errors.js'

/** Stands for a host's `commit` or `rollback` on what users work with: who opened the transaction ends it. */
export function endsNothing(name: string): () => Promise<never> {
  return async () => {
    throw new PillionError(
      'TRANSACTION_UNSUPPORTED',
      `\`${name}\` of the host's own would end, or leave, a transaction of pillion's.`,
      {
        hint: 'To roll back, let the work fail. Where begin and end are far apart take a handle: begin() gives one with commit and rollback.',
      },
    )
  }
}
