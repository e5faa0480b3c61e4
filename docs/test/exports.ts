/**
 * What the library exports, read from its sources: types are gone at run time.
 *
 * @module
 */
import { readFileSync } from 'node:fs'

const source = new URL('../../packages/pillion/src/', import.meta.url)

/** The files behind the import paths. */
export const entries = {
  pillion: 'index.ts',
  'pillion/schema': 'schema/index.ts',
  'pillion/pg': 'hosts/pg.ts',
  'pillion/prisma': 'hosts/prisma.ts',
  'pillion/typeorm': 'hosts/typeorm.ts',
  'pillion/drizzle': 'hosts/drizzle.ts',
  'pillion/knex': 'hosts/knex.ts',
  'pillion/objection': 'hosts/objection.ts',
  'pillion/sequelize': 'hosts/sequelize.ts',
  'pillion/kysely': 'hosts/kysely.ts',
  'pillion/mikro-orm': 'hosts/mikro-orm.ts',
  'pillion/postgres': 'hosts/postgres.ts',
  'pillion/pglite': 'hosts/pglite.ts',
  'pillion/ambient': 'hosts/ambient.ts',
  'pillion/better-sqlite3': 'hosts/better-sqlite3.ts',
  'pillion/node-sqlite': 'hosts/node-sqlite.ts',
  'pillion/testing': 'testing/index.ts',
  'pillion/transaction': 'transaction/index.ts',
  'pillion/tree': 'tree/index.ts',
} as const

/** An exported name as an import writes it: `left`, `type Filterable`. */
export function exportsOf(entry: keyof typeof entries): readonly string[] {
  return exportsIn(entries[entry])
}

function exportsIn(path: string): readonly string[] {
  const text = readFileSync(new URL(path, source), 'utf8')
  const all = [...text.matchAll(/^export type \* from '\.\/(.*)\.js'/gm)].flatMap(([, file]) =>
    exportsIn(new URL(`${file}.ts`, new URL(path, 'file:///')).pathname.slice(1)),
  )
  const listed = [...text.matchAll(/^export (type )?\{([^}]*)\}/gm)].flatMap(([, type = '', names = '']) =>
    names
      .split(',')
      .map(each => each.trim().replace(/\w+ as /, ''))
      .filter(each => each !== '')
      .map(each => `${type}${each}`),
  )
  const declared = [...text.matchAll(/^export (?:abstract )?(function|class|const|interface|type) (\w+)/gm)].map(
    ([, kind = '', name]) => `${/interface|type/.test(kind) ? 'type ' : ''}${name}`,
  )
  return [...new Set([...all, ...listed, ...declared])]
}

/** What is said of an export where it is declared. */
export interface Documented {
  readonly name: string
  /** Is it called, so that its comment must have an example? */
  readonly called: boolean
  /** Its documentation comment, or nothing. */
  readonly comment: string
}

/** Every export of an entry with its documentation comment. */
export function documentedIn(entry: keyof typeof entries): readonly Documented[] {
  return exportsOf(entry).map(name => declarationOf(name.replace('type ', ''), new URL(entries[entry], source)))
}

function declarationOf(name: string, file: URL): Documented {
  const text = readFileSync(file, 'utf8')
  const declared = new RegExp(
    `(/\\*\\*(?:(?!\\*/)[\\s\\S])*\\*/\\n)?export (?:async |abstract )*(function|class|const|interface|type) ${name}\\b`,
  ).exec(text)
  if (declared !== null) {
    const [, comment = '', kind = ''] = declared
    return { name, called: /function|class/.test(kind), comment }
  }
  for (const [, names = '', from = ''] of text.matchAll(/^(?:export|import) (?:type )?\{([^}]*)\} from '(.*)\.js'/gm)) {
    const found = new RegExp(`(?:(\\w+) as )?\\b${name}\\s*(?:,|$)`).exec(names.trim())
    if (found !== null) return declarationOf(found[1] ?? name, new URL(`${from}.ts`, file))
  }
  for (const [, from = ''] of text.matchAll(/^export type \* from '(.*)\.js'/gm)) {
    const there = new URL(`${from}.ts`, file)
    if (new RegExp(`\\b${name}\\b`).test(readFileSync(there, 'utf8'))) return declarationOf(name, there)
  }
  throw new Error(`${name} is declared nowhere below ${file.pathname}.`)
}
