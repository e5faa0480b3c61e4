/**
 * From the words of a column's declaration to the model's types.
 *
 * Types bear PostgreSQL's names, so that one table of codecs serves every dialect; `sqlType` keeps the server's.
 *
 * | MySQL | model |
 * |---|---|
 * | `tinyint(1)` | `bool` |
 * | `tinyint smallint year`, `tinyint unsigned` | `int2` |
 * | `mediumint int`, `smallint unsigned`, `mediumint unsigned` | `int4` |
 * | `int unsigned`, `bigint`, `bigint unsigned` | `uint4`, `int8`, `uint8` |
 * | `decimal float double` | `numeric float4 float8` |
 * | `char varchar`, the texts | `bpchar varchar text` |
 * | `json`, MariaDB's text that must be JSON | `json` |
 * | `date datetime timestamp` | `date timestamp timestamptz` |
 * | `time`, a span from -838:59:59 to 838:59:59 | `time` of the schema `mysql` |
 * | `enum set` | an enumeration named `table.column`, `set` |
 * | `bit` | `bit` |
 * | `binary varbinary`, the blobs, geometries, vectors | `bytea` |
 * | `uuid inet4 inet6` | `uuid inet inet` |
 *
 * @module
 */
import type { BaseType, DataType } from '../model.js'
import { unescaped } from './text.js'

const names: Readonly<Record<string, string>> = {
  tinyint: 'int2',
  smallint: 'int2',
  year: 'int2',
  mediumint: 'int4',
  int: 'int4',
  bigint: 'int8',
  decimal: 'numeric',
  float: 'float4',
  double: 'float8',
  bit: 'bit',
  char: 'bpchar',
  varchar: 'varchar',
  tinytext: 'text',
  text: 'text',
  mediumtext: 'text',
  longtext: 'text',
  json: 'json',
  date: 'date',
  datetime: 'timestamp',
  timestamp: 'timestamptz',
  set: 'set',
  uuid: 'uuid',
  inet4: 'inet',
  inet6: 'inet',
}

const unsignedNames: Readonly<Record<string, string>> = { smallint: 'int4', int: 'uint4', bigint: 'uint8' }

/** Types whose number in parentheses says what fits, and not how wide to print. */
const modified = new Set(['decimal', 'char', 'varchar', 'bit', 'datetime', 'timestamp', 'time'])

/** Where a column of a type made for it alone stands. */
export interface Place {
  readonly schema: string
  readonly table: string
  readonly column: string
}

/**
 * @param dataType The bare name: `int`.
 * @param columnType The whole declaration: `int(10) unsigned`.
 */
export function typeOf(dataType: string, columnType: string, place: Place): DataType {
  if (dataType === 'enum') {
    return Object.freeze({
      kind: 'enum',
      schema: place.schema,
      name: `${place.table}.${place.column}`,
      labels: Object.freeze(labelsIn(columnType)),
    })
  }
  return baseType(dataType, columnType)
}

function baseType(dataType: string, columnType: string): BaseType {
  if (columnType === 'tinyint(1)') return Object.freeze({ kind: 'base', name: 'bool', modifier: '1' })
  const modifier = modified.has(dataType) ? /\(([\d,]+)\)/.exec(columnType)?.[1] : paddingOf(dataType, columnType)
  const shared = { kind: 'base', ...(modifier !== undefined && { modifier }) } as const
  if (dataType === 'time') return Object.freeze({ ...shared, name: 'time', schema: 'mysql' })
  const unsigned = columnType.includes('unsigned') ? unsignedNames[dataType] : undefined
  // What is left holds bytes: binary strings, and values that the server keeps in a form of its own.
  return Object.freeze({ ...shared, name: unsigned ?? names[dataType] ?? 'bytea' })
}

/** Of a whole number that is printed with zeros in front, in a JSON document too, the word that says so. */
function paddingOf(dataType: string, columnType: string): string | undefined {
  return dataType === 'year' ? 'year' : /\bzerofill\b/.exec(columnType)?.[0]
}

/** The labels of `enum('a','b''c','d\\\\e')`: a backslash is doubled there, whatever the session's mode. */
function labelsIn(columnType: string): string[] {
  return [...columnType.matchAll(/'((?:[^']|'')*)'/g)].map(([, label = '']) => unescaped(label.replaceAll("''", "'")))
}
