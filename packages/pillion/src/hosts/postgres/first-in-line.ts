/**
 * What follows ours on its client before anything of the host's that waits in the client's queue: the way back to the
 * savepoint, which a statement of the host's would else find spoiled; and a pause while the server is being told to stop ours,
 * for what it runs by then is what it stops.
 *
 * @module
 */
import type { PgClient, PgConnection, Submittable } from './client.js'

const ours = new WeakSet<object>()

/** Puts it behind ours that are first already, before all of the host's; false where the client keeps no queue. */
function queueFirst({ _queryQueue: queue }: PgClient, submittable: Submittable): boolean {
  if (!Array.isArray(queue)) return false
  ours.add(submittable)
  const at = queue.findIndex(each => !ours.has(each))
  queue.splice(at < 0 ? queue.length : at, 0, submittable)
  return true
}

const nothing = (): void => {}

/** Sends no statement, whatever becomes of it. */
const silent = {
  callback: nothing,
  handleRowDescription: nothing,
  handleDataRow: nothing,
  handleCommandComplete: nothing,
  handlePortalSuspended: nothing,
  handleEmptyQuery: nothing,
  handleCopyInResponse: nothing,
  handleCopyData: nothing,
  handleError: nothing,
  handleReadyForQuery: nothing,
}

/** Nothing that waits on the client is sent until the function that is given back is called. */
export function held(client: PgClient): () => void {
  let connection: PgConnection | undefined
  let isOver = false
  const submit = (free: PgConnection): null => {
    connection = free
    // the server has nothing to do by it but to say that it is ready
    if (isOver) free.sync()
    return null
  }
  queueFirst(client, { ...silent, submit })
  return () => {
    isOver = true
    connection?.sync()
  }
}

/** Sends text next; settles when the server is ready again, or can be no more. */
export function sendNext(client: PgClient, text: string): Promise<void> {
  return new Promise(resolve => {
    const done = (): void => resolve()
    const submit = (connection: PgConnection): null => {
      connection.query(text)
      return null
    }
    const isQueued = queueFirst(client, { ...silent, submit, handleError: done, handleReadyForQuery: done })
    if (!isQueued) client.query(text, done)
  })
}
