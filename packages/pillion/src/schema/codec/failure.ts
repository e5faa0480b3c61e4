import { isPillionError, PillionError } from '../../errors.js'

/** A value that came in a form its type does not have. The value itself stays out of the message. */
export function decodeFailed(type: string, hint: string): PillionError {
  return new PillionError('DECODE_FAILED', `a ${type} came back in a form pillion cannot read`, { hint })
}

/** The same failure, of what is read under a name: a key of the row, the path to one, a column of a hand-written statement. */
export function decodeFailedAt(name: string, failure: unknown): unknown {
  if (!isPillionError(failure) || failure.code !== 'DECODE_FAILED') return failure
  const { summary, hint = '' } = failure
  return new PillionError('DECODE_FAILED', `${name}: ${summary}`, { hint })
}

/** What is of another type than the column was when it was reflected. */
export function drifted(type: string): PillionError {
  return decodeFailed(type, 'The column may have another type by now: db.refresh() reads the catalogue again.')
}

/** The number, unless it is none. */
export function checkedNumber(number: number): number {
  if (number === number) return number
  throw drifted('number')
}
