/**
 * The arena on MariaDB and MySQL.
 *
 * @module
 */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createPool, type Pool, type PoolConnection } from 'mysql2/promise'
import { pillion } from 'pillion'
import { mysql2Host } from 'pillion/mysql2'
import type { Database } from '../../../../../../test/support/postgres.js'
import type { DB } from '../../../support/interviews.gen.js'
import { rowsByName } from '../data.js'
import type { Manner } from '../manner.js'
import type { Value } from '../small-world.js'
import type { Arena } from './arena.js'
import { patienceWithOne } from './patience.js'
import { remembering } from './remembering.js'
import { tableNames } from './table-names.js'

const manner: Manner = {
  nulls: 'smallest',
  labels: 'by place',
  numerics: 'to scale',
  held: (_type, value) => value,
}

/**
 * The servers join what EXISTS asks of like any table, and go through the orders of eighteen tables for as long as a test may take,
 * unless they are told how far to look ahead.
 */
const settings = `
  set optimizer_search_depth = 4,
  /*!50708 max_execution_time = ${patienceWithOne} */
  /*M!100101 max_statement_time = ${patienceWithOne / 1000} */`

/** Opens an empty one in a database made for it. */
export async function openMysqlArena(create: () => Promise<Database>): Promise<Arena> {
  const database = await create()
  const pool = createPool({ uri: database.url, connectionLimit: 2, multipleStatements: true, timezone: 'Z' })
  pool.pool.on('connection', connection => connection.query(settings))
  const ddl = await readFile(new URL('../../../support/interviews.mariadb.sql', import.meta.url), 'utf8')
  await pool.query(ddl.replaceAll(') COLLATE', ') STATS_PERSISTENT = 1 STATS_AUTO_RECALC = 0 COLLATE'))
  const log: string[] = []
  // no shape comes twice, so that keeping them prepared would only fill the server
  const db = await pillion<DB>(remembering(mysql2Host(pool, { prepare: false }), log), { names: 'camel' })
  log.length = 0
  return {
    db,
    manner,
    fill: tables => refill(pool, rowsByName(tables)),
    sent: () => log.splice(0),
    async close() {
      await pool.end()
      await database.drop()
    },
  }
}

type Rows = Readonly<Record<string, readonly Readonly<Record<string, Value>>[] | undefined>>

async function refill(pool: Pool, rows: Rows): Promise<void> {
  const connection = await pool.getConnection()
  try {
    await connection.query(`set foreign_key_checks = 0; set time_zone = '+00:00'; start transaction`)
    for (const name of tableNames.toReversed()) await connection.query(`delete from \`${name}\``)
    for (const name of tableNames) await insert(connection, name, rows[name] ?? [])
    await connection.query('commit; set foreign_key_checks = 1')
    await connection.query(believed(rows))
  } finally {
    connection.release()
  }
}

/**
 * What the server shall believe of the tables, by which it chooses its plans: anything, and the same of the same rows. What it counts
 * by itself it counts later, so that a failure would not be seen again.
 */
function believed(rows: Rows): string {
  const held = JSON.stringify(rows, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))
  const bytes = createHash('sha256').update(held).digest()
  const some = (place: number) => beliefs[bytes.readUInt8(place) % beliefs.length]
  const of = (table: string) => `where database_name = database() and table_name = '${table}'`
  return tableNames
    .map(
      (table, i) => `
      update mysql.innodb_table_stats set n_rows = ${some(2 * i)} ${of(table)};
      update mysql.innodb_index_stats set stat_value = ${some(2 * i + 1)} ${of(table)} and stat_name like 'n_diff%';
      flush table \`${table}\`;`,
    )
    .join('')
}

const beliefs = [0, 1, 2, 3, 10, 100, 10_000]

async function insert(
  connection: PoolConnection,
  table: string,
  rows: readonly Readonly<Record<string, Value>>[],
): Promise<void> {
  const [first] = rows
  if (first === undefined) return
  const columns = Object.keys(first)
  await connection.query(`insert into \`${table}\` (${columns.join(', ')}) values ?`, [
    rows.map(row => columns.map(column => stored(row[column] ?? null))),
  ])
}

function stored(value: Value): Value {
  return typeof value === 'string' && /^\d{4}-.*:/.test(value) ? value.slice(0, 26).replace('T', ' ') : value
}
