/** The torture schema: `torture.sql` and what newer servers can on top of it. */
import { readFileSync } from 'node:fs'

const additions = [14, 15, 18] as const

/** The scripts to run in order, in an empty database of a server of this major version. */
export function tortureScripts(major: number): readonly string[] {
  const files = ['torture.sql', ...additions.filter(since => major >= since).map(since => `torture-${since}.sql`)]
  return files.map(file => readFileSync(new URL(file, import.meta.url), 'utf8'))
}
