/** A package whose native addon is compiled from its own sources. */
export type Addon = 'better-sqlite3' | 'sqlite3'

/** The addons that do not load: never compiled since `npm ci`, or for another Node. */
export function lackingAddons(): Promise<readonly Addon[]>

/** What this machine lacks to compile them. */
export function lackingToCompile(): readonly string[]

/** Puts an addon where its package looks for it: the one compiled before, or one compiled now. */
export function provideAddon(name: Addon): Promise<void>
