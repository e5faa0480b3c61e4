import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Catalog } from '../../../src/schema/index.js'
import { codecOf, ddlStatements, reflectMysql } from '../../../src/schema/index.js'
import { mysql } from './servers.js'
import { openSession, type Session } from './session.js'
import { partsOf } from '../known.js'

/** A word of 64 characters. */
const long = (first: string): string => `${first}234567890123456789012345678901234567890123456789012345678901234`

describe.skipIf(mysql.lacking)('the torture schema of MySQL', () => {
  let session: Session
  let catalog: Catalog

  beforeAll(async () => {
    session = await openSession(mysql)
    await session.run(...mysql.torture)
    catalog = await reflectMysql(session.read)
  })
  afterAll(() => session.close())

  const { table, column } = partsOf(() => catalog)

  it('comes in two statements', () => {
    expect(session.statements).toHaveLength(mysql.statements)
  })

  it("is of the connection's database, under a name that every database has", () => {
    expect(catalog).toMatchObject({ dialect: 'mysql', defaultSchema: 'main', schemas: ['main'], sequences: [] })
    expect(JSON.stringify(catalog)).not.toContain(session.database)
    expect(table('keyed')).toMatchObject({ id: 'main.keyed', schema: 'main', key: 'keyed' })
  })

  it('has its types', () => {
    const types = table('every_type').columns.map(({ name, type, sqlType }) => {
      const modifier = type.kind === 'base' && type.modifier !== undefined ? `(${type.modifier})` : ''
      return `${name}: ${sqlType} = ${type.kind === 'base' ? type.name : type.kind}${modifier}: ${codecOf(type).ts}`
    })
    expect(types).toEqual([
      'id: bigint unsigned = uint8: bigint',
      'flag: tinyint(1) = bool(1): boolean',
      'flag_too: tinyint(1) = bool(1): boolean',
      'tiny: tinyint = int2: number',
      'tiny_unsigned: tinyint unsigned = int2: number',
      'tiny_one_unsigned: tinyint unsigned = int2: number',
      'small: smallint = int2: number',
      'small_unsigned: smallint(5) unsigned zerofill = int4(zerofill): number',
      'medium: mediumint = int4: number',
      'medium_unsigned: mediumint unsigned = int4: number',
      'plain_int: int = int4: number',
      'padded: int(7) unsigned zerofill = uint4(zerofill): number',
      'int_unsigned: int unsigned = uint4: number',
      'big: bigint = int8: bigint',
      'born: year = int2(year): number',
      'price: decimal(10,2) = numeric(10,2): string',
      'whole: decimal(5,0) unsigned = numeric(5,0): string',
      'single: float = float4: number',
      'twice: double = float8: number',
      'real_unsigned: double unsigned = float8: number',
      'scaled: double(7,3) = float8: number',
      'bits: bit(4) = bit(4): string',
      'one_bit: bit(1) = bit(1): string',
      'fixed: char(3) = bpchar(3): string',
      'words: varchar(20) = varchar(20): string',
      'empty_words: varchar(20) = varchar(20): string',
      'broken_words: varchar(20) = varchar(20): string',
      'national: char(4) = bpchar(4): string',
      'tiny_text: tinytext = text: string',
      'long_text: text = text: string',
      'latin: mediumtext = text: string',
      'latin_words: varchar(9) = varchar(9): string',
      'binary_text: varchar(10) = varchar(10): string',
      'doc: json = json: p.Json',
      'doc_too: json = json: p.Json',
      'no_doc: longtext = text: string',
      'day: date = date: string',
      'today: date = date: string',
      'wall: datetime(3) = timestamp(3): string',
      'wall_fixed: datetime = timestamp: string',
      'wall_later: datetime = timestamp: string',
      'wall_now: datetime = timestamp: string',
      'instant: timestamp = timestamptz: Date',
      'instant_too: timestamp(6) = timestamptz(6): Date',
      'span: time(2) = time(2): string',
      String.raw`mood: enum('a','b''c','d,e','','f)','g\\h','i\nj','ü','"k"') = enum: 'a' | 'b\'c' | 'd,e' | '' | 'f)' | 'g\\h' | 'i\nj' | 'ü' | '"k"'`,
      String.raw`mood_too: enum('a','g\\h') = enum: 'a' | 'g\\h'`,
      "choices: set('x','y') = set: string",
      'fixed_bytes: binary(4) = bytea: Uint8Array',
      'bytes: varbinary(10) = bytea: Uint8Array',
      'no_bytes: varbinary(10) = bytea: Uint8Array',
      'odd_bytes: varbinary(10) = bytea: Uint8Array',
      'key_bytes: binary(16) = bytea: Uint8Array',
      'blob_bytes: blob = bytea: Uint8Array',
      'tiny_blob: tinyblob = bytea: Uint8Array',
      'medium_blob: mediumblob = bytea: Uint8Array',
      'long_blob: longblob = bytea: Uint8Array',
      'place: geometry = bytea: Uint8Array',
      'spot: point SRID 4326 = bytea: Uint8Array',
      'spot_too: point SRID 0 = bytea: Uint8Array',
      'line: linestring = bytea: Uint8Array',
      'area: polygon = bytea: Uint8Array',
      'spots: multipoint = bytea: Uint8Array',
      'lines_too: multilinestring = bytea: Uint8Array',
      'areas: multipolygon = bytea: Uint8Array',
      'places: geomcollection = bytea: Uint8Array',
      'spot_made: point SRID 4326 = bytea: Uint8Array',
      'half: int = int4: number',
      'half_sure: int = int4: number',
      'shouted: varchar(30) = varchar(30): string',
      'picked: varchar(30) = varchar(30): string',
      'unseen: int = int4: number',
      'unseen_made: int = int4: number',
      'computed: int = int4: number',
      'copied: int = int4: number',
      'nothing: varchar(3) = varchar(3): string',
      'word_null: varchar(10) = varchar(10): string',
      'word_now: varchar(30) = varchar(30): string',
      'checked: int = int4: number',
    ])
    expect(catalog.types.map(({ id }) => id)).toEqual([
      'main.every_type.mood',
      'main.every_type.mood_too',
      'main.z_seen.mood',
    ])
  })

  it('has defaults, as SQL: values in quotes, and expressions in parentheses', () => {
    const defaults = table('every_type').columns.flatMap(({ name, default: value }) =>
      value === undefined ? [] : [[name, value]],
    )
    expect(Object.fromEntries(defaults)).toEqual({
      flag: '1',
      flag_too: '0',
      small: '-3',
      big: '-9223372036854775808',
      born: '1999',
      price: '1.50',
      single: '0.1',
      twice: '1000',
      bits: "b'101'",
      words: `'it''s \\\\ "x" ü'`,
      empty_words: "''",
      broken_words: "'a\nb\tc%\\\\_'",
      long_text: String.raw`(_utf8mb4'it\'s \\ "x" ü\n')`,
      latin_words: "'ü'",
      doc_too: String.raw`(json_object(_utf8mb4'a',_utf8mb4'it\'s "x" \\'))`,
      day: "'2020-01-01'",
      today: '(curdate())',
      wall: 'CURRENT_TIMESTAMP(3)',
      wall_fixed: "'2020-01-01 10:00:00'",
      wall_later: '(now() + interval 1 day)',
      wall_now: '(now())',
      instant: 'CURRENT_TIMESTAMP',
      span: "'-12:30:00.00'",
      mood: "'b''c'",
      mood_too: String.raw`'g\\h'`,
      choices: "'x,y'",
      fixed_bytes: '0x6162',
      bytes: '0x612762',
      no_bytes: "''",
      // the catalogue ends at the first zero
      odd_bytes: '0x00',
      key_bytes: '(uuid_to_bin(uuid()))',
      blob_bytes: '(0x00ff)',
      spot_too: '(point(1,2))',
      unseen: '7',
      computed: '(1 + 2)',
      copied: '(`tiny` + 1)',
      word_null: "'NULL'",
      word_now: "'CURRENT_TIMESTAMP'",
    })
  })

  it('has what else there is to a column', () => {
    expect(column('every_type', 'id')).toMatchObject({ identity: 'by default', nullable: false })
    expect(column('every_type', 'wall').onUpdate).toBe('CURRENT_TIMESTAMP(3)')
    expect(column('every_type', 'instant')).toMatchObject({ nullable: false, onUpdate: 'CURRENT_TIMESTAMP' })
    expect(column('every_type', 'instant_too')).toMatchObject({ nullable: true, onUpdate: 'CURRENT_TIMESTAMP(6)' })
    expect(column('every_type', 'half').generated).toEqual({ kind: 'virtual', expression: '`tiny` + 1' })
    expect(column('every_type', 'half').nullable).toBe(true)
    expect(column('every_type', 'half_sure')).toMatchObject({ nullable: false, generated: { kind: 'virtual' } })
    expect(column('every_type', 'shouted')).toMatchObject({
      comment: 'made',
      generated: {
        kind: 'stored',
        expression: String.raw`concat(${'`words`'},_utf8mb4'q\\',_utf8mb4'it\'s',_utf8mb4'\n',_utf8mb4'ü')`,
      },
    })
    const hidden = table('every_type').columns.filter(each => each.hidden)
    expect(hidden.map(({ name }) => name)).toEqual(['unseen', 'unseen_made'])
    expect(column('every_type', 'words').comment).toBe("a 'c' \\ ü")
    expect(column('every_type', 'binary_text').collation).toBe('utf8mb4_bin')
    expect(column('every_type', 'national').collation).toBe('utf8mb3_general_ci')
    expect(column('every_type', 'words').collation).toBeUndefined()
    expect(column('odd `table', 'кириллица').comment).toBe('да')
  })

  it('has keys and indexes, of expressions, downwards and invisible', () => {
    const { primaryKey, uniques, indexes } = table('keyed')
    expect(primaryKey).toEqual({ name: 'PRIMARY', columns: ['id'], comment: 'the key' })
    expect(uniques.map(({ name, columns }) => [name, columns])).toEqual([['one', ['a', 'b']]])
    expect(indexes.map(({ definition }) => definition)).toEqual([
      'KEY `circle_two` (`z_id`)',
      'UNIQUE KEY `downward` (`a`, `id` DESC)',
      'UNIQUE KEY `folded` ((lower(`words`)))',
      "FULLTEXT KEY `found` (`body`, `words`) COMMENT 'full'",
      'KEY `keyed_parent` (`parent_a`, `parent_b`)',
      'KEY `keyed_self` (`self_id`)',
      String.raw`KEY ${'`made` ((`a` + `b`), `words` DESC, (concat(`words`'},_utf8mb4'it\'s \\ü')))`,
      "KEY `many` ((cast(json_extract(`doc`,_utf8mb4'$.tags') as unsigned array)))",
      'KEY `mixed` (`words`(5), `a`)',
      'UNIQUE KEY `short` (`words`(3))',
      'SPATIAL KEY `there` (`spot`)',
      'KEY `unused` (`b`) INVISIBLE',
    ])
    expect(indexes[1]?.keys).toEqual([{ column: 'a' }, { column: 'id', descending: true }])
    expect(indexes[2]?.keys).toEqual([{ expression: 'lower(`words`)' }])
    expect(table('prefixed').primaryKey).toMatchObject({
      columns: ['word', 'n'],
      definition: 'PRIMARY KEY (`word`(10), `n`)',
    })
    expect(table('keyless').primaryKey).toBeUndefined()
  })

  it('has foreign keys, and relations by them', () => {
    expect(table('keyed').foreignKeys).toMatchObject([
      { name: 'circle_two', columns: ['z_id'], target: 'main.z_child', onDelete: 'no action', onUpdate: 'no action' },
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
    expect(table('z_child').foreignKeys).toMatchObject([{ onUpdate: 'set null', onDelete: 'cascade' }])
    expect(table('keyed').relations.map(({ key, kind }) => `${key}: ${kind}`)).toEqual([
      'keyeds: many',
      'parent: one',
      'self: one',
      'z: one',
      'z_children: many',
    ])
  })

  it('has checks, enforced and not', () => {
    expect(table('every_type').checks).toEqual([
      {
        name: 'every_check',
        expression: String.raw`(${'`tiny` < 5) and (`words`'} <> _utf8mb4'x;') and (not((${'`words`'} like _utf8mb4'it\'s\\\\%')))`,
        validated: true,
      },
      { name: 'every_type_chk_1', expression: '(`checked` > 0) and (`checked` <> 7)', validated: true },
      { name: 'lazy_check', expression: '`small` <> 9', validated: false, notEnforced: true },
    ])
  })

  it('has names of sixty-four characters', () => {
    expect(table(long('t'))).toMatchObject({
      primaryKey: { columns: [long('c')] },
      indexes: [{ name: long('k') }],
      checks: [{ name: long('x') }],
      foreignKeys: [{ name: long('f'), target: `main.${long('t')}` }],
    })
  })

  it('has partitions and engines', () => {
    expect(table('by_range')).toMatchObject({
      kind: 'partitioned table',
      partitionKey: 'RANGE COLUMNS (`at`) SUBPARTITION BY HASH (`id`) SUBPARTITIONS 2',
      partitions: [
        "PARTITION `p0` VALUES LESS THAN ('2000-01-01') COMMENT 'old'",
        'PARTITION `p1` VALUES LESS THAN (MAXVALUE)',
      ],
    })
    expect(table('by_list').partitions?.at(-1)).toBe('PARTITION `b` VALUES IN (NULL,3)')
    expect(table('by_words')).toMatchObject({
      partitionKey: 'LIST COLUMNS (`w`,`n`)',
      partitions: [
        String.raw`PARTITION ${'`a`'} VALUES IN (('it''s',1),('\\',2))`,
        'PARTITION `o``dd` VALUES IN ((NULL,3))',
      ],
    })
    expect(table('by_line').partitionKey).toBe('LINEAR HASH ((`id` DIV 2))')
    expect(table('isam').options).toBe('ENGINE=MyISAM COLLATE=utf8mb3_general_ci')
    expect(table('prefixed').options).toContain('row_format=COMPRESSED KEY_BLOCK_SIZE=8')
    expect(table('hashed')).toMatchObject({
      options: expect.stringContaining('max_rows=5'),
      primaryKey: { name: 'PRIMARY', columns: ['id'] },
      uniques: [{ name: 'by_a', columns: ['a'] }],
    })
    // an engine whose keys are hashed unless they are told not to be
    expect(table('remembered')).toMatchObject({
      primaryKey: { definition: 'PRIMARY KEY (`id`) USING BTREE' },
      indexes: [
        { method: 'btree', definition: 'UNIQUE KEY `by_a` (`a`) USING BTREE' },
        { method: 'btree', definition: 'KEY `by_ab` (`a`, `b`) USING BTREE' },
        { method: 'hash', definition: 'KEY `by_b` (`b`)' },
      ],
    })
    expect(table('every_type').comment).toBe("it's \\ all")
  })

  it('has triggers in the order in which they run', () => {
    expect(table('every_type').triggers.map(({ name }) => name)).toEqual(['gone', 'b_first', 'a_second'])
    expect(table('every_type').triggers[2]?.definition).toContain('FOR EACH ROW FOLLOWS `b_first` BEGIN')
  })

  it("has views, without the database's name", () => {
    expect(table('a_over')).toMatchObject({ kind: 'view', dependsOn: ['main.z_seen'] })
    expect(table('a_over').columns.map(({ name }) => name)).toEqual(['the_id', 'word', 'folded'])
    expect(table('a_over').definition).toContain('from `z_seen` `z`')
    expect(table('guarded')).toMatchObject({
      options: 'SQL SECURITY INVOKER',
      definition:
        'select `keyed`.`id` AS `id`,`keyed`.`a` AS `a` from `keyed` where (`keyed`.`a` > 1) WITH LOCAL CHECK OPTION',
    })
    expect(table('listed').columns.map(({ name }) => name)).toEqual(['i', 'a'])
    expect(table('outer_joined').columns.map(({ name, nullable }) => [name, nullable])).toEqual([
      ['id', false],
      ['a', true],
      ['n', false],
    ])
  })

  it('has routines', () => {
    expect(catalog.routines.map(({ id, kind }) => [id, kind])).toEqual([
      ['main.give(int, int, decimal(3,1))', 'procedure'],
      ["main.picked(json, enum('a','b''c'), varchar(3))", 'function'],
      ['main.twice()', 'procedure'],
      ['main.twice(int, varchar(10))', 'function'],
    ])
    expect(catalog.routines[1]?.arguments).toContain('`w` varchar(3) CHARACTER SET latin1 COLLATE latin1_swedish_ci')
  })

  it('is what SHOW CREATE TABLE says of it, once it is written and read again', async () => {
    const copy = await openSession(mysql)
    try {
      await copy.run(...ddlStatements(catalog))
      // a number of partitions is emitted as their names
      const plain = catalog.tables.filter(({ kind, name }) => kind === 'table' && name !== 'every_type')
      expect(plain.length).toBeGreaterThan(8)
      for (const { name } of plain) {
        expect(await linesOf(copy, name)).toEqual(await linesOf(session, name))
      }
      const [copied, original] = [await linesOf(copy, 'every_type'), await linesOf(session, 'every_type')]
      // of these bytes the catalogue does not show what follows a zero
      expect(original.filter(line => !copied.includes(line))).toEqual(['`odd_bytes` varbinary(10) DEFAULT 0x00FF27'])
    } finally {
      await copy.close()
    }
  })
})

/** A table in the server's own words, in the order of the alphabet: indexes are emitted in that of their names. */
async function linesOf({ read }: Session, name: string): Promise<readonly string[]> {
  const [[, text] = []] = await read(`show create table \`${name.replaceAll('`', '``')}\``)
  return String(text)
    .split('\n')
    .map(line => line.trim().replace(/,$/, ''))
    .toSorted()
}

describe.skipIf(mysql.lacking)('what MySQL 9 has beside', () => {
  it('a vector is bytes', async () => {
    const session = await openSession(mysql)
    try {
      await session.run('create table learned (id int primary key /*!90000 , meaning vector(3) */)')
      const [learned] = (await reflectMysql(session.read)).tables
      const meaning = learned?.columns.find(({ name }) => name === 'meaning')
      const [[version] = []] = await session.read('select version()')
      if (Number.parseInt(String(version), 10) < 9) return expect(meaning).toBeUndefined()
      expect(meaning).toMatchObject({ sqlType: 'vector(3)', type: { kind: 'base', name: 'bytea' } })
    } finally {
      await session.close()
    }
  })
})
