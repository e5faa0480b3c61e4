import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { findMysql, mysqld } from './programs.js'

export const name = 'mysql'
export const ready = 'ready for connections'
export const portTaken = 'Bind on TCP/IP port'
export const stopSignal = 'SIGTERM'

const launcherSettings = {
  bind_address: '127.0.0.1',
  socket: '',
  mysqlx: 'off',
  skip_name_resolve: 'on',
  skip_log_bin: 'on',
  local_infile: 'on',
  secure_file_priv: '',
  auto_generate_certs: 'off',
  innodb_flush_log_at_trx_commit: 0,
  innodb_flush_method: 'nosync',
  innodb_doublewrite: 'off',
  innodb_fast_shutdown: 2,
  innodb_redo_log_capacity: '32M',
  innodb_buffer_pool_size: '64M',
  character_set_server: 'utf8mb4',
  default_time_zone: '+00:00',
}

/** @type {import('../server/index.d.ts').Kind<import('./index.d.ts').MysqlOptions>['install']} */
export async function install({ folder, password, write, run }, { settings }) {
  const found = findMysql()
  if (found === undefined) throw new Error('there is no MySQL: npm run mysql')
  // A copy, since it may lie where the server's unprivileged user cannot read.
  const own = join(folder, 'mysql')
  await cp(found, own, { recursive: true })
  const { program, args } = mysqld(own)
  const superuser = await write(
    'superuser.sql',
    `DROP USER root@localhost;
     CREATE USER root@'127.0.0.1' IDENTIFIED BY '${password}';
     GRANT ALL ON *.* TO root@'127.0.0.1' WITH GRANT OPTION;\n`,
  )
  const options = [...args, `--datadir=${join(folder, 'data')}`, ...asOptions({ ...launcherSettings, ...settings })]
  await run(program, [
    ...options,
    '--initialize-insecure',
    `--init-file=${superuser}`,
    // it must leave nothing to be done
    '--innodb_fast_shutdown=1',
  ])
  return {
    program,
    args: port => [...options, `--port=${port}`],
    url: port => `mysql://root:${password}@127.0.0.1:${port}/mysql`,
  }
}

/** @param {Readonly<Record<string, string | number>>} settings */
function asOptions(settings) {
  return Object.entries(settings).map(([name, value]) => `--${name}=${value}`)
}
