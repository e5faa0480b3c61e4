import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Where `npm run mysql` puts it. */
export const fetched = fileURLToPath(new URL('../../.tmp/mysql', import.meta.url))

/** @returns {string | undefined} */
export function findMysql() {
  return existsSync(fetched) ? fetched : undefined
}

/**
 * How to run the server of a folder: by the loader and the libraries that came with it, for this system's may be older.
 *
 * @param {string} folder
 * @returns {{ readonly program: string, readonly args: readonly string[] }}
 */
export function mysqld(folder) {
  return {
    program: join(folder, 'lib/loader'),
    args: [
      '--library-path',
      join(folder, 'lib'),
      join(folder, 'mysqld'),
      '--no-defaults',
      `--lc-messages-dir=${join(folder, 'share')}`,
      `--character-sets-dir=${join(folder, 'share/charsets')}`,
      `--plugin-dir=${join(folder, 'plugin')}`,
    ],
  }
}
