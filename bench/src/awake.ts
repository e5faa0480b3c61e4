/**
 * Processors kept from sleeping. One query's round trip is shorter than an idle processor's way back from sleep
 * (most of all a virtual one's), so without this the shortest case measures who happened to find it awake.
 *
 * @module
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { pin, processors } from './pinned.js'

/** Starts a process a core that does nothing at the lowest priority, until disposed of. */
export function keepAwake(): AsyncDisposable {
  const spinners = Array.from({ length: Math.max(processors.length, availableParallelism()) }, (_, i) => {
    const spinner = fork(fileURLToPath(new URL('./spinner.js', import.meta.url)))
    // where this process is pinned, all of them would be with it
    const processor = processors[i]
    if (processor !== undefined && spinner.pid !== undefined) pin(spinner.pid, processor).catch(() => {})
    return spinner
  })
  return {
    [Symbol.asyncDispose]: async () => {
      const ended = spinners.filter(spinner => spinner.exitCode === null && spinner.signalCode === null)
      await Promise.all(
        ended.map(spinner => {
          const gone = once(spinner, 'exit')
          spinner.kill('SIGKILL')
          return gone
        }),
      )
    },
  }
}
