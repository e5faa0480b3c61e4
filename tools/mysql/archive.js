// Packages of Debian's archive, put into a folder and not installed: apt finds them with all that they need, and verifies
// them, by lists of its own.
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run, unavailable } from './run.js'

const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg'

/**
 * Unpacks a package and everything that it depends on.
 *
 * @param {string} name
 * @param {string} suite A release, as `sid`.
 * @param {string} folder
 */
export async function unpack(name, suite, folder) {
  const apt = await privateApt(`deb [signed-by=${keyring}] ${await mirror()} ${suite} main`, join(folder, 'apt'))
  await apt('update')
  await apt('install', '--yes', '--download-only', '--no-install-recommends', name)
  const archives = join(folder, 'apt/archives')
  const packages = (await readdir(archives)).filter(file => file.endsWith('.deb'))
  for (const file of packages) await run('dpkg-deb', ['--extract', join(archives, file), folder])
}

/** The archive of Debian that this machine installs from. */
async function mirror() {
  const known = await run('apt-get', ['indextargets', '--no-release-info', '--format', '$(REPO_URI)'])
  const found = known.split('\n').find(uri => /\/debian(\.list)?\/?$/.test(uri))
  if (found === undefined) throw unavailable('apt-get knows no archive of Debian here')
  return found
}

/**
 * An apt that knows one source and no installed package, so that it fetches the C library, too.
 *
 * @param {string} source
 * @param {string} folder
 */
async function privateApt(source, folder) {
  await mkdir(join(folder, 'lists/partial'), { recursive: true })
  await mkdir(join(folder, 'archives/partial'), { recursive: true })
  await writeFile(join(folder, 'status'), '')
  await writeFile(join(folder, 'sources.list'), `${source}\n`)
  const settings = {
    'Dir::State': folder,
    'Dir::State::status': join(folder, 'status'),
    'Dir::Cache': folder,
    'Dir::Cache::archives': join(folder, 'archives'),
    'Dir::Etc::SourceList': join(folder, 'sources.list'),
    'Dir::Etc::SourceParts': '/dev/null',
    // the user it would become for this has no rights in the folder
    'APT::Sandbox::User': 'root',
    'APT::Update::Error-Mode': 'any',
    'Acquire::Languages': 'none',
    'Acquire::Retries': 2,
    'Acquire::http::Timeout': 20,
  }
  const options = Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`])
  /** @param {readonly string[]} args */
  return (...args) => run('apt-get', ['-qq', ...options, ...args])
}
