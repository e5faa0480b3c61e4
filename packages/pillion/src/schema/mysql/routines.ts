/**
 * Functions and procedures, whose CREATE is put together again from what the catalogue keeps of it.
 *
 * @module
 */
import { groupBy } from '../group.js'
import type { Routine } from '../model.js'
import { byText, present } from '../plain.js'
import type { ModelNames } from './names.js'
import type { CatalogueRows, ParameterRow, RoutineRow } from './rows.js'
import { qualified, quoteLiteral, quoteName } from './text.js'

export function routinesOf(rows: CatalogueRows, model: ModelNames): readonly Routine[] {
  const parameters = groupBy(rows.part('parameter'), ([, schema, name, type]) => `${type} ${schema}.${name}`)
  return Object.freeze(
    rows
      .part('routine')
      .map(row => routine(row, parameters.get(`${row[3]} ${row[1]}.${row[2]}`) ?? [], model))
      .sort((a, b) => byText(a.id, b.id) || byText(a.kind, b.kind)),
  )
}

function routine(row: RoutineRow, parameters: readonly ParameterRow[], model: ModelNames): Routine {
  const [, database, name, type, result, charset, collation, deterministic, , , , comment] = row
  const schema = model.schemaOf(database)
  const ordered = [...parameters].sort((a, b) => Number(a[4]) - Number(b[4]))
  const args = ordered.map(parameter => parameterSql(parameter, type)).join(', ')
  const returned = type === 'FUNCTION' ? declared(result ?? '', charset, collation) : undefined
  return Object.freeze({
    id: `${schema}.${name}(${ordered.map(parameter => parameter[7]).join(', ')})`,
    schema,
    name,
    arguments: args,
    kind: type === 'FUNCTION' ? ('function' as const) : ('procedure' as const),
    volatility: deterministic === 'YES' ? ('immutable' as const) : ('volatile' as const),
    definition: definitionOf(row, qualified({ schema, name }), args, returned),
    ...present({ result: returned, comment: comment !== '' && comment }),
  })
}

function parameterSql([, , , , , mode, name, type, charset, collation]: ParameterRow, of: RoutineRow[3]): string {
  const direction = of === 'PROCEDURE' ? `${mode} ` : ''
  return `${direction}${quoteName(name)} ${declared(type, charset, collation)}`
}

const declared = (type: string, charset: string | null, collation: string | null): string =>
  charset === null ? type : `${type} CHARACTER SET ${charset} COLLATE ${collation}`

function definitionOf(row: RoutineRow, name: string, args: string, result: string | undefined): string {
  const [, , , type, , , , deterministic, dataAccess, security, body, comment] = row
  if (body === null) return ''
  return [
    `CREATE ${type} ${name}(${args})`,
    result !== undefined && `RETURNS ${result}`,
    deterministic === 'YES' && 'DETERMINISTIC',
    dataAccess,
    security === 'INVOKER' && 'SQL SECURITY INVOKER',
    comment !== '' && `COMMENT ${quoteLiteral(comment)}`,
    body,
  ]
    .filter(Boolean)
    .join('\n')
}
