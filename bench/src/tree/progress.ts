/** How far a long measurement has come, for who watches it. @module */

/** A line on stderr that is written over, on a terminal; nothing where nobody watches. */
export interface Progress {
  /** What goes on now. */
  show(line: string): void
  /** Takes the line away, so that a result can be written. */
  clear(): void
}

/** Writes a result where the progress stood. */
export function sayBeside(progress: Progress): (line: string) => void {
  return line => {
    progress.clear()
    process.stdout.write(`${line}\n`)
  }
}

export function progressOn(stream: NodeJS.WriteStream): Progress {
  if (!stream.isTTY) return { show: () => {}, clear: () => {} }
  return {
    show: line => void stream.write(`\r\x1b[K${line.slice(0, stream.columns - 1)}`),
    clear: () => void stream.write('\r\x1b[K'),
  }
}
