/**
 * A session on whichever engine a URL names, open no longer than its work. Ctrl-C cancels the statement under way, what was
 * begun is undone, and the command ends; a second one ends it at once. On SQLite the first one does, and whoever opens the
 * file next undoes what was begun.
 *
 * @module
 */
import type { TreeSession } from 'pillion/tree'
import { connected, driverOf } from '../../drivers/find.js'
import { explain } from '../../failure.js'

/** Connects, does the work, and closes, however the work ends. */
export async function withSession<T>(
  url: string,
  work: (session: TreeSession, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const driver = driverOf(url)
  const session = await connected(driver.shown(url), driver.session(url))
  const stop = new AbortController()
  const interrupt = (): void => {
    if (stop.signal.aborted) process.exit(130)
    stop.abort(new Error('interrupted'))
    session.cancel?.().catch(() => {})
  }
  process.removeAllListeners('SIGINT')
  if (session.cancel !== undefined) process.on('SIGINT', interrupt)
  try {
    return await work(session, stop.signal)
  } catch (error) {
    if (!stop.signal.aborted) throw error
    throw Object.assign(new Error(`interrupted: ${explain(error).split('\n')[0]}`), { exitCode: 130 })
  } finally {
    process.off('SIGINT', interrupt)
    await session.close()
  }
}
