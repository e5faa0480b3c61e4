import { execFileSync } from 'node:child_process'

/**
 * The user to run a server as: servers refuse root, so root lends them to a user the system has.
 *
 * @returns {{ uid: number, gid: number } | undefined} Nothing: as oneself.
 */
export function serverUser() {
  if (process.getuid?.() !== 0) return undefined
  for (const name of ['postgres', 'mysql', 'nobody']) {
    const uid = idOf('-u', name)
    const gid = idOf('-g', name)
    if (uid !== undefined && gid !== undefined) return { uid, gid }
  }
  throw new Error('the server does not run as root, and this system has no user to lend it to')
}

/**
 * @param {'-u' | '-g'} which
 * @param {string} name
 */
function idOf(which, name) {
  try {
    return Number(execFileSync('id', [which, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }))
  } catch {
    return undefined
  }
}
