import type { Statement } from '../run/host.js'

/** A statement with its values as text. */
export function statement(text: string, ...values: (string | null)[]): Statement {
  return { text, values }
}
