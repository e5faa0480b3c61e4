import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { binariesOf } from './binaries.js'

export const name = 'postgres'
export const ready = 'ready to accept connections'
export const portTaken = 'could not bind'
// Fast shutdown: sessions are ended, and nothing of the data is worth more.
export const stopSignal = 'SIGINT'

const launcherSettings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  // in files of its folder, which go with it however it ends
  dynamic_shared_memory_type: 'mmap',
  timezone: 'UTC',
  lc_messages: 'C',
}

/** @type {import('../server/index.d.ts').Kind<import('./index.d.ts').PostgresOptions>['install']} */
export async function install({ folder, password, write, run }, { settings, ...where }) {
  const { initdb, postgres, flags } = await binariesOf(where, join(folder, 'native'))
  const data = join(folder, 'data')
  await run(initdb, [
    `--pgdata=${data}`,
    '--username=postgres',
    `--pwfile=${await write('password', password)}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--no-sync',
    ...flags,
  ])
  return {
    program: postgres,
    args: port => [
      '-D',
      data,
      ...Object.entries({ ...launcherSettings, ...settings, port }).flatMap(([name, value]) => [
        '-c',
        `${name}=${value}`,
      ]),
    ],
    url: port => `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
    clear: () => clear(data, run),
  }
}

/**
 * The few bytes of System V shared memory by which a PostgreSQL knows that another one has its data: a killed one leaves them, and
 * the file that names them.
 *
 * @param {string} data
 * @param {import('../server/index.d.ts').Site['run']} run
 */
async function clear(data, run) {
  const lock = await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '')
  const segment = lock.split('\n')[6]?.trim().split(/\s+/)[1]
  if (segment !== undefined) await run('ipcrm', ['-m', segment])
}
