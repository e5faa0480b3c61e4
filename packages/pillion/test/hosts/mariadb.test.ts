import { conforms } from './conforms.js'
import { mariadbConnection, mariadbPool } from './fixtures/mariadb.js'
import { describeOnMysql } from './mysql-observer.js'

describeOnMysql(ground => {
  for (const fixture of [mariadbPool, mariadbConnection]) conforms(fixture, ground, ['mariadb'])
})
