import { startServer } from '../server/index.js'

const kind = new URL('./kind.js', import.meta.url)

/** @param {import('./index.d.ts').PostgresOptions} [options] */
export function startPostgres(options = {}) {
  return startServer(kind, options)
}
