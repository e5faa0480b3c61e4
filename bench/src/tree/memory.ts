/** What this process holds, for a client's memory that is said to be flat. @module */

/** Resident bytes before, as a load ends, and at most in between. */
export interface Memory {
  readonly before: number
  readonly after: number
  readonly peak: number
}

/** Reads the resident size until it is asked for the result. */
export function watchMemory(): { look(): void; result(): Memory } {
  const read = (): number => process.memoryUsage.rss()
  const before = read()
  let peak = before
  const look = (): void => void (peak = Math.max(peak, read()))
  return {
    look,
    result() {
      look()
      return { before, after: read(), peak }
    },
  }
}

export function describeMemory({ before, after, peak }: Memory): string {
  const mebibytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(0)
  return `memory of this process: ${mebibytes(before)} MiB before, ${mebibytes(after)} after, at most ${mebibytes(peak)}`
}
