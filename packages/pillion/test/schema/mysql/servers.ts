/** The two servers of one dialect that reflection reads, and what a test can ask of one of them alone. */
import { existsSync } from 'node:fs'
import { createMariadbDatabase, mariadbUrl } from '../../../../../test/support/mariadb.js'
import { createMysqlDatabase, mysqlUrl } from '../../../../../test/support/mysql.js'
import type { Database } from '../../../../../test/support/postgres.js'
import { skipAloud } from '../../../../../test/support/skip.js'
import { tortureOfMariadb, tortureOfMysql } from './torture.js'

export interface TestedServer {
  readonly name: 'MariaDB' | 'MySQL'
  readonly lacking: boolean
  create(): Promise<Database>
  /** One of everything that it has. */
  readonly torture: readonly string[]
  /** How many statements a reflection of that takes. */
  readonly statements: number
  /** The client that reads scripts for it. */
  readonly client: string | undefined
  /** Has a session make foreign keys to columns that no unique key holds. */
  readonly freeKeys: string
  /** What it calls the moment of a statement in a definition. */
  readonly now: string
  /** Columns of a view of `a` and `concat(a, 'x')`, of text that is never NULL, that are not either. */
  readonly provenText: readonly string[]
  /** DDL of its own, and what of it a refresh sees, for the schema of `refresh.test.ts`. */
  readonly changes: readonly Change[]
}

/** DDL, and what of it a refresh sees. */
export type Change = readonly [ddl: string, seen: Partial<Record<'added' | 'removed' | 'changed', string[]>>]

/** Reads the scripts of both. */
const client = ['/usr/bin/mariadb', '/usr/local/bin/mariadb'].find(existsSync)

export const mariadb: TestedServer = {
  name: 'MariaDB',
  lacking: skipAloud('mariadb', mariadbUrl(), 'install mariadb-server'),
  create: createMariadbDatabase,
  torture: tortureOfMariadb,
  // the last is for sequences
  statements: 3,
  client,
  freeKeys: 'do 0',
  now: 'current_timestamp()',
  // of text that is malformed it makes NULL
  provenText: ['a'],
  changes: [
    ['alter table a alter index by_n ignored', { changed: ['main.a'] }],
    ['create or replace function f() returns int return 2', { changed: ['routine main.f'] }],
    ['create sequence s', { added: ['sequence main.s'] }],
    ['alter sequence s increment by 5', { changed: ['sequence main.s'] }],
    ['drop sequence s', { removed: ['sequence main.s'] }],
  ],
}

export const mysql: TestedServer = {
  name: 'MySQL',
  lacking: skipAloud('mysql', mysqlUrl(), 'npm run mysql'),
  create: createMysqlDatabase,
  torture: tortureOfMysql,
  statements: 2,
  client,
  freeKeys: 'set restrict_fk_on_non_standard_key = off',
  now: 'CURRENT_TIMESTAMP',
  provenText: ['a', 'b'],
  changes: [
    ['alter table a alter index by_n invisible', { changed: ['main.a'] }],
    ['alter function f comment "f"', { changed: ['routine main.f'] }],
    ['alter table a add constraint a_lazy check (n > 1) not enforced', { changed: ['main.a'] }],
    ['alter table a alter check a_lazy enforced', { changed: ['main.a'] }],
    ['alter table a drop check a_lazy', { changed: ['main.a'] }],
    ['create index by_half on a ((n div 2) desc)', { changed: ['main.a'] }],
    ['drop index by_half on a', { changed: ['main.a'] }],
    ['alter table a add p point srid 4326', { changed: ['main.a'] }],
    ['alter table a modify p point srid 0', { changed: ['main.a'] }],
    ['alter table a drop p', { changed: ['main.a'] }],
  ],
}

export const servers: readonly TestedServer[] = [mariadb, mysql]
