/**
 * That overrides are what their type says: no compiler reads what comes from JSON, and by a wrong one something else would be
 * reflected, and nothing told.
 *
 * @module
 */
import { PillionError } from '../errors.js'
import type { Overrides, VirtualRelation } from './overrides.js'
import { isTexts } from './plain.js'

interface Form {
  readonly told: string
  holds(value: unknown): boolean
}

const isText = (value: unknown): boolean => typeof value === 'string'

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isNames = (value: unknown, more: readonly (keyof VirtualRelation)[] = []): boolean =>
  isObject(value) &&
  Object.entries(value).every(([word, name]) =>
    word === 'to' || word === 'from' ? name === undefined || isText(name) : more.some(other => other === word),
  )

const isVirtual = (value: unknown): boolean =>
  isNames(value, ['name', 'table', 'target', 'columns', 'targetColumns']) &&
  isObject(value) &&
  [value['name'], value['table'], value['target']].every(isText) &&
  [value['columns'], value['targetColumns']].every(isTexts)

const texts: Form = { told: 'an array of text', holds: isTexts }

const objectOf = (holds: (value: unknown) => boolean, plural: string): Form => ({
  told: `an object of ${plural}`,
  holds: value => isObject(value) && Object.values(value).every(each => holds(each)),
})

const forms: ReadonlyMap<string, Form> = new Map<keyof Overrides, Form>([
  ['relations', objectOf(each => isNames(each), "objects as { to: 'author', from: 'posts' }")],
  [
    'virtual',
    {
      told: 'an array of objects with name, table, target, columns and targetColumns',
      holds: value => Array.isArray(value) && value.every(isVirtual),
    },
  ],
  ['nullability', objectOf(each => each === 'null' || each === 'not null', 'null and not null, as text')],
  ['types', objectOf(isText, 'text')],
  ['include', texts],
  ['exclude', texts],
  ['excludeColumns', texts],
])

/**
 * That overrides say what they can, and say it as they should. What they tell of the database is not looked at.
 *
 * @param where they were told, for the message
 * @throws OVERRIDE_INVALID when a word is none of theirs, or is told something that it cannot take
 * @example checkOverrides(JSON.parse(text), 'overrides.json')
 */
export function checkOverrides(overrides: unknown, where = 'overrides'): asserts overrides is Overrides {
  if (!isObject(overrides)) throw invalid(`${where} is to be an object`)
  for (const [word, told] of Object.entries(overrides)) {
    const form = forms.get(word)
    if (form === undefined) throw invalid(`${where} has ${word}, which is none of ${[...forms.keys()].join(', ')}`)
    if (told !== undefined && !form.holds(told)) throw invalid(`${word} in ${where} is to be ${form.told}`)
  }
}

function invalid(summary: string): PillionError {
  return new PillionError('OVERRIDE_INVALID', summary, { hint: 'Correct it, or leave it out.' })
}
