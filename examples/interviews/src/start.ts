/**
 * `npm start`: reads the command line, and what ends it.
 *
 * @module
 */
import { type Options, readOptions, usage } from './options.js'

const interruption = new AbortController()

// Once: who asks a second time is not kept waiting, and the database server still ends by itself.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.once(signal, () => interruption.abort(new Error(`stopped by ${signal}`)))

function complain(error: unknown): void {
  if (interruption.signal.aborted) return
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}

function readArguments(): Options | undefined {
  try {
    return readOptions(process.argv.slice(2))
  } catch (error) {
    complain(error)
    console.error(`\n${usage}`)
    return undefined
  }
}

const options = readArguments()
if (options?.help) console.log(usage)
else if (options) {
  // Queries are built when their modules are loaded: by then it must be known which database they are for.
  process.env['INTERVIEWS_DATABASE'] = options.database
  const { run } = await import('./run.js')
  await run(options, interruption.signal).catch(complain)
}
