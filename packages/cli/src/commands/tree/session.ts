/**
 * A session on whichever engine a URL names, open no longer than its work.
 *
 * @module
 */
import type { TreeSession } from 'pillion/tree'
import { connected, driverOf } from '../../drivers/find.js'
import { interruptible, stoppable, unheard } from '../../interruption.js'

/** Connects, does the work, and closes, however the work ends. */
export async function withSession<T>(
  url: string,
  work: (session: TreeSession, stop: AbortSignal) => Promise<T>,
): Promise<T> {
  const driver = driverOf(url)
  const session = await connected(driver.shown(url), driver.session(url))
  const { dialect, run, cancel } = session
  try {
    if (cancel === undefined) return await unheard(() => work(session, new AbortController().signal))
    return await interruptible(stop => work({ dialect, run: stoppable(run, cancel, stop) }, stop))
  } finally {
    await session.close()
  }
}
