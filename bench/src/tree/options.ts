/** Numbers in the options of a command line. @module */

/** What a number in the options must be. */
export function whole(name: string, text: string, least: number): number {
  const n = Number(text)
  if (!Number.isInteger(n) || n < least) throw new Error(`--${name} takes a whole number from ${least}; not ${text}`)
  return n
}
