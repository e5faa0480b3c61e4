/**
 * Files written whole or not at all.
 *
 * @module
 */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** The text of a file, or undefined where there is none. */
export function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** Puts a file in place by renaming, so that no reader ever sees half of it. */
export function writeWhole(path: string, text: string): void {
  const draft = `${path}.${process.pid}.tmp`
  try {
    writeFileSync(draft, text)
    renameSync(draft, path)
  } catch (error) {
    rmSync(draft, { force: true })
    // the draft is nobody's concern
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    throw new Error(`cannot write ${path}: there is no folder ${dirname(path)}`, { cause: error })
  }
}
