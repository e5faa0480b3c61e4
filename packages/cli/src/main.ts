#!/usr/bin/env node
/**
 * The `pillion` command: finds the command named, runs it, and turns how it ends into an exit code.
 *
 * @module
 */
import { readFileSync } from 'node:fs'
import { reflect } from './commands/reflect.js'
import { tree } from './commands/tree/tree.js'
import { exitCodeOf, explain, explainWhole, UsageError } from './failure.js'
import { endAtOnce } from './interruption.js'

const commands = new Map([
  ['reflect', reflect],
  ['tree', tree],
])

const help = `Usage: pillion <command> [options]

Commands:
  reflect    write a database's schema as TypeScript, or verify that it has not drifted
  tree       links from rows to all that is above them, kept by triggers: install, verify, mend, load, measure

Options:
  --help     show this, or the help of a command: pillion reflect --help, or pillion help reflect
  --version  show the version

Exit codes: 0 done, 1 drifted or not as it should be, 2 wrong usage, 3 cannot connect, 4 any other failure,
129, 130, 143 ended by SIGHUP, SIGINT (Ctrl-C), SIGTERM: statements under way are stopped, what was begun is undone.
`

async function main([name, ...rest]: readonly string[]): Promise<number> {
  if (name === undefined || name === '--help' || name === '-h') return say(help)
  if (name === '--version' || name === '-v') return say(`${version()}\n`)
  if (name === 'help') return main(rest.length === 0 ? ['--help'] : [rest.join(' '), '--help'])
  const command = commands.get(name)
  if (command === undefined) throw UsageError(`there is no command ${name}`)
  return command(rest)
}

function say(text: string): number {
  process.stdout.write(text)
  return 0
}

const whereHelpIs = (name = ''): string => `See pillion${commands.has(name) ? ` ${name}` : ''} --help.\n`

function version(): string {
  return JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version
}

endAtOnce()
// A reader such as `head` may have seen enough: the exit code is still the command's. Else what was to be read is lost.
process.stdout.on('error', error => {
  if ((error as NodeJS.ErrnoException).code === 'EPIPE') return
  process.stderr.write(`pillion: cannot write the result: ${explain(error)}\n`)
  process.exitCode = 4
})
process.stderr.on('error', () => {})

try {
  const code = await main(process.argv.slice(2))
  process.exitCode ??= code
} catch (error) {
  process.exitCode = exitCodeOf(error)
  process.stderr.write(`pillion: ${explainWhole(error)}\n${process.exitCode === 2 ? whereHelpIs(process.argv[2]) : ''}`)
}

/** Milliseconds that nothing is said of a process that does not end. */
const grace = 2_000
// it does not keep the process itself
setTimeout(() => {
  if (process.stdout.writableLength > 0) return
  process.stderr.write(
    'pillion: done, and waits for what the configuration or the host has left open: end it in `close`\n',
  )
}, grace).unref()
