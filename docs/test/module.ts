/**
 * A page as a TypeScript module: one function a section, each claim a check.
 *
 * @module
 */
import { type Section, type Statement, sectionsOf, statementsOf } from './page.js'

/** What a page's module exports. */
export interface PageModule {
  readonly sections: readonly { readonly title: string; run(ground: never, check: never): Promise<void> }[]
}

/** Where the module's imports lead: `pillion`'s names are there unasked, files of "the user's" are in `project`. */
export interface Surroundings {
  readonly names: readonly string[]
  readonly project: string
  readonly harness: string
}

/** The module of a page. */
export function moduleOf(page: string, { names, project, harness }: Surroundings): string {
  const sections = sectionsOf(page).filter(each => each.blocks.some(({ language }) => language === 'ts'))
  const statements = sections.map(section => statementsOf(section))
  const imports = importsOf(statements.flat(), project)
  const imported = new Set([...imports.values()].flatMap(each => [...each]).map(boundName))
  const code = statements
    .flat()
    .map(each => each.text)
    .join('\n')
  const isMentioned = (name: string) => !imported.has(name) && new RegExp(`(?<![\\w.])${name}\\b`).test(code)
  const unasked = names.filter(name => isMentioned(boundName(name)))
  return [
    `import type { Check, RowIn, Same } from '${harness}/check.js'`,
    `import type { Ground } from '${harness}/ground.js'`,
    unasked.length > 0 && `import { ${unasked.join(', ')} } from 'pillion'`,
    ...[...imports].map(([from, specifiers]) => importLine(from, [...specifiers])),
    'export const sections = [',
    ...sections.map((section, i) => sectionCode(section, statements[i] ?? [])),
    ']',
  ]
    .filter(line => line !== false)
    .join('\n')
}

function sectionCode({ title }: Section, statements: readonly Statement[]): string {
  const body = statements.filter(({ text }) => !isImport(text)).map(statementCode)
  return [
    `{ title: ${JSON.stringify(title)}, async run({ pool, db, read, interview, evaluation, user, department, comment, tag, interviewSummary }: Ground, check: Check) {{`,
    ...body,
    '}} },',
  ].join('\n')
}

function statementCode({ text, line, claims }: Statement): string {
  const code = text.replace(/^export /m, '')
  const [, name] = /^const (\w+)\b[^=]*=/m.exec(code) ?? []
  const isExpression = !/^(const|let|type|interface|function|async function|class|for|if|try|while)\b/m.test(code)
  const value = name ?? code
  const said = claims.map(claim => {
    switch (claim.kind) {
      case 'value':
        return `check.value(${line}, ${value}\n, ${claim.text})`
      case 'throws':
        return `await check.throws(${line}, async () => ${isExpression ? `(\n${code}\n)` : `{\n${code}\n}`}, '${claim.text}')`
      case 'row':
        return `check.type<Same<RowIn<typeof ${name}>, ${claim.text}>>()`
      case 'sql':
        return `check.sql(${line}, ${value}\n, ${JSON.stringify(claim.text)})`
    }
  })
  const stands = !isExpression || said.length === 0
  return [`check.at(${line})`, stands && !claims.some(({ kind }) => kind === 'throws') && code, ...said]
    .filter(part => part !== false)
    .join('\n')
}

const isImport = (text: string): boolean => /^import /m.test(text)

function importsOf(statements: readonly Statement[], project: string): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>()
  for (const { text } of statements.filter(each => isImport(each.text))) {
    const [, type, whole, braced, path = '', bare] =
      /import (type )?(?:(\w+)(?:, )?)?(?:\{([^}]*)\})?(?: from )?(?:'([^']+)')?(.*)/.exec(
        text.replace(/\s*\/\/.*/g, '').replaceAll('\n', ' '),
      ) ?? []
    if (bare) throw new Error(`cannot read ${text}`)
    const from = path.replace(/^\.\//, `${project}/`)
    const specifiers = found.get(from) ?? new Set()
    if (whole) specifiers.add(`default as ${whole}`)
    for (const each of braced?.split(',') ?? []) if (each.trim()) specifiers.add(`${type ?? ''}${each.trim()}`)
    found.set(from, specifiers)
  }
  return found
}

const importLine = (from: string, specifiers: readonly string[]): string =>
  specifiers.length === 0 ? `import '${from}'` : `import { ${specifiers.join(', ')} } from '${from}'`

/** `type A as B` binds B. */
const boundName = (specifier: string): string => specifier.split(' ').at(-1) ?? specifier
