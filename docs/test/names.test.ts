/**
 * The documentation knows every name there is, and no other: exports, error codes, types, commands, options, links.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { errorCodes } from 'pillion'
import { codecOf } from 'pillion/schema'
import { describe, expect, it, vi } from 'vitest'
import { reflect } from '../../packages/cli/src/commands/reflect.js'
import { tree } from '../../packages/cli/src/commands/tree/tree.js'
import * as baseTypes from '../../packages/pillion/src/schema/base-types.js'
import { documentedIn, entries, exportsOf } from './exports.js'
import { sectionsOf } from './page.js'

const root = fileURLToPath(new URL('../../', import.meta.url))
const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const guides = readdirSync(join(root, 'docs'))
  .filter(name => name.endsWith('.md'))
  .map(name => `docs/${name}`)
const packages = readdirSync(join(root, 'packages')).map(name => `packages/${name}/README.md`)
const pages = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'SECURITY.md', 'llms.txt', ...packages, ...guides]

/** What stands in code, in lines or in blocks. */
function codeIn(page: string): string {
  return [...page.matchAll(/```[\s\S]*?```|`[^`\n]+`/g)].join('\n')
}

const mentions = (code: string, name: string): boolean => new RegExp(`(?<![\\w$])${name}(?![\\w$])`).test(code)

describe('exports', () => {
  const code = guides.map(path => codeIn(read(path))).join('\n')

  it.each(Object.keys(entries) as (keyof typeof entries)[])('of %s are all mentioned', entry => {
    const names = exportsOf(entry).map(name => name.replace('type ', ''))
    expect(names.length).toBeGreaterThan(1)
    expect(names.filter(name => !mentions(code, name))).toEqual([])
  })

  it.each(Object.keys(entries) as (keyof typeof entries)[])('of %s say what they are, with an example', entry => {
    const documented = documentedIn(entry)
    expect(documented.filter(({ comment }) => comment === '')).toEqual([])
    const without = documented.filter(({ called, comment }) => called && !/```ts|@example/.test(comment))
    expect(without.map(({ name }) => name)).toEqual([])
  })

  it('are told apart from names that nobody mentions', () => {
    expect(mentions(code, 'rightJoin')).toBe(false)
    expect(mentions('leftover', 'left')).toBe(false)
  })

  it('in the reference are those that there are', () => {
    for (const section of read('docs/reference.md').split(/^## /m).slice(1)) {
      const [, entry = ''] = /^`(.*)`/.exec(section) ?? []
      const listed = [...section.matchAll(/^\| (`[^|]*`) +\|/gm)].flatMap(([, cell = '']) =>
        [...cell.matchAll(/`(\w+)/g)].map(([, name]) => name),
      )
      const exported = exportsOf(entry as keyof typeof entries).map(name => name.replace('type ', ''))
      expect(new Set(listed), entry).toEqual(new Set(exported))
    }
  })
})

describe('errors', () => {
  it('are all there, each with its line, and no other', () => {
    const found = [...read('docs/errors.md').matchAll(/^### (\w+)\n\n(.*)$/gm)].map(([, code, line]) => [code, line])
    expect(found).toEqual(Object.entries(errorCodes))
  })

  it('have a cause and a cure', () => {
    for (const section of read('docs/errors.md').split(/^### /m).slice(1)) {
      expect(section).toMatch(/^_Cause:_ /m)
      expect(section).toMatch(/_Cure:_/)
    }
  })
})

describe('types', () => {
  const rows = [...read('docs/types.md').matchAll(/^\| ((?:`\w+` ?)+) *\| `([^`]+)` *\|/gm)].flatMap(
    ([, names = '', ts = '']) =>
      [...names.matchAll(/`(\w+)`/g)].map(([, name = '']) => [name, ts.replaceAll('\\|', '|')] as const),
  )

  it('are what the codecs say', () => {
    for (const [name, ts] of rows) expect(codecOf({ kind: 'base', name }).ts.replace('p.', ''), name).toBe(ts)
  })

  it('are all there', () => {
    const built = Object.values(baseTypes).flatMap(type => (typeof type === 'object' ? [type.name] : []))
    expect(rows.map(([name]) => name).toSorted()).toEqual(built.toSorted())
  })
})

describe('commands', () => {
  const commands = pages.flatMap(path =>
    sectionsOf(read(path))
      .flatMap(({ blocks }) => blocks)
      .filter(({ language }) => language === 'sh')
      .flatMap(({ text }) => text.split('\n'))
      .flatMap(line => line.replace(/ +#.*/, '').split(' && '))
      .filter(command => command !== '')
      .map(command => ({ path, command })),
  )
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
  const builtIn = new Set(['ci', 'cit', 'install', 'pack'])

  it('of npm are there', () => {
    const names = commands.flatMap(({ command }) => /^npm (?:run )?(\w+)/.exec(command)?.[1] ?? [])
    expect(names.length).toBeGreaterThan(3)
    expect(names.filter(name => !builtIn.has(name) && !(name in scripts))).toEqual([])
  })

  it('are of npm, node or pillion', () => {
    expect(commands.filter(({ command }) => !/^(npm|node|pillion) /.test(command))).toEqual([])
  })

  it('of pillion have options that its help lists', async () => {
    const written = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
    await reflect(['--help'])
    await tree(['--help'])
    const help = written.mock.calls.join('')
    written.mockRestore()
    const known = new Set([...help.matchAll(/--[a-z]+/g)].map(([option]) => option))
    const used = commands.filter(({ command }) => command.startsWith('pillion ')).map(({ command }) => command)
    const asked = [
      ...used,
      ...[...`${read('docs/reflection.md')}\n${read('docs/trees.md')}`.matchAll(/^\| (.*?) \|/gm)].map(
        ([, cell = '']) => cell,
      ),
    ]
    const options = asked.flatMap(text => [...text.matchAll(/(?<=^|[\s`])--[a-z]+/g)].map(([option]) => option))
    expect(options.filter(option => !known.has(option))).toEqual([])
    expect([...known].filter(option => !options.includes(option))).toEqual([])
  })
})

describe('folders', () => {
  const source = 'packages/pillion/src'
  const importsOf = (folder: string): readonly string[] => {
    const files = readdirSync(join(root, source, folder), { recursive: true, encoding: 'utf8' })
    const texts = files.filter(file => file.endsWith('.ts')).map(file => read(join(source, folder, file)))
    const found = texts.flatMap(text => [...text.matchAll(/from '(?:\.\.\/)+(\w+)[./]/g)].map(([, name = '']) => name))
    return [...new Set(found)].filter(name => name === 'errors' || existsSync(join(root, source, name)))
  }
  const rules = [...read('docs/design.md').matchAll(/^\| `(\w+)` +\| ((?:`\w+`,? ?)+) *\|/gm)].map(
    ([, folder = '', cell = '']) => ({
      folder,
      allowed: [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name),
    }),
  )

  it.each(rules)('$folder imports what the design lets it', ({ folder, allowed }) => {
    expect(importsOf(folder).filter(name => name !== folder && !allowed.includes(name))).toEqual([])
  })

  it('are all in the design', () => {
    const folders = readdirSync(join(root, source), { withFileTypes: true }).filter(entry => entry.isDirectory())
    expect(rules.map(({ folder }) => folder).toSorted()).toEqual(folders.map(({ name }) => name).toSorted())
  })
})

describe('links', () => {
  const links = pages.flatMap(path =>
    [...read(path).matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(([, target = '']) => ({ path, target })),
  )
  const anchorOf = (heading: string): string =>
    heading
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-')

  it.each(links)('$path → $target leads somewhere', ({ path, target }) => {
    const [file = '', anchor] = target.split('#')
    const to = file === '' ? path : join(dirname(path), file)
    expect(existsSync(join(root, to)), to).toBe(true)
    if (anchor === undefined) return
    const headings = [...read(to).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => anchorOf(heading))
    expect(headings).toContain(anchor)
  })
})

describe('tables', () => {
  const headerless = (page: string): readonly string[] =>
    [...page.matchAll(/(?<!.\n)^\|[-: |]+\|$/gm)].map(([line]) => line.slice(0, 40))

  it.each(pages)('of %s say what their columns are', path => {
    expect(headerless(read(path))).toEqual([])
  })

  it('that do not are seen', () => {
    const rule = '| --- | :-: |'
    expect(headerless(`Words:\n\n${rule}\n${rule}\n| a | b |\n`)).toEqual([rule])
    expect(headerless(`Words:\n\n| A | B |\n${rule}\n| a | b |\n`)).toEqual([])
  })
})
