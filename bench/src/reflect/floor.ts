/** The floor: five bare catalogue queries, whose rows are only brought into JavaScript. @module */
import type { Prepare } from './reader.js'

const inSchema = `n.nspname <> 'information_schema' and n.nspname !~ '^pg_'`

const classes = `
  select c.oid, n.nspname, c.relname, c.relkind, c.relrowsecurity, obj_description(c.oid, 'pg_class') as comment
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p', 'v', 'm', 'f') and ${inSchema}`

const attributes = `
  select a.attrelid, a.attnum, a.attname, a.atttypid, format_type(a.atttypid, a.atttypmod) as type, a.attnotnull,
    a.attidentity, a.attgenerated, pg_get_expr(d.adbin, d.adrelid) as default, s.description as comment
  from pg_attribute a
    join pg_class c on c.oid = a.attrelid
    join pg_namespace n on n.oid = c.relnamespace
    left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    left join pg_description s on s.objoid = a.attrelid and s.classoid = 'pg_class'::regclass and s.objsubid = a.attnum
  where c.relkind in ('r', 'p', 'v', 'm', 'f') and a.attnum > 0 and not a.attisdropped and ${inSchema}`

const constraints = `
  select k.conrelid, k.conname, k.contype, k.conkey, k.confrelid, k.confkey, k.confupdtype, k.confdeltype,
    k.convalidated, pg_get_constraintdef(k.oid) as definition
  from pg_constraint k join pg_namespace n on n.oid = k.connamespace
  where k.conrelid <> 0 and k.contype in ('c', 'f', 'p', 'u', 'x') and ${inSchema}`

const indexes = `
  select i.indrelid, c.relname, i.indisunique, i.indisprimary, i.indkey::text, pg_get_indexdef(i.indexrelid) as definition
  from pg_index i
    join pg_class c on c.oid = i.indexrelid
    join pg_namespace n on n.oid = c.relnamespace
  where ${inSchema}`

const types = `
  select t.oid, n.nspname, t.typname, t.typtype, t.typbasetype, t.typelem, t.typrelid,
    array(select e.enumlabel from pg_enum e where e.enumtypid = t.oid order by e.enumsortorder) as labels
  from pg_type t join pg_namespace n on n.oid = t.typnamespace`

export const prepare: Prepare = async client => async () => {
  const found = {
    classes: (await client.query(classes)).rows,
    attributes: (await client.query(attributes)).rows,
    constraints: (await client.query<{ contype: string }>(constraints)).rows,
    indexes: (await client.query<{ indisprimary: boolean }>(indexes)).rows,
    types: (await client.query(types)).rows,
  }
  return () => ({
    tables: found.classes.length,
    columns: found.attributes.length,
    foreignKeys: found.constraints.filter(row => row.contype === 'f').length,
    checks: found.constraints.filter(row => row.contype === 'c').length,
    indexes: found.indexes.filter(row => !row.indisprimary).length,
  })
}
