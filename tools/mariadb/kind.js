import { join } from 'node:path'
import { findMariadb } from './programs.js'

export const name = 'mariadb'
export const ready = 'ready for connections'
export const portTaken = 'Bind on TCP/IP port'
export const stopSignal = 'SIGTERM'

const launcherSettings = {
  bind_address: '127.0.0.1',
  socket: '',
  skip_name_resolve: 'on',
  skip_log_bin: 'on',
  performance_schema: 'off',
  innodb_flush_log_at_trx_commit: 0,
  innodb_flush_method: 'nosync',
  innodb_doublewrite: 'off',
  innodb_fast_shutdown: 3,
  innodb_log_file_size: '32M',
  innodb_buffer_pool_size: '64M',
  character_set_server: 'utf8mb4',
  default_time_zone: '+00:00',
}

/** @type {import('../server/index.d.ts').Kind<import('./index.d.ts').MariadbOptions>['install']} */
export async function install({ folder, password, write, run }, { settings }) {
  const programs = findMariadb()
  if (programs === undefined) throw new Error('there is no mariadbd with its mariadb-install-db')
  const data = join(folder, 'data')
  await run(programs.install, [
    '--no-defaults',
    `--datadir=${data}`,
    '--auth-root-authentication-method=normal',
    '--skip-name-resolve',
    '--skip-test-db',
  ])
  const superuser = await write(
    'superuser.sql',
    `DELETE FROM mysql.global_priv WHERE User = 'root';
     FLUSH PRIVILEGES;
     CREATE USER root@'127.0.0.1' IDENTIFIED BY '${password}';
     GRANT ALL ON *.* TO root@'127.0.0.1' WITH GRANT OPTION;\n`,
  )
  return {
    program: programs.server,
    args: port => [
      '--no-defaults',
      `--datadir=${data}`,
      `--init-file=${superuser}`,
      ...Object.entries({ ...launcherSettings, ...settings, port }).map(([name, value]) => `--${name}=${value}`),
    ],
    url: port => `mariadb://root:${password}@127.0.0.1:${port}/mysql`,
  }
}
