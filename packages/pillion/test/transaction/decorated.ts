/**
 * Methods with decorators, for `decorators.test.ts`, which has the compiler make them by ECMAScript's rules and by those before. The
 * package is imported for its types alone.
 */
import type { PoolClient } from 'pg'
import type { Transactions } from 'pillion/transaction'

/** Notes whose writers run in transactions. */
export function notesBy(tx: Transactions<PoolClient>) {
  class Notes {
    static readonly table = 'note'
    readonly prefix: string

    constructor(prefix: string) {
      this.prefix = prefix
    }

    @tx.transactional
    async add<B extends string>(body: B): Promise<B> {
      await tx.current()?.orm.query(`insert into ${Notes.table} values ($1)`, [`${this.prefix} ${body}`])
      return body
    }

    @tx.transactional({ name: 'failing' })
    async addAndFail(body: string): Promise<string> {
      await this.add(body)
      throw new Error(tx.active()[0]?.name)
    }

    @tx.transactional({ mode: 'mandatory' })
    static async count(): Promise<number> {
      return (await tx.current()?.orm.query(`select from ${this.table}`))?.rowCount ?? 0
    }

    @tx.transactional
    static async counted(): Promise<number> {
      return this.count()
    }
  }
  return Notes
}

/** What another decorator leaves on a method is there still, whichever is applied first. */
export function markedBy(tx: Transactions<PoolClient>, mark: (...onto: unknown[]) => void): object {
  class Marked {
    @mark
    @tx.transactional
    async first(): Promise<void> {}

    @tx.transactional
    @mark
    async last(): Promise<void> {}
  }
  return Marked.prototype
}

/** Decorators where they have nothing to decorate: the compiler refuses them, and so do they. */
export const misplaced = {
  getter(tx: Transactions<PoolClient>): object {
    class Counting {
      // @ts-expect-error: it answers at once
      @tx.transactional
      get count(): number {
        return 1
      }
    }
    return Counting
  },
  field(tx: Transactions<PoolClient>): object {
    class Counted {
      // @ts-expect-error: there is no method yet
      @tx.transactional({ name: 'field' })
      count = 1
    }
    return Counted
  },
}

/** A method that is done at once: one would be given a promise, of which its type says nothing. */
export function synchronous(tx: Transactions<PoolClient>): object {
  class Counting {
    // @ts-expect-error: it gives no promise
    @tx.transactional
    count(): number {
      return 1
    }
  }
  return Counting
}
