// `node tools/lock/complete.js`: run it after `npm install` changed package-lock.json.
// A registry mirror may lack the binaries of other platforms; npm then leaves them out of the lock, and `npm ci`
// refuses the lock everywhere. Their versions are known from the packages that ask for them, so they are added.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const file = fileURLToPath(new URL('../../package-lock.json', import.meta.url))
const lock = JSON.parse(readFileSync(file, 'utf8'))

const absent = Object.entries(lock.packages).flatMap(([path, { dev, optionalDependencies = {} }]) =>
  Object.entries(optionalDependencies)
    .filter(([name]) => !lock.packages[`node_modules/${name}`] && !lock.packages[`${path}/node_modules/${name}`])
    .map(([name, version]) => [
      `node_modules/${name}`,
      { version, ...platformOf(name), ...(dev && { dev }), optional: true },
    ]),
)

lock.packages = Object.fromEntries(
  [...Object.entries(lock.packages), ...absent].sort(([one], [other]) => one.localeCompare(other, 'en')),
)
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`)
console.log(`${absent.length} packages of other platforms added to the lock`)

/**
 * As binaries are named: `…/cli-linux-x64-musl`.
 *
 * @param {string} name
 */
function platformOf(name) {
  const found =
    /(android|darwin|freebsd|linux|openharmony|win32)-(arm64|arm|ia32|ppc64|riscv64|s390x|x64)(?:-(\w+))?$/.exec(name)
  if (found === null) throw new Error(`the lock lacks ${name}, whose platform its name does not tell`)
  const [, os, cpu, abi] = found
  const libc = abi === 'musl' ? ['musl'] : abi === 'gnu' && os === 'linux' ? ['glibc'] : undefined
  return { cpu: [cpu], ...(libc && { libc }), os: [os] }
}
