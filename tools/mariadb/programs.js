import { findProgram } from '../path/find-program.js'

/** Where Debian puts the server, which is on root's path alone. */
const debian = '/usr/sbin'

/** @returns {{ server: string, install: string } | undefined} */
export function findMariadb() {
  const server = findProgram('mariadbd', [debian])
  const install = findProgram('mariadb-install-db')
  return server !== undefined && install !== undefined ? { server, install } : undefined
}
