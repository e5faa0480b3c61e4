/**
 * What a ride costs: pillion's query on each host over that host's own raw query, on the same connection, rows read by
 * both. `npm run bench:hosts`: see `--help`.
 *
 * @module
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { cpus, loadavg } from 'node:os'
import { fileURLToPath } from 'node:url'
import { keepAwake } from '../awake.js'
import { seats } from '../pinned.js'
import { type Database, databases } from './databases.js'
import type { Found } from './once.js'
import { help, type Options, parseOptions } from './options.js'
import { legend, type Line, tableOf } from './report.js'
import type { Entry } from './riders/index.js'

async function main({ riders, rounds, json }: Options): Promise<void> {
  const { node } = process.versions
  const [cores, cpu, load] = [cpus().length, cpus()[0]?.model.trim() ?? 'unknown', loadavg()[0]!]
  console.log(`Node ${node}, ${cores} of ${cpu}, load ${load.toFixed(1)}`)
  const { serving, unpinned } = await seats()
  if (unpinned !== undefined) console.log(`Client and server wherever the scheduler puts them, for ${unpinned}.`)
  const versions: string[] = []
  const lines: Line[] = []
  for (const dialect of new Set(riders.map(rider => rider.dialect))) {
    await using database = await serving(() => databases[dialect]())
    await using _ = keepAwake()
    versions.push(database.version)
    const asked = riders.filter(rider => rider.dialect === dialect)
    const found: Line[] = []
    for (const rider of asked) found.push(await lineOf(rider, database, rounds))
    console.log(`\n${database.version}\n\n${tableOf(found)}`)
    lines.push(...found)
  }
  const circumstances = {
    when: new Date().toISOString(),
    node,
    databases: versions,
    cpu,
    cores,
    load,
    rounds,
    unpinned,
  }
  await writeFile(json, `${JSON.stringify({ circumstances, hosts: lines }, null, 2)}\n`)
  console.log(`\n${legend}\nFigures: ${json}`)
}

async function lineOf({ name, absent }: Entry, database: Database, rounds: number): Promise<Line> {
  if (absent !== undefined) return { name, absent }
  if (database.name === undefined) return { name, absent: database.version }
  return { name, found: await measured(name, database.name, rounds) }
}

/** Figures of a host, from a process of its own. Days are days in UTC only. */
async function measured(name: string, database: string, rounds: number): Promise<Found> {
  const child = fork(fileURLToPath(new URL('./once.js', import.meta.url)), [name, database, String(rounds)], {
    env: { ...process.env, TZ: 'UTC' },
  })
  let found: Found | undefined
  child.on('message', message => (found = message as Found))
  const [code] = (await once(child, 'exit')) as [number | null]
  if (found === undefined) throw new Error(`${name} ended with code ${code}`)
  return found
}

const options = parseOptions(process.argv.slice(2))
if (options.help) console.log(help)
else await main(options)
