/**
 * Keys and checks. SQLite keeps their names in the text alone, and most have none: those get one that follows from
 * what they are over, as PostgreSQL gives them, `post_author_id_fkey`.
 *
 * @module
 */
import { groupBy } from '../group.js'
import type { CheckConstraint, ForeignKey, ForeignKeyAction, Table, UniqueConstraint } from '../model.js'
import { named, present } from '../plain.js'
import type { Clause } from './create-table.js'
import type { IndexRow, ReferenceRow } from './rows.js'
import { indexKey, keysOfIndex } from './indexes.js'
import type { Subject } from './subject.js'

type Constraints = Pick<Table, 'primaryKey' | 'uniques' | 'foreignKeys' | 'checks'>

export function constraintsOf(subject: Subject): Constraints {
  const names = distinctNames(subject)
  return {
    ...present({ primaryKey: primaryKey(subject, names) }),
    uniques: named(subject.rows.of('index', subject.row).flatMap(index => unique(index, subject, names))),
    foreignKeys: named(foreignKeys(subject, names)),
    checks: named(checks(subject, names)),
  }
}

/** Gives a name that the table has not given yet: the second of two equals gets a number, in the text's order. */
type Namer = (told: string | undefined, ...parts: readonly string[]) => string

function distinctNames({ row: [, , table], words }: Subject): Namer {
  const taken = new Set(words.clauses.flatMap(({ name }) => name ?? []))
  return (told, ...parts) => {
    if (told !== undefined) return told
    const name = [table, ...parts].join('_')
    let number = 0
    while (taken.has(`${name}${number || ''}`)) number++
    taken.add(`${name}${number || ''}`)
    return `${name}${number || ''}`
  }
}

function primaryKey(subject: Subject, nameOf: Namer): UniqueConstraint | undefined {
  const { row, rows, words } = subject
  const columns = rows
    .of('column', row)
    .filter(column => column[8] !== '0')
    .sort((a, b) => Number(a[8]) - Number(b[8]))
    .map(column => column[4])
  if (columns.length === 0) return undefined
  const clause = words.clauses.find(({ kind }) => kind === 'primary key')
  return Object.freeze({
    name: nameOf(clause?.name, 'pkey'),
    columns: Object.freeze(columns),
    ...present({
      invalid: !rows
        .of('index', row)
        .filter(isPrimary)
        .every(index => isOfColumns(index, subject)),
    }),
  })
}

/** That of a rowid has none. */
const isPrimary = ([, , , , , origin]: IndexRow): boolean => origin === 'pk'

/** Does it tell apart what the columns by themselves do? */
const isOfColumns = ([, , , name]: IndexRow, subject: Subject): boolean =>
  keysOfIndex(name, subject).every(key => 'column' in indexKey(key, undefined, subject))

function unique([, , , index, , origin]: IndexRow, subject: Subject, nameOf: Namer): readonly UniqueConstraint[] {
  if (origin !== 'u') return []
  const keys = keysOfIndex(index, subject).map(key => indexKey(key, undefined, subject))
  const columns = keys.flatMap(key => ('column' in key ? [key.column] : []))
  if (columns.length < keys.length) return []
  const clause = subject.words.clauses.find(({ kind, columns: own }) => kind === 'unique' && areSame(own, columns))
  return [Object.freeze({ name: nameOf(clause?.name, ...columns, 'key'), columns: Object.freeze(columns) })]
}

const areSame = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((name, at) => name.toLowerCase() === b[at]?.toLowerCase())

/** SQLite numbers foreign keys from the last of the text to the first. */
function foreignKeys(subject: Subject, nameOf: Namer): readonly ForeignKey[] {
  const { row, rows, words } = subject
  const keys = [...groupBy(rows.of('reference', row), reference => Number(reference[3]))]
    .sort(([a], [b]) => b - a)
    .map(([, parts]) => [...parts].sort((a, b) => Number(a[4]) - Number(b[4])))
  const clauses = words.clauses.filter(({ kind }) => kind === 'foreign key')
  return keys.map((parts, at) => foreignKey(parts, clauses[at], subject, nameOf))
}

function foreignKey(
  parts: readonly ReferenceRow[],
  clause: Clause | undefined,
  { row, rows, idOf }: Subject,
  nameOf: Namer,
): ForeignKey {
  const [, , , , , target = '', , , onUpdate = '', onDelete = ''] = parts[0] ?? []
  const columns = parts.map(([, , , , , , column]) => column)
  const id = idOf(row[1], target)
  const targetColumns = rows.columns(id)
  const key = targetColumns.filter(column => column[8] !== '0').sort((a, b) => Number(a[8]) - Number(b[8]))
  const properName = (name: string): string =>
    targetColumns.find(column => column[4].toLowerCase() === name.toLowerCase())?.[4] ?? name
  return Object.freeze({
    name: nameOf(clause?.name, ...columns, 'fkey'),
    columns: Object.freeze(columns),
    target: id,
    targetColumns: Object.freeze(
      parts.map((part, at) => (part[7] === null ? (key[at]?.[4] ?? '') : properName(part[7]))),
    ),
    onUpdate: onUpdate.toLowerCase() as ForeignKeyAction,
    onDelete: onDelete.toLowerCase() as ForeignKeyAction,
    validated: true,
    ...present({ deferrable: clause?.deferrable }),
  })
}

function checks({ words }: Subject, nameOf: Namer): readonly CheckConstraint[] {
  return words.clauses
    .filter(({ kind }) => kind === 'check')
    .map(({ name, columns, expression = '' }) =>
      Object.freeze({ name: nameOf(name, ...columns, 'check'), expression, validated: true }),
    )
}
