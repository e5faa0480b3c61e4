import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Where Debian puts the server, which is on root's path alone. */
const debian = '/usr/sbin'

/** @returns {{ server: string, install: string } | undefined} */
export function findMariadb() {
  const server = find('mariadbd')
  const install = find('mariadb-install-db')
  return server !== undefined && install !== undefined ? { server, install } : undefined
}

/**
 * @param {string} name
 * @returns {string | undefined}
 */
function find(name) {
  return [...(process.env['PATH'] ?? '').split(delimiter), debian].map(folder => join(folder, name)).find(isProgram)
}

/** @param {string} file */
function isProgram(file) {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
