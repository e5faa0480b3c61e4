/**
 * Files written whole or not at all.
 *
 * @module
 */
import { chmodSync, existsSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { explain } from './failure.js'

/** The text of a file, without the byte order mark that some editors put before it. */
export function readText(path: string): string {
  return readFileSync(path, 'utf8').replace(/^\u{feff}/u, '')
}

/** The same, or undefined where there is none. */
export function readIfThere(path: string): string | undefined {
  try {
    return readText(path)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw new Error(`cannot read ${path}: ${reason(error)}`, { cause: error })
  }
}

/** Puts a file in place by renaming, so that no reader ever sees half of it. A link stays, and leads to the new file. */
export function writeWhole(path: string, text: string): void {
  const there = existsSync(path)
  const target = there ? realpathSync(path) : path
  const draft = `${target}.${process.pid}.tmp`
  try {
    writeFileSync(draft, text)
    if (there) chmodSync(draft, statSync(target).mode)
    renameSync(draft, target)
  } catch (error) {
    if (existsSync(draft)) rmSync(draft)
    const why = codeOf(error) === 'ENOENT' ? `there is no folder ${dirname(path)}` : reason(error)
    throw new Error(`cannot write ${path}: ${why}`, { cause: error })
  }
}

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code

/** Without the call and its file: the draft is nobody's concern. */
const reason = (error: unknown): string => explain(error).replace(/, \w+( '.*)?$/s, '')
