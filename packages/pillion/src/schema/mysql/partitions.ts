/**
 * How a table is partitioned, in the DDL's own words.
 *
 * @module
 */
import { groupBy } from '../group.js'
import type { Table } from '../model.js'
import type { PartitionRow } from './rows.js'
import { quoteLiteral, quoteName } from './text.js'

/** Nothing of a table without partitions. */
export function partitioning(
  rows: readonly PartitionRow[],
): Pick<Required<Table>, 'partitionKey' | 'partitions'> | undefined {
  const partitions = [...groupBy(rows, row => row[3]).values()].sort((a, b) => positionOf(a) - positionOf(b))
  const [, , , , , , method, expression, , submethod, subexpression] = partitions[0]?.[0] ?? []
  if (partitions[0] === undefined || method === undefined) return undefined
  const parts = [
    `${method} (${expression ?? ''})`,
    submethod && `SUBPARTITION BY ${submethod} (${subexpression}) SUBPARTITIONS ${partitions[0].length}`,
  ]
  return Object.freeze({
    partitionKey: parts.filter(Boolean).join(' '),
    partitions: Object.freeze(partitions.map(([row]) => partition(row as PartitionRow))),
  })
}

const positionOf = ([row]: readonly PartitionRow[]): number => Number(row?.[3])

function partition([, , , , , name, method, , description, , , comment]: PartitionRow): string {
  const values = method.startsWith('RANGE')
    ? ` VALUES LESS THAN (${description})`
    : method.startsWith('LIST')
      ? ` VALUES IN (${description})`
      : ''
  return `PARTITION ${quoteName(name)}${values}${comment ? ` COMMENT ${quoteLiteral(comment)}` : ''}`
}
