/**
 * Text as a boolean where the database would take it for a number: the words that PostgreSQL knows, and NULL for any other.
 *
 * @module
 */
const words = { 1: ['true', 't', 'yes', 'y', 'on', '1'], 0: ['false', 'f', 'no', 'n', 'off', '0'] }

const whens = Object.entries(words).flatMap(([truth, named]) => named.map(word => `WHEN '${word}' THEN ${truth}`))

/** What a text says. */
export function truthOf(sql: string): string {
  return `CASE lower(trim(${sql})) ${whens.join(' ')} END`
}
