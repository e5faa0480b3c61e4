/**
 * One reading in a fresh process, as at an application's start: `once.js <reader> <url>` prints its time and what
 * was found as JSON. Connecting, loading code and preparing are not timed.
 *
 * @module
 */
import { onClient } from '../server.js'
import type { Prepare } from './reader.js'

const [reader, url] = process.argv.slice(2)
const { prepare } = (await import(`./${reader}.js`)) as { readonly prepare: Prepare }
await onClient(url!, async client => {
  const read = await prepare(client)
  const start = process.hrtime.bigint()
  const counts = await read()
  const nanoseconds = Number(process.hrtime.bigint() - start)
  console.log(JSON.stringify({ nanoseconds, counts: counts() }))
})
