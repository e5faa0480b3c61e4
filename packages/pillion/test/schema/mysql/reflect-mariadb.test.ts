import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Catalog } from '../../../src/schema/index.js'
import { codecOf, reflectMysql } from '../../../src/schema/index.js'
import { mariadb } from './servers.js'
import { openSession, type Session } from './session.js'
import { partsOf } from '../known.js'

describe.skipIf(mariadb.lacking)('the torture schema of MariaDB', () => {
  let session: Session
  let catalog: Catalog

  beforeAll(async () => {
    session = await openSession(mariadb)
    await session.run(...mariadb.torture)
    catalog = await reflectMysql(session.read)
  })
  afterAll(() => session.close())

  const { table, column } = partsOf(() => catalog)

  it('comes in three statements, one of them for sequences', () => {
    expect(session.statements).toHaveLength(mariadb.statements)
  })

  it("is of the connection's database, under a name that every database has", () => {
    expect(catalog).toMatchObject({ dialect: 'mariadb', defaultSchema: 'main', schemas: ['main'] })
    expect(JSON.stringify(catalog)).not.toContain(session.database)
    expect(table('keyed')).toMatchObject({ id: 'main.keyed', schema: 'main', key: 'keyed' })
  })

  it('has its types', () => {
    const types = table('every_type').columns.map(({ name, type, sqlType }) => {
      const modifier = type.kind === 'base' && type.modifier !== undefined ? `(${type.modifier})` : ''
      return `${name}: ${sqlType} = ${type.kind === 'base' ? type.name : type.kind}${modifier}: ${codecOf(type).ts}`
    })
    expect(types).toEqual([
      'id: bigint(20) unsigned = uint8: bigint',
      'flag: tinyint(1) = bool(1): boolean',
      'flag_too: tinyint(1) = bool(1): boolean',
      'tiny: tinyint(4) = int2: number',
      'tiny_unsigned: tinyint(3) unsigned = int2: number',
      'tiny_one_unsigned: tinyint(1) unsigned = int2: number',
      'small: smallint(6) = int2: number',
      'small_unsigned: smallint(5) unsigned zerofill = int4(zerofill): number',
      'medium: mediumint(9) = int4: number',
      'medium_unsigned: mediumint(8) unsigned = int4: number',
      'plain_int: int(3) = int4: number',
      'int_unsigned: int(10) unsigned = uint4: number',
      'big: bigint(20) = int8: bigint',
      'born: year(4) = int2(year): number',
      'price: decimal(10,2) = numeric(10,2): string',
      'whole: decimal(5,0) unsigned = numeric(5,0): string',
      'single: float = float4: number',
      'twice: double = float8: number',
      'real_unsigned: double unsigned = float8: number',
      'bits: bit(4) = bit(4): string',
      'one_bit: bit(1) = bit(1): string',
      'fixed: char(3) = bpchar(3): string',
      'words: varchar(20) = varchar(20): string',
      'tiny_text: tinytext = text: string',
      'long_text: text = text: string',
      'latin: mediumtext = text: string',
      'binary_text: varchar(10) = varchar(10): string',
      'doc: longtext = json: p.Json',
      'doc_too: longtext = json: p.Json',
      'no_doc: longtext = text: string',
      'day: date = date: string',
      'wall: datetime(3) = timestamp(3): string',
      'instant: timestamp = timestamptz: Date',
      'instant_too: timestamp(6) = timestamptz(6): Date',
      'span: time(2) = time(2): string',
      "mood: enum('a','b''c','d,e','','f)') = enum: 'a' | 'b\\'c' | 'd,e' | '' | 'f)'",
      "choices: set('x','y') = set: string",
      'fixed_bytes: binary(4) = bytea: Uint8Array',
      'bytes: varbinary(10) = bytea: Uint8Array',
      'blob_bytes: blob = bytea: Uint8Array',
      'place: geometry = bytea: Uint8Array',
      'address6: inet6 = inet: string',
      'half: int(11) = int4: number',
      'shouted: varchar(30) = varchar(30): string',
      'unseen: int(11) = int4: number',
      'computed: int(11) = int4: number',
      'counted: bigint(20) = int8: bigint',
      'nothing: varchar(3) = varchar(3): string',
      'word_null: varchar(10) = varchar(10): string',
      'checked: int(11) = int4: number',
    ])
    expect(catalog.types.map(({ id }) => id)).toEqual(['main.every_type.mood', 'main.z_seen.mood'])
  })

  it('has defaults, as SQL', () => {
    const defaults = table('every_type').columns.flatMap(({ name, default: value }) =>
      value === undefined ? [] : [[name, value]],
    )
    expect(Object.fromEntries(defaults)).toEqual({
      flag: '1',
      small: '-3',
      price: '1.50',
      twice: '1000',
      bits: "b'101'",
      words: `'it''s \\\\ "x" ü'`,
      long_text: "'x'",
      day: "'2020-01-01'",
      wall: 'current_timestamp(3)',
      instant: 'current_timestamp()',
      mood: "'b''c'",
      choices: "'x,y'",
      bytes: "'ab'",
      unseen: '7',
      computed: '(1 + 2)',
      counted: 'nextval(`odd seq`)',
      word_null: "'NULL'",
    })
  })

  it('has what else there is to a column', () => {
    expect(column('every_type', 'id')).toMatchObject({ identity: 'by default', nullable: false })
    expect(column('every_type', 'wall').onUpdate).toBe('current_timestamp(3)')
    expect(column('every_type', 'instant')).toMatchObject({ nullable: false, onUpdate: 'current_timestamp()' })
    expect(column('every_type', 'instant_too').nullable).toBe(true)
    expect(column('every_type', 'half').generated).toEqual({ kind: 'virtual', expression: '`tiny` + 1' })
    expect(column('every_type', 'shouted').generated).toMatchObject({ kind: 'stored' })
    expect(column('every_type', 'unseen').hidden).toBe(true)
    expect(column('every_type', 'words').comment).toBe("a 'c' \\ ü")
    expect(column('every_type', 'binary_text').collation).toBe('utf8mb4_bin')
    expect(column('every_type', 'words').collation).toBeUndefined()
    expect(column('odd `table', 'кириллица').comment).toBe('да')
  })

  it('has keys and indexes', () => {
    const { primaryKey, uniques, indexes } = table('keyed')
    expect(primaryKey).toEqual({
      name: 'PRIMARY',
      columns: ['id'],
      comment: 'the key',
    })
    expect(uniques.map(({ name, columns }) => [name, columns])).toEqual([['one', ['a', 'b']]])
    expect(indexes.map(({ definition }) => definition)).toEqual([
      'KEY `circle_two` (`z_id`)',
      "FULLTEXT KEY `found` (`body`, `words`) COMMENT 'full'",
      'UNIQUE KEY `hashed` (`body`) USING HASH',
      'KEY `keyed_parent` (`parent_a`, `parent_b`)',
      'KEY `keyed_self` (`self_id`)',
      'KEY `mixed` (`words`(5), `a`)',
      'UNIQUE KEY `short` (`words`(3))',
      'SPATIAL KEY `there` (`spot`)',
      'KEY `unused` (`b`) IGNORED',
    ])
    expect(indexes[5]?.keys).toEqual([{ column: 'words', length: 5 }, { column: 'a' }])
    expect(table('prefixed').primaryKey).toMatchObject({
      columns: ['word', 'n'],
      definition: 'PRIMARY KEY (`word`(10), `n`)',
    })
  })

  it('has foreign keys, and relations by them', () => {
    expect(table('keyed').foreignKeys).toMatchObject([
      { name: 'circle_two', columns: ['z_id'], target: 'main.z_child' },
      {
        name: 'keyed_parent',
        columns: ['parent_a', 'parent_b'],
        target: 'main.parent',
        targetColumns: ['a', 'b'],
        onUpdate: 'cascade',
        onDelete: 'set null',
      },
      { name: 'keyed_self', target: 'main.keyed', onDelete: 'no action', onUpdate: 'restrict' },
    ])
    expect(table('keyed').relations.map(({ key, kind }) => `${key}: ${kind}`)).toEqual([
      'keyeds: many',
      'parent: one',
      'self: one',
      'z: one',
      'z_children: many',
    ])
  })

  it('has checks, those of columns apart', () => {
    expect(table('every_type').checks).toEqual([
      { name: 'checked', ofColumn: true, expression: '`checked` > 0 and `checked` <> 7', validated: true },
      { name: 'doc', ofColumn: true, expression: 'json_valid(`doc`)', validated: true },
      { name: 'doc_too', ofColumn: true, expression: 'json_valid(`doc_too`)', validated: true },
      { name: 'every_check', expression: "`tiny` < 5 and `words` <> 'x;'", validated: true },
    ])
  })

  it('has partitions, versions and engines', () => {
    expect(table('by_range')).toMatchObject({
      kind: 'partitioned table',
      partitionKey: 'RANGE COLUMNS (`at`) SUBPARTITION BY HASH (`id`) SUBPARTITIONS 2',
      partitions: [
        "PARTITION `p0` VALUES LESS THAN ('2000-01-01') COMMENT 'old'",
        'PARTITION `p1` VALUES LESS THAN (MAXVALUE)',
      ],
    })
    expect(table('by_list').partitions?.at(-1)).toBe('PARTITION `b` VALUES IN (NULL,3)')
    expect(table('versioned').options).toMatch(/WITH SYSTEM VERSIONING$/)
    expect(table('isam').options).toBe('ENGINE=MyISAM COLLATE=utf8mb3_general_ci')
    expect(table('prefixed').options).toContain('row_format=COMPRESSED key_block_size=8')
    expect(table('every_type').comment).toBe("it's \\ all")
  })

  it('has triggers in the order in which they run', () => {
    expect(table('every_type').triggers.map(({ name }) => name)).toEqual(['gone', 'b_first', 'a_second'])
    expect(table('every_type').triggers[2]?.definition).toContain('FOR EACH ROW FOLLOWS `b_first` BEGIN')
  })

  it("has views, without the database's name", () => {
    expect(table('a_over')).toMatchObject({ kind: 'view', dependsOn: ['main.z_seen'] })
    expect(table('a_over').definition).toContain('from `z_seen` `z`')
    expect(table('guarded')).toMatchObject({
      options: 'ALGORITHM=MERGE SQL SECURITY INVOKER',
      definition:
        'select `keyed`.`id` AS `id`,`keyed`.`a` AS `a` from `keyed` where `keyed`.`a` > 1 WITH LOCAL CHECK OPTION',
    })
    expect(table('outer_joined').columns.map(({ name, nullable }) => [name, nullable])).toEqual([
      ['id', false],
      ['a', true],
      ['n', false],
    ])
  })

  it('has sequences and routines', () => {
    expect(catalog.sequences.map(({ id, start, cycle }) => [id, start, cycle])).toEqual([
      ['main.odd seq', '5', true],
      ['main.plain_seq', '1', false],
    ])
    expect(catalog.tables.some(({ name }) => name === 'plain_seq')).toBe(false)
    expect(catalog.routines.map(({ id, kind }) => [id, kind])).toEqual([
      ['main.give(int(11), int(11), decimal(3,1))', 'procedure'],
      ['main.twice()', 'procedure'],
      ['main.twice(int(11), varchar(10))', 'function'],
    ])
  })
})
