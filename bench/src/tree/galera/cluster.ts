/** Three MariaDB servers on loopback that keep one database by Galera. @module */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync, openSync } from 'node:fs'
import { chown, mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { createConnection } from 'mysql2/promise'

/** Where Debian puts them, then where others do. */
const libraries = ['/usr/lib/galera/libgalera_smm.so', '/usr/lib64/galera-4/libgalera_smm.so']

const packages = 'on Debian: apt-get install mariadb-server galera-4 rsync'

export interface Cluster extends AsyncDisposable {
  /** A URL for each node. */
  readonly urls: readonly string[]
}

interface Node {
  readonly name: string
  readonly data: string
  readonly ports: Ports
}

/** SQL; between the nodes; a missing part of the log; a whole copy. */
interface Ports {
  readonly sql: number
  readonly group: number
  readonly incremental: number
  readonly copy: number
}

/** Starts nodes of the same data, one after the other. All is below one folder, and gone when disposed of. */
export async function startCluster(size = 3): Promise<Cluster> {
  const programs = find()
  const folder = await mkdtemp(join(tmpdir(), 'pillion-galera-'))
  const owner = user()
  if (owner !== undefined) await chown(folder, owner.uid, owner.gid)
  const running: ChildProcess[] = []
  const stop = async () => {
    await Promise.all(running.map(ended))
    await rm(folder, { recursive: true, force: true })
  }
  try {
    const nodes = await Promise.all(Array.from({ length: size }, (_, i) => nodeIn(folder, i + 1)))
    const run = async (node: Node): Promise<ChildProcess> => {
      const server = start(programs, node, nodes)
      running.push(server)
      await synced(node, server)
      return server
    }
    const first = nodes[0] as Node
    await install(programs.install, first)
    await ended(await run(first))
    for (const { data } of nodes.slice(1)) await finished('cp', ['-a', first.data, data])
    for (const node of nodes) await run(node)
    return { urls: nodes.map(urlOf), [Symbol.asyncDispose]: stop }
  } catch (error) {
    await stop()
    throw error
  }
}

interface Programs {
  readonly server: string
  readonly install: string
  readonly library: string
}

function find(): Programs {
  const on = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin']
  const program = (name: string): string => {
    const found = on.map(folder => join(folder, name)).find(existsSync)
    if (found === undefined) throw new Error(`There is no ${name} (${packages}).`)
    return found
  }
  const library = libraries.find(existsSync)
  if (library === undefined) throw new Error(`There is no Galera (${packages}).`)
  program('rsync')
  return { server: program('mariadbd'), install: program('mariadb-install-db'), library }
}

async function nodeIn(folder: string, n: number): Promise<Node> {
  const [sql, group, incremental, copy] = await freePorts(4)
  return { name: `node${n}`, data: join(folder, `node${n}`), ports: { sql, group, incremental, copy } as Ports }
}

async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<ReturnType<typeof createServer>>((resolve, reject) => {
          const server = createServer().on('error', reject)
          server.listen(0, '127.0.0.1', () => resolve(server))
        }),
    ),
  )
  const ports = servers.map(server => (server.address() as { port: number }).port)
  await Promise.all(servers.map(server => new Promise(resolve => server.close(resolve))))
  return ports
}

/** Neither the server nor what copies its files works as root, so root lends them to a user of the system. */
function user(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  const [uid, gid] = ['-u', '-g'].map(which => Number(execFileSync('id', [which, 'mysql'], { encoding: 'utf8' })))
  return { uid: uid as number, gid: gid as number }
}

async function finished(program: string, args: readonly string[]): Promise<void> {
  const child = spawn(program, args, { stdio: 'ignore', ...user() })
  const code = await new Promise((resolve, reject) => child.on('error', reject).on('exit', resolve))
  if (code !== 0) throw new Error(`${program} ended with ${code}.`)
}

const install = (program: string, { data }: Node): Promise<void> =>
  finished(program, [
    '--no-defaults',
    `--datadir=${data}`,
    '--auth-root-authentication-method=normal',
    '--skip-test-db',
  ])

function start({ server, library }: Programs, node: Node, nodes: readonly Node[]): ChildProcess {
  const { name, data, ports } = node
  const first = node === nodes[0]
  const provider = {
    base_host: '127.0.0.1',
    base_port: ports.group,
    'gmcast.listen_addr': `tcp://127.0.0.1:${ports.group}`,
    'ist.recv_addr': `127.0.0.1:${ports.incremental}`,
    'gcache.size': '64M',
  }
  const settings = {
    datadir: data,
    socket: join(data, 'socket'),
    pid_file: join(data, 'pid'),
    bind_address: '127.0.0.1',
    port: ports.sql,
    skip_name_resolve: 'on',
    performance_schema: 'off',
    binlog_format: 'ROW',
    default_storage_engine: 'InnoDB',
    innodb_autoinc_lock_mode: 2,
    innodb_flush_log_at_trx_commit: 0,
    innodb_flush_method: 'nosync',
    innodb_buffer_pool_size: '64M',
    innodb_log_file_size: '32M',
    wsrep_on: 'on',
    wsrep_provider: library,
    wsrep_provider_options: Object.entries(provider)
      .map(([key, value]) => `${key}=${value}`)
      .join(';'),
    wsrep_cluster_name: 'pillion',
    wsrep_cluster_address: `gcomm://${first ? '' : nodes.map(each => `127.0.0.1:${each.ports.group}`).join(',')}`,
    wsrep_node_name: name,
    wsrep_node_address: '127.0.0.1',
    wsrep_node_incoming_address: `127.0.0.1:${ports.sql}`,
    // each begins as a copy of the first, and asks for what came since
    wsrep_sst_method: 'rsync',
    wsrep_sst_receive_address: `127.0.0.1:${ports.copy}`,
    wsrep_slave_threads: 2,
  }
  const log = openSync(`${data}.log`, 'w')
  return spawn(
    server,
    [
      '--no-defaults',
      ...Object.entries(settings).map(([key, value]) => `--${key}=${value}`),
      ...(first ? ['--wsrep-new-cluster'] : []),
    ],
    { stdio: ['ignore', log, log], ...user() },
  )
}

const urlOf = ({ ports }: Node): string => `mysql://root@127.0.0.1:${ports.sql}/mysql`

/** Until the node has all that the others have, for a minute. */
async function synced(node: Node, server: ChildProcess): Promise<void> {
  for (const until = performance.now() + 60_000; performance.now() < until; await setTimeout(200)) {
    if (server.exitCode !== null) break
    if ((await stateOf(node)) === 'Synced') return
  }
  throw new Error(`${node.name} did not join:\n${(await readFile(`${node.data}.log`, 'utf8')).slice(-4_000)}`)
}

/** What the node says of itself; undefined while it does not listen yet. */
async function stateOf(node: Node): Promise<string | undefined> {
  const connection = await createConnection(urlOf(node)).catch(() => undefined)
  if (connection === undefined) return undefined
  try {
    const [rows] = await connection.query(`SHOW STATUS LIKE 'wsrep_local_state_comment'`)
    return (rows as { Value: string }[])[0]?.Value
  } finally {
    await connection.end()
  }
}

async function ended(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return
  const over = new Promise(resolve => server.once('exit', resolve))
  server.kill('SIGTERM')
  const killer = globalThis.setTimeout(() => server.kill('SIGKILL'), 20_000)
  await over
  clearTimeout(killer)
}
