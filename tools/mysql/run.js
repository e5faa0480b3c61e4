import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/** Neither a mirror that is down nor one that dawdles holds anybody up. */
const timeout = 120_000

/**
 * What a program prints.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @returns {Promise<string>}
 */
export async function run(program, args) {
  try {
    return (await promisify(execFile)(program, args, { timeout, env: { ...process.env, LC_ALL: 'C' } })).stdout
  } catch (error) {
    const { stderr, killed, message } = /** @type {import('node:child_process').ExecFileException} */ (error)
    const [complaint] = String(stderr).trim().split('\n')
    throw unavailable(killed ? `${program} took more than ${timeout / 1000} s` : complaint || message)
  }
}

/**
 * The one kind of error that says nothing against this tool: MySQL is not to be had here and now.
 *
 * @param {string} reason
 */
export function unavailable(reason) {
  return Object.assign(new Error(reason), { code: 'UNAVAILABLE' })
}
