import { PillionError } from '../../errors.js'

/** A value that came in a form its type does not have. The value itself stays out of the message. */
export function decodeFailed(type: string, hint: string): PillionError {
  return new PillionError('DECODE_FAILED', `a ${type} came back in a form pillion cannot read`, { hint })
}
