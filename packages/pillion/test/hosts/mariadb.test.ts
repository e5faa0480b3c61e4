import { describe } from 'vitest'
import { conforms } from './conforms.js'
import { onMariadb } from './grounds.js'
import { mariadbConnection, mariadbPool } from './fixtures/mariadb.js'
import { noMariadb } from './mysql-observer.js'

describe.skipIf(noMariadb())('on MariaDB', () => {
  for (const fixture of [mariadbPool, mariadbConnection]) conforms(fixture, onMariadb, ['mariadb'])
})
