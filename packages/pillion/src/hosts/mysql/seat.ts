/**
 * A seat on a connection of MySQL's protocol, and when a statement may be sent there.
 *
 * @module
 */
import { PillionError } from '../../errors.js'
import { mariadbLine } from './mariadb-line.js'
import type { Line } from './line.js'
import { mysql2Line } from './mysql2-line.js'
import { finished, type Seat } from '../seat.js'

/** A seat on a connection of a driver that is known here. */
export interface MysqlSeat extends Seat {
  readonly line: Line
}

/** @throws PillionError `HOST_SHAPE` */
export function mysqlSeat(seat: Seat): MysqlSeat {
  const line = mysql2Line(seat.connection) ?? mariadbLine(seat.connection)
  const { connection, borrowed, transaction, refusal, checkout, ending } = seat
  // by name: on the way of every statement a copy by spreading costs more than all else here
  if (line !== undefined) return { connection, borrowed, transaction, refusal, checkout, ending, line }
  throw new PillionError('HOST_SHAPE', 'The connection is of no driver that is known here.', {
    hint: 'mysql2 3.11 or later and mariadb 3.4.1 or later, with promises, are known.',
  })
}

/** Must the server be asked first? On a connection that was not listened to before, or whose last answer was an error. */
export function mustAsk({ transaction, refusal, line }: MysqlSeat): boolean {
  return transaction && refusal() === undefined && line.inTransaction() === undefined
}

/** Why nothing may be sent on a seat now. */
export function refusalOn(seat: MysqlSeat): PillionError | undefined {
  const ended = seat.transaction && seat.line.inTransaction() === false
  return seat.refusal() ?? (ended ? noTransaction() : undefined)
}

/**
 * The transaction may have ended when ours was on its way: by the host's own word, or by the server's, which ends it at a
 * deadlock. Then these are not the rows that were asked for.
 *
 * @throws PillionError `TRANSACTION_FINISHED`
 */
export function checkAfter(seat: Seat, inTransaction: boolean | undefined): void {
  if (seat.transaction && inTransaction === false) throw noTransaction()
}

function noTransaction(): PillionError {
  return finished('No transaction is open on its connection.')
}
