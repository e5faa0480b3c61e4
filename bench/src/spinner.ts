/** Takes what time nobody else wants, as long as the bench lives. @module */
import { constants, setPriority } from 'node:os'

setPriority(constants.priority.PRIORITY_LOW)
spin()

// asked for and not heard of: a bench that was killed at once had gone before anybody could listen
function spin() {
  for (const end = Date.now() + 50; Date.now() < end; );
  if (process.connected) setImmediate(spin)
}
