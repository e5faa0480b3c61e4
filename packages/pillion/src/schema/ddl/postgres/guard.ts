/**
 * What runs or is checked on rows: triggers and policies.
 *
 * @module
 */
import { quoteName } from '../../base-types.js'
import type { Policy, Table, Trigger } from '../../model.js'
import { qualified } from './name.js'

export function createTriggers(tables: readonly Table[]): readonly string[] {
  return tables.flatMap(table => table.triggers.flatMap(trigger => [trigger.definition, ...firing(table, trigger)]))
}

const firingWords = { always: 'ENABLE ALWAYS', replica: 'ENABLE REPLICA', disabled: 'DISABLE' } as const

function firing(table: Table, { name, enabled }: Trigger): readonly string[] {
  return enabled === 'origin'
    ? []
    : [`ALTER TABLE ${qualified(table)} ${firingWords[enabled]} TRIGGER ${quoteName(name)}`]
}

export function createPolicies(tables: readonly Table[]): readonly string[] {
  return tables.flatMap(table => [...rowSecurity(table), ...table.policies.map(policy => createPolicy(table, policy))])
}

function rowSecurity(table: Table): readonly string[] {
  if (table.rowSecurity === undefined) return []
  const words = table.rowSecurity === 'forced' ? ['ENABLE', 'FORCE'] : ['ENABLE']
  return words.map(word => `ALTER TABLE ${qualified(table)} ${word} ROW LEVEL SECURITY`)
}

function createPolicy(table: Table, { name, permissive, command, roles, using, check }: Policy): string {
  const to = roles.map(role => (role === 'public' ? 'PUBLIC' : quoteName(role))).join(', ')
  return [
    `CREATE POLICY ${quoteName(name)} ON ${qualified(table)} AS ${permissive ? 'PERMISSIVE' : 'RESTRICTIVE'}`,
    ` FOR ${command.toUpperCase()}${to === '' ? '' : ` TO ${to}`}`,
    using === undefined ? '' : ` USING (${using})`,
    check === undefined ? '' : ` WITH CHECK (${check})`,
  ].join('')
}
