import { startServer } from '../server/index.js'

export { findMariadb } from './programs.js'

const kind = new URL('./kind.js', import.meta.url)

/** @param {import('./index.d.ts').MariadbOptions} [options] */
export function startMariadb(options = {}) {
  return startServer(kind, options)
}
