import type { TreeSession } from '../../../src/tree/session.js'

/** Does a session of PostgreSQL's wait for a lock? Another one is asked, whenever it is called. */
export async function waiting(session: TreeSession, observer: TreeSession): Promise<() => Promise<boolean>> {
  const [[pid] = []] = await session.run('select pg_backend_pid()')
  return async () => (await observer.run(`select 1 from pg_locks where not granted and pid = ${pid}`)).length > 0
}
