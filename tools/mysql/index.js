import { startServer } from '../server/index.js'

export { findMysql } from './programs.js'

const kind = new URL('./kind.js', import.meta.url)

/** @param {import('./index.d.ts').MysqlOptions} [options] */
export function startMysql(options = {}) {
  return startServer(kind, options)
}
