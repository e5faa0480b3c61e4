/** Pillion's reflection. @module */
import type { Reader } from './reader.js'

export const read: Reader = async () => {
  throw new Error('its reflection has not landed yet')
}
