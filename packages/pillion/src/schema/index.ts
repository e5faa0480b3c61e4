/**
 * `pillion/schema`: what a database holds, read from it, written down and compared.
 *
 * @module
 */
export type * from './model.js'
export type { Read, TextRow } from './read.js'
export type { ReflectOptions } from './reflection.js'
export { reflectPostgres } from './postgres/reflect.js'
export { checkOverrides } from './check-overrides.js'
export { applyOverrides, checkTypes, type Overrides, type RelationNames, type VirtualRelation } from './overrides.js'
export { keysOfTable } from './keys.js'
export { type RelationOptions, withRelations } from './relations.js'
export { camelCase } from './names.js'
export type { EmptyRange, BoundedRange, Json, Range } from './values.js'
export { type Cell, type Codec, codecOf } from './codec.js'
export { arrayOf, quoteLiteral, quoteName, sameType, sqlName } from './base-types.js'
export { parseSnapshot, writeSnapshot } from './snapshot.js'
export { type Change, describeDiff, diffCatalogs } from './diff.js'
export { emitTypes, type EmitTypesOptions, readEmittedTypes } from './emit-types.js'
export { ddlStatements, emitDdl } from './emit-ddl.js'
export { changedSince, type Fingerprint, type FingerprintChanges, type Refreshed } from './fingerprint.js'
export { fingerprintPostgres } from './postgres/fingerprint.js'
export { refreshPostgres } from './postgres/refresh.js'
export { fingerprintMysql, reflectMysql, refreshMysql } from './mysql/reflect.js'
export { fingerprintSqlite, reflectSqlite, refreshSqlite } from './sqlite/reflect.js'
