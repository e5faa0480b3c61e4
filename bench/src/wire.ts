/** What a contender sends to the driver, seen at the driver itself. @module */
import pg from 'pg'

/** A statement as it was given to `Client.query`. */
export interface Sent {
  readonly text: string
  readonly config: unknown
}

/** Runs `work` and gives its result with every statement sent meanwhile. The driver is put back as it was. */
export async function observed<T>(
  work: () => Promise<T>,
): Promise<{ readonly result: T; readonly sent: readonly Sent[] }> {
  const sent: Sent[] = []
  const prototype = pg.Client.prototype
  const query = prototype.query
  prototype.query = function (this: pg.Client, ...given: unknown[]) {
    sent.push({ text: textOf(given[0]), config: given[0] })
    return Reflect.apply(query, this, given)
  } as typeof query
  try {
    return { result: await work(), sent }
  } finally {
    prototype.query = query
  }
}

function textOf(config: unknown): string {
  if (typeof config === 'string') return config
  return (config as { readonly text: string }).text
}
