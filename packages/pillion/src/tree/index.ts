/**
 * Trees kept right by the database: links from every node to its ancestors, written by triggers whoever writes the nodes.
 *
 * @module
 */
export { type Advice, adviseTree, describeAdvice, type Encodings, type Measured } from './advise.js'
export { installDdl, uninstallDdl } from './ddl.js'
export { readTree, readTreeTable } from './find.js'
export { installTree, uninstallTree } from './install.js'
export { type LoadOptions, type LoadProgress, loadTree } from './load.js'
export {
  type TreeColumn,
  type TreeDialect,
  type TreeForeignKey,
  type TreeLinks,
  type TreeModel,
  type TreeOptions,
  type TreeTable,
  treeModel,
} from './model.js'
export { type RebuildOptions, type Rebuilt, rebuildTree } from './rebuild.js'
export { treeSession } from './over.js'
export { treeRefusal, type TreeRefusalCode } from './refusal.js'
export type { TreeRow, TreeSession } from './session.js'
export type { Distances, Link, Reached, ReachedBy } from './encoding.js'
export type { Composite } from './key.js'
export { type Tree, type TreeIn, type TreeOver, tree } from './tree.js'
export { describeStats, type TreeStats, treeStats } from './stats.js'
export { describeFault, type TreeFault, type TreeKey, verifyTree } from './verify.js'
