/** All of the digits that a column has behind its seconds, as the server prints them: drivers drop zeros, or add some. */
export function withFraction(clock: string, digits: number): string {
  if (digits > 6) return clock
  const point = clock.indexOf('.')
  if (point === -1) return digits === 0 ? clock : `${clock}.${'0'.repeat(digits)}`
  return digits === 0 ? clock.slice(0, point) : clock.slice(0, point + 1 + digits).padEnd(point + 1 + digits, '0')
}
