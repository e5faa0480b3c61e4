import { conforms } from './conforms.js'
import { mysql2Connection, mysql2Pool, mysql2PromisePool } from './fixtures/mysql2.js'
import { describeOnMysql } from './mysql-observer.js'

describeOnMysql(ground => {
  for (const fixture of [mysql2Pool, mysql2PromisePool, mysql2Connection]) conforms(fixture, ground, ['mysql2'])
})
