/**
 * What docs/hosts.md says each host can do is what the fixtures of the suite declare, and so what its cases show.
 * `PILLION_DOCS=write` writes it anew.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { type Tested, tested } from '../../packages/pillion/test/hosts/fixtures/all.js'
import { type Capability, capabilities } from '../../packages/pillion/src/testing/index.js'

const path = fileURLToPath(new URL('../hosts.md', import.meta.url))
const [begin, end] = ['<!-- conformance -->\n', '<!-- /conformance -->']
const modules = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), '..')
const names = Object.keys(capabilities) as Capability[]

function versionOf(name: string): string {
  const { version } = JSON.parse(readFileSync(join(modules, name, 'package.json'), 'utf8')) as { version: string }
  return `${name.replace('kysely-29', 'kysely')} ${version}`
}

function table(rows: readonly (readonly string[])[]): string {
  const [head = [], ...body] = rows
  const widths = head.map((_, at) => Math.max(3, ...rows.map(row => row[at]?.length ?? 0)))
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`
  return [line(head), line(widths.map(width => '-'.repeat(width))), ...body.map(line)].join('\n')
}

/** A row for each host: in a column of its own each capability that one of them lacks. */
function hostsTable(all: readonly Tested[]): string {
  const told = names.filter(name => all.some(({ fixture }) => fixture.lacks[name] !== undefined))
  const rows = all.map(({ fixture, packages }) => [
    fixture.name,
    packages.map(versionOf).join(', '),
    ...told.map(name => (fixture.lacks[name] === undefined ? 'yes' : '–')),
  ])
  return table([['', 'Run with', ...told], ...rows])
}

/** Why, each reason once, with those whose it is. */
function reasons(all: readonly Tested[]): string {
  const found = new Map<string, string[]>()
  for (const { fixture } of all) {
    for (const [capability, reason] of Object.entries(fixture.lacks)) {
      const key = `${capability}: ${reason}`
      found.set(key, [...(found.get(key) ?? []), fixture.name])
    }
  }
  return [...found].map(([reason, hosts]) => `- ${reason} (${hosts.join(', ')})`).join('\n')
}

function conformanceSection(): string {
  const meaning = table([['Capability', ''], ...names.map(name => [name, capabilities[name]])])
  const parts = Object.entries(tested).map(
    ([database, all]) =>
      `### ${database}\n\nWhat is not in the table, all of them can. What is lacking, and why:\n\n${hostsTable(all)}\n\n${reasons(all)}`,
  )
  return `\n${meaning}\n\n${parts.join('\n\n')}\n\n`
}

it('is written as the fixtures say', () => {
  const page = readFileSync(path, 'utf8')
  const [from, to] = [page.indexOf(begin) + begin.length, page.indexOf(end)]
  if (process.env['PILLION_DOCS'] === 'write') {
    writeFileSync(path, page.slice(0, from) + conformanceSection() + page.slice(to))
  } else expect(page.slice(from, to)).toBe(conformanceSection())
})
