/**
 * Says on stderr what the machine lacks, so that no test is skipped in silence, and returns whether to skip.
 * `PILLION_TEST_REQUIRES` lists, by comma, what must not be lacking: then it throws instead.
 *
 * @param capability What is needed, as `browser`.
 * @param found The thing itself; `undefined` where it is lacking.
 * @param remedy How to provide it.
 * @example
 * describe.skipIf(skipAloud('browser', findChromium(), 'install chromium'))('the page', () => { … })
 */
export function skipAloud(capability: string, found: unknown, remedy: string): boolean {
  if (found !== undefined) return false
  const required = (process.env['PILLION_TEST_REQUIRES'] ?? '').split(',')
  if (required.includes(capability)) throw new Error(`the tests require ${capability}: ${remedy}`)
  process.stderr.write(`skipped: no ${capability} (${remedy})\n`)
  return true
}
