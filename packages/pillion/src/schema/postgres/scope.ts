/**
 * Which schemas, relations, types and routines a reflection is about, as the common table expressions that
 * the catalogue statements share. `$1` is an array of schemas, or NULL for all but the server's own.
 *
 * Whatever an extension owns is left out.
 *
 * @module
 */
import { catalogue } from './read.js'

/** Does the object belong to no extension? */
export const isNotOwned = (classId: number, oid: string) =>
  `NOT EXISTS (SELECT FROM owned WHERE owned.classid = ${classId} AND owned.objid = ${oid})`

/** Objects of extensions, and the schemas in view. */
export const scope = `
owned AS MATERIALIZED (
  SELECT classid, objid FROM pg_catalog.pg_depend WHERE refclassid = ${catalogue.extension} AND deptype = 'e'
),
namespace AS MATERIALIZED (
  SELECT n.oid, n.nspname AS name FROM pg_catalog.pg_namespace n
  WHERE CASE WHEN $1::text[] IS NULL
    THEN n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)'
      AND ${isNotOwned(catalogue.namespace, 'n.oid')}
    ELSE n.nspname = ANY ($1::text[]) END
)`

/** Can it stand in FROM under a name of its own? `c` is a row of pg_class. */
export const isRelation = `c.relkind IN ('r', 'v', 'm', 'p', 'f') AND c.relpersistence <> 't'
  AND ${isNotOwned(catalogue.relation, 'c.oid')}`

/** Is it a sequence in view? `c` is a row of pg_class. */
export const isSequence = `c.relkind = 'S' AND c.relpersistence <> 't' AND ${isNotOwned(catalogue.relation, 'c.oid')}`

/** Is it a type that somebody made by CREATE TYPE or CREATE DOMAIN? `t` is a row of pg_type. */
export const isNamedType = `(t.typtype IN ('e', 'd', 'r')
  OR t.typtype = 'c' AND EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.oid = t.typrelid AND c.relkind = 'c'))
  AND ${isNotOwned(catalogue.type, 't.oid')}`

/** Is it a routine in view? `p` is a row of pg_proc. The constructors that come with a range are not. */
export const isRoutine = `${isNotOwned(catalogue.routine, 'p.oid')} AND NOT EXISTS (
    SELECT FROM pg_catalog.pg_depend made
    WHERE made.classid = ${catalogue.routine} AND made.objid = p.oid AND made.deptype = 'i')`
