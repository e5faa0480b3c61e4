import { describe } from 'vitest'
import { createMariadbDatabase } from '../../../../test/support/mariadb.js'
import { conforms } from './conforms.js'
import { mariadbConnection, mariadbPool } from './fixtures/mariadb.js'
import { noMariadb } from './mysql-observer.js'

describe.skipIf(noMariadb())('on MariaDB', () => {
  for (const fixture of [mariadbPool, mariadbConnection]) conforms(fixture, createMariadbDatabase)
})
