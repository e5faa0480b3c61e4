/**
 * What the work of a transaction leaves to be done at its end.
 *
 * @module
 */

export type Hook = () => unknown

/** What to run when a scope has ended, and before it is committed. */
export interface Hooks {
  readonly beforeCommit: Hook[]
  readonly afterCommit: Hook[]
  readonly afterRollback: Hook[]
}

export function noHooks(): Hooks {
  return { beforeCommit: [], afterCommit: [], afterRollback: [] }
}

/** Runs those before the end, one after the other: one may add another, and the first that fails ends it. */
export async function runBefore({ beforeCommit }: Hooks): Promise<void> {
  for (let hook = beforeCommit.shift(); hook !== undefined; hook = beforeCommit.shift()) await hook()
}

/** Runs all of those after the end. Each failure is told; the first is given back. */
export async function runAfter(
  hooks: readonly Hook[],
  tell: (error: unknown) => void,
): Promise<{ readonly error: unknown } | undefined> {
  let failed: { readonly error: unknown } | undefined
  for (const hook of hooks) {
    try {
      await hook()
    } catch (error) {
      failed ??= { error }
      tell(error)
    }
  }
  return failed
}
