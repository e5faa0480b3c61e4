/**
 * Serves an app on the loopback interface.
 *
 * @module
 */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import type { Hono } from 'hono'

export interface Server {
  readonly url: string
  /** Ends open connections too. */
  close(): Promise<void>
}

/** Listens on a port; 0 for any that is free. */
export async function listen(app: Hono, port: number): Promise<Server> {
  const server = createAdaptorServer({ fetch: app.fetch })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const { port: chosen } = server.address() as AddressInfo
  return Object.freeze<Server>({
    url: `http://127.0.0.1:${chosen}/`,
    async close() {
      const closed = once(server, 'close')
      server.close()
      if ('closeAllConnections' in server) server.closeAllConnections()
      await closed
    },
  })
}
