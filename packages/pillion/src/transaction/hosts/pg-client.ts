/**
 * A client of `pg` in a transaction's own hands, for every host over `pg`.
 *
 * @module
 */
import { PillionError } from '../../errors.js'
import { cancelRequest } from '../../hosts/postgres/cancel.js'
import type { PgClient } from '../../hosts/postgres/client.js'
import { endedByItself, unsent } from '../failure.js'

/** A client from BEGIN to its release. */
export interface OwnedClient {
  /** One statement, and nothing else. */
  send(text: string): Promise<unknown>
  commit(): Promise<void>
  rollback(): Promise<void>
  aborted(): Promise<boolean>
  cancel(): Promise<void>
  /** Gives it back; condemned where it is lost, or where its transaction cannot be told to be over. */
  release(): void
}

/** A statement by a callback, which costs a good deal less than a promise. */
export function tell(client: PgClient, text: string, told: (failure?: Error, command?: string) => void): void {
  client.query(text, (failure, result) => {
    // a statement is told to have failed before the server tells the status
    if (failure) queueMicrotask(() => told(failure))
    else told(undefined, result?.command)
  })
}

/** @param giveBack is told why the client is of no more use, if it is not */
export function ownedClient(client: PgClient, giveBack: (condemned?: Error) => void): OwnedClient {
  let lost: unknown
  /** The last request to stop a statement: it would hit whatever is next on the connection. */
  let stopping: Promise<unknown> = Promise.resolve()
  const lose = (error?: unknown): void => {
    lost ??= error ?? new Error('The connection ended.')
  }
  // the pool listens to idle clients only: a connection that breaks while nothing is under way would end the process
  client.on('error', lose)
  const release = (): void => {
    client.removeListener('error', lose)
    const idle = lost === undefined && client.getTransactionStatus() === 'I'
    giveBack(idle ? undefined : new Error('The connection was given up with its transaction.', { cause: lost }))
  }
  const send = (text: string): Promise<unknown> => client.query(text)
  return Object.freeze({
    send,
    release,
    commit: () => {
      if (lost !== undefined) {
        release()
        return Promise.reject(unsent(lost))
      }
      if (client.getTransactionStatus() === 'I') {
        release()
        return Promise.reject(endedByItself())
      }
      return new Promise<void>((resolve, reject) => {
        tell(client, 'COMMIT', (failure, command) => {
          release()
          if (failure !== undefined) reject(failure)
          else if (command === 'ROLLBACK') reject(aborted())
          else resolve()
        })
      })
    },
    rollback: async () => {
      try {
        await stopping
        if (lost === undefined) await client.query('ROLLBACK')
      } finally {
        await stopping
        release()
      }
    },
    aborted: async () => {
      // a statement is told to have failed before the server tells the status: this waits for that
      if (lost === undefined) await client.query('')
      return client.getTransactionStatus() === 'E'
    },
    cancel: () => {
      const request = cancelRequest(client)
      stopping = request.catch(() => {})
      return request
    },
  } satisfies OwnedClient)
}

/** PostgreSQL answers COMMIT by ROLLBACK, without an error, where a statement has failed. */
function aborted(): PillionError {
  return new PillionError(
    'ROLLBACK_ONLY',
    'A statement of the transaction failed unheard, and the server had aborted the transaction by then. It was rolled back.',
    { hint: 'Put what may fail into a nested transaction: tx.run({ mode: "nested" }, …).' },
  )
}
