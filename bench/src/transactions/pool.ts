/** A pool of `pg` whose sockets may outlive it: the database is dropped under them. @module */
import pg from 'pg'

export function poolOn(url: string, connections: number): pg.Pool {
  return heedless(new pg.Pool({ connectionString: url, max: connections }))
}

/** Nobody is told of a connection that ends. */
export function heedless(pool: pg.Pool): pg.Pool {
  pool.on('error', () => {})
  pool.on('connect', client => client.on('error', () => {}))
  return pool
}
