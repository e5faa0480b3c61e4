/**
 * Where a transaction was used, for hosts that send later than they are called: by then the stack does not tell it.
 *
 * @module
 */
import { located } from '../../errors.js'
import { isFunction } from '../../hosts/shape.js'
import type { Origin } from '../../query/node.js'
import { describeOrigin } from '../../query/origin.js'
import type { Leave, Passage } from '../../run/ambient.js'

/** The same passage, whose refusal names the line that asked. */
export function usedAt(passage: Passage, origin: () => Origin | undefined): Passage {
  const placed = (error: unknown): never => {
    const known = origin()
    const at = known === undefined ? undefined : describeOrigin(known)
    throw at === undefined ? error : located(error, { origin: at })
  }
  return {
    target: passage.target,
    suspect: () => passage.suspect(),
    get ending() {
      return passage.ending
    },
    enter(): Leave | Promise<Leave> {
      try {
        const entered = passage.enter()
        return isFunction(entered) ? entered : entered.catch(placed)
      } catch (error) {
        return placed(error)
      }
    },
  }
}
