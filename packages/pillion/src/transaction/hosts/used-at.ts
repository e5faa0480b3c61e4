/**
 * Where a transaction was used, for hosts that send later than they are called: by then the stack does not tell it.
 *
 * @module
 */
import { located } from '../../errors.js'
import { isFunction } from '../../hosts/shape.js'
import type { Origin } from '../../query/node.js'
import { describeOrigin } from '../../query/origin.js'
import type { Failed, Leave, Passage } from '../../run/ambient.js'

/** The same passage, whose refusal names the line that asked. */
export function usedAt(passage: Passage, origin: () => Origin | undefined): Passage {
  return new PassageFrom(passage, origin)
}

/** A class, for there is one to each statement: a literal with a getter takes the engine some thirty times as long. */
class PassageFrom implements Passage {
  readonly #passage: Passage
  readonly #origin: () => Origin | undefined

  constructor(passage: Passage, origin: () => Origin | undefined) {
    this.#passage = passage
    this.#origin = origin
  }

  get target(): unknown {
    return this.#passage.target
  }

  get ending(): AbortSignal {
    return this.#passage.ending
  }

  suspect(): Failed {
    return this.#passage.suspect()
  }

  enter(): Leave | Promise<Leave> {
    try {
      const entered = this.#passage.enter()
      return isFunction(entered) ? entered : entered.catch(error => this.#refuse(error))
    } catch (error) {
      return this.#refuse(error)
    }
  }

  #refuse(error: unknown): never {
    const origin = this.#origin()
    const at = origin === undefined ? undefined : describeOrigin(origin)
    throw at === undefined ? error : located(error, { origin: at })
  }
}
