/**
 * `pillion/schema`: what a database holds, read from it, written down and compared.
 *
 * @module
 */
export type * from './model.js'
export { type Read, type TextRow } from './postgres/read.js'
export { type ReflectOptions, reflectPostgres } from './postgres/reflect.js'
export { applyOverrides, type Overrides, type RelationNames, type VirtualRelation } from './overrides.js'
export { keysOfTable, type RelationOptions, withRelations } from './relations.js'
export { camelCase } from './names.js'
