/** Takes what time nobody else wants, as long as the bench lives. @module */
import { constants, setPriority } from 'node:os'

setPriority(constants.priority.PRIORITY_LOW)
process.on('disconnect', () => process.exit())
const spin = (): void => {
  for (const end = Date.now() + 50; Date.now() < end; );
  setImmediate(spin)
}
spin()
