/** A private method with a decorator, which ECMAScript's rules alone know. */
import type { PoolClient } from 'pg'
import type { Transactions } from 'pillion/transaction'

export function hiddenBy(tx: Transactions<PoolClient>): new () => { add(): Promise<void> } {
  return class {
    readonly #body = 'hidden'

    @tx.transactional
    async #add(): Promise<void> {
      await tx.current()?.orm.query('insert into note values ($1)', [this.#body])
    }

    add(): Promise<void> {
      return this.#add()
    }
  }
}
