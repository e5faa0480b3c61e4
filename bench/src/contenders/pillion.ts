/** Pillion, on the `pg` host. @module */
import type { Open } from '../contender.js'

export const open: Open = async () => {
  throw new Error('its query API has not landed yet')
}
