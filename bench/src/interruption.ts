/** A bench that is told to stop. @module */

/** Aborted by the first Ctrl-C, so that what was made is dropped; the second ends the process as usual. */
export function interruption(): AbortSignal {
  const controller = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    process.once(name, () => controller.abort(new Error(`interrupted by ${name}`)))
  return controller.signal
}
