/**
 * One reading in a fresh process, as at an application's start: `once.js <reader> <url>` prints its time and what
 * was found as JSON. Connecting and loading code are not timed.
 *
 * @module
 */
import { onClient } from '../server.js'
import type { Reader } from './reader.js'

const [reader, url] = process.argv.slice(2)
const { read } = (await import(`./${reader}.js`)) as { readonly read: Reader }
await onClient(url!, async client => {
  await client.query('select 1')
  const start = process.hrtime.bigint()
  const counts = await read(client)
  const nanoseconds = Number(process.hrtime.bigint() - start)
  console.log(JSON.stringify({ nanoseconds, counts: counts() }))
})
