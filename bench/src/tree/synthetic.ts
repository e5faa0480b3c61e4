/** A tree of any size by a formula, and facts about its nodes. @module */

/**
 * Node n is below one of about n / 5: a few children each, as deep as the logarithm. Facts of two kinds: one to twenty nodes, and one a
 * node, on nodes anywhere, with an index that has what is asked of them.
 */
export function syntheticTree(nodes: number): string {
  const facts = (name: string, n: number): string => `
    CREATE TABLE ${name} (id bigint PRIMARY KEY, node_id bigint, amount int);
    INSERT INTO ${name} SELECT n, 1 + abs(hashint8(n + 7)::bigint) % ${nodes}, n % 100 FROM generate_series(1, ${n}) AS n;
    CREATE INDEX ON ${name} (node_id) INCLUDE (amount);`
  // the index of the pointer holds the key as well: a walk down needs no row for a count
  return `
    CREATE TABLE node (id bigint PRIMARY KEY, parent_id bigint);
    INSERT INTO node SELECT n, CASE WHEN n > 1 THEN least(n - 1, greatest(1, n / 5 + (hashint8(n) % 3))) END FROM generate_series(1, ${nodes}) AS n;
    CREATE INDEX node_parent_id ON node (parent_id, id);
    ${facts('sparse', Math.ceil(nodes / 20))}
    ${facts('dense', nodes)}
    CREATE TABLE size AS SELECT pg_total_relation_size('node') AS plain;`
}
