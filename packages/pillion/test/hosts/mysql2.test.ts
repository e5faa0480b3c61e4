import { describe } from 'vitest'
import { conforms } from './conforms.js'
import { onMariadb } from './grounds.js'
import { mysql2Connection, mysql2Pool, mysql2PromisePool } from './fixtures/mysql2.js'
import { noMariadb } from './mysql-observer.js'

describe.skipIf(noMariadb())('on MariaDB', () => {
  for (const fixture of [mysql2Pool, mysql2PromisePool, mysql2Connection]) conforms(fixture, onMariadb, ['mysql2'])
})
