/** `npm run bench`: see `--help`. @module */
import { writeFile } from 'node:fs/promises'
import { cpus, loadavg } from 'node:os'
import { keepAwake } from './awake.js'
import { executeCases } from './cases.js'
import { fixture } from './fixture.js'
import { interruption } from './interruption.js'
import { help, type Options, parseOptions } from './options.js'
import { measureOverhead } from './overhead/measure.js'
import { measureCase, openField } from './queries.js'
import { measureReflection } from './reflect/measure.js'
import { type Circumstances, circumstancesText, jsonOf, sqlOf, textOf } from './report.js'
import type { Measured } from './results.js'
import { createDatabase, openServer, type Server, serverVersion } from './server.js'

async function main(options: Options, signal: AbortSignal): Promise<void> {
  await using server = await openServer()
  const circumstances = await describe(options, server)
  console.log(circumstancesText(circumstances))
  const results: Measured[] = []
  for await (const measured of measurements(options, server, signal)) {
    results.push(measured)
    console.log(textOf(measured))
    console.log(sqlOf(measured))
  }
  await writeFile(options.json, jsonOf(circumstances, results))
  console.log(`\nFigures: ${options.json}`)
}

async function* measurements(options: Options, server: Server, signal: AbortSignal): AsyncGenerator<Measured> {
  if (options.parts.includes('build') || options.parts.includes('execute')) {
    await using database = await createDatabase(server, fixture, signal)
    await using field = await openField(database.url, signal)
    if (options.parts.includes('build')) {
      yield await measureCase('build', field, options.effort.rounds)
      await using _ = keepAwake()
      yield await measureOverhead(database.url, options.effort.rounds, signal)
    }
    if (options.parts.includes('execute')) {
      await using _ = keepAwake()
      for (const of of executeCases) yield await measureCase(of, field, options.effort.rounds)
    }
  }
  if (options.parts.includes('reflect'))
    for (const size of options.effort.reflect) yield await measureReflection(server, size, signal)
}

async function describe({ effort }: Options, { url }: Server): Promise<Circumstances> {
  return {
    when: new Date().toISOString(),
    effort: effort.name,
    node: process.versions.node,
    postgres: await serverVersion(url),
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    load: loadavg()[0]!,
  }
}

const options = parseOptions(process.argv.slice(2))
if (options.help) {
  console.log(help)
} else {
  const signal = interruption()
  try {
    await main(options, signal)
  } catch (error) {
    console.error(signal.aborted ? String(signal.reason) : error)
    process.exitCode = 1
  }
}
