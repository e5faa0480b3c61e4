/**
 * The seven modes: what is done about the transaction that is current, decided from that alone.
 *
 * @module
 */

/** What to do with a transaction that is current already. */
export type Mode = 'required' | 'requires_new' | 'nested' | 'supports' | 'not_supported' | 'mandatory' | 'never'

/** `join` the current one, `open` one on another connection, `nest` by a savepoint, `none`: run outside of any. */
export type Action = 'join' | 'open' | 'nest' | 'none' | 'refuse'

const actions: { readonly [mode in Mode]: { readonly inside: Action; readonly outside: Action } } = Object.freeze({
  required: { inside: 'join', outside: 'open' },
  requires_new: { inside: 'open', outside: 'open' },
  nested: { inside: 'nest', outside: 'open' },
  supports: { inside: 'join', outside: 'none' },
  not_supported: { inside: 'none', outside: 'none' },
  mandatory: { inside: 'join', outside: 'refuse' },
  never: { inside: 'refuse', outside: 'none' },
})

/** Every mode. */
export const modes: readonly Mode[] = Object.freeze(Object.keys(actions) as Mode[])

/** What a mode does inside or outside of a transaction. */
export function actionOf(mode: Mode, where: 'inside' | 'outside'): Action {
  return actions[mode][where]
}
