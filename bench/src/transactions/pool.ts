/** A pool of `pg` whose sockets may outlive it: the database is dropped under them. @module */
import pg from 'pg'

export function poolOn(url: string, connections: number): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, max: connections })
  pool.on('error', () => {})
  pool.on('connect', client => client.on('error', () => {}))
  return pool
}
