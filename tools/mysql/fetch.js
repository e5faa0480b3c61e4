// `npm run mysql`: fetches MySQL's server into a folder of the workspace, for the tests to start. No stable release of Debian
// has one, so it is Debian unstable's, with the libraries that it needs. Ends with 3 where it is not to be had.
import { copyFile, cp, mkdir, readdir, rename, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { unpack } from './archive.js'
import { fetched, mysqld } from './programs.js'
import { run, unavailable } from './run.js'

/** The series that the tests are of: unstable moves on, and what a newer one does otherwise is a change of its own here. */
const series = '9.7'

const [, , target = fetched] = process.argv
const [unpacked, pruned] = [`${target}-unpacked`, `${target}-new`]

await removeAll(unpacked, pruned)
try {
  await unpack('mysql-server-core', 'sid', unpacked)
  await prune(unpacked, pruned)
  const { program, args } = mysqld(pruned)
  const [, version = ''] = /Ver (\S+)/.exec(await run(program, [...args, '--version'])) ?? []
  if (!version.startsWith(`${series}.`)) throw unavailable(`the archive has ${version}, and the tests are of ${series}`)
  await removeAll(target)
  await rename(pruned, target)
  console.log(`fetched MySQL ${version}`)
} catch (error) {
  if (/** @type {{ code?: unknown }} */ (error).code !== 'UNAVAILABLE') throw error
  console.log(`MySQL is not to be had: ${/** @type {Error} */ (error).message}`)
  process.exitCode = 3
} finally {
  await removeAll(unpacked, pruned)
}

/**
 * Keeps the server, the libraries that it loads, its plugins, messages and character sets: less than half of what was unpacked.
 *
 * @param {string} from
 * @param {string} to
 */
async function prune(from, to) {
  const lib = join(to, 'lib')
  await mkdir(lib, { recursive: true })
  const libraries = await only(join(from, 'usr/lib'), /-linux-gnu/)
  const loader = await only(libraries, /^ld-linux.*\.so\.\d+$/)
  const server = await only(join(from, 'usr/sbin'), /^mysqld$/)
  const loaded = await run(loader, ['--library-path', libraries, '--list', server])
  for (const [, file = ''] of loaded.matchAll(/ => (\S+) \(/g)) await copyFile(file, join(lib, basename(file)))
  await copyFile(loader, join(lib, 'loader'))
  await copyFile(server, join(to, 'mysqld'))
  await cp(join(from, 'usr/lib/mysql/plugin'), join(to, 'plugin'), { recursive: true })
  await cp(join(from, 'usr/share/mysql'), join(to, 'share'), { recursive: true })
}

/**
 * The one file of a folder that is called so.
 *
 * @param {string} folder
 * @param {RegExp} form
 */
async function only(folder, form) {
  const found = (await readdir(folder)).find(name => form.test(name))
  if (found === undefined) throw unavailable(`the packages have nothing in ${basename(folder)} that is called ${form}`)
  return join(folder, found)
}

/** @param {readonly string[]} folders */
async function removeAll(...folders) {
  for (const folder of folders) await rm(folder, { recursive: true, force: true })
}
