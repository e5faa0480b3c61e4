import type { Table } from '../../model.js'

/** Does it hold a query, and no rows that are written to it? */
export function isView({ kind }: Table): boolean {
  return kind === 'view' || kind === 'materialized view'
}
