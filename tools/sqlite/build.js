// `npm run build:sqlite`: provides the native addons of better-sqlite3 and sqlite3 where they do not load yet. `npm ci`
// leaves them out (ignore-scripts), so that the example needs no compiler; the tests do this before they begin.
import { lackingAddons, lackingToCompile, provideAddon } from './addons.js'

const addons = await lackingAddons()
const lacking = addons.length === 0 ? [] : lackingToCompile()
if (lacking.length > 0) throw new Error(`to compile ${addons.join(' and ')}, there must be ${lacking.join(', ')}`)
await Promise.all(addons.map(provideAddon))
