/**
 * InnoDB's transactions as they are now. Its table `innodb_trx` cannot tell: it shows again what it has gathered before
 * for as long as anybody on the server asks every tenth of a second.
 *
 * @module
 */

/** A transaction of a session. */
export interface InnodbTransaction {
  /** The session, as `connection_id()` says. */
  readonly session: number
  /** It waits for a lock. */
  readonly waits: boolean
}

/** The transactions that have begun, of the text that `SHOW ENGINE INNODB STATUS` prints. */
export function innodbTransactions(status: string): readonly InnodbTransaction[] {
  return status
    .split('---TRANSACTION ')
    .filter(each => /^\S+ ACTIVE /.test(each))
    .map(each => ({ session: Number(/ thread id (\d+),/.exec(each)?.[1]), waits: each.includes('LOCK WAIT') }))
}
