-- One of everything that MariaDB 10.6 has. Statements end with a semicolon at the end of a line.
CREATE SEQUENCE `odd seq` START WITH 5 INCREMENT BY 2 MAXVALUE 1000 CACHE 7 CYCLE;
CREATE SEQUENCE plain_seq;
CREATE TABLE parent (a INT UNSIGNED, b VARCHAR(20), PRIMARY KEY (a, b)) COLLATE latin1_bin;
CREATE TABLE every_type (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  flag TINYINT(1) NOT NULL DEFAULT 1,
  flag_too BOOLEAN,
  tiny TINYINT,
  tiny_unsigned TINYINT UNSIGNED,
  tiny_one_unsigned TINYINT(1) UNSIGNED,
  small SMALLINT DEFAULT -3,
  small_unsigned SMALLINT UNSIGNED ZEROFILL,
  medium MEDIUMINT,
  medium_unsigned MEDIUMINT UNSIGNED,
  plain_int INT(3),
  int_unsigned INT UNSIGNED,
  big BIGINT,
  born YEAR,
  price DECIMAL(10, 2) DEFAULT 1.50,
  whole DECIMAL(5) UNSIGNED,
  single FLOAT,
  twice DOUBLE DEFAULT 1e3,
  real_unsigned DOUBLE UNSIGNED,
  bits BIT(4) DEFAULT b'0101',
  one_bit BIT,
  fixed CHAR(3),
  words VARCHAR(20) DEFAULT 'it''s \\ "x" ü' COMMENT 'a ''c'' \\ ü',
  tiny_text TINYTEXT,
  long_text TEXT DEFAULT 'x',
  latin MEDIUMTEXT CHARACTER SET latin1,
  binary_text VARCHAR(10) COLLATE utf8mb4_bin,
  doc JSON,
  doc_too LONGTEXT CHECK (JSON_VALID(doc_too)),
  no_doc LONGTEXT,
  day DATE DEFAULT '2020-01-01',
  wall DATETIME(3) DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),
  instant TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
  instant_too TIMESTAMP(6) NULL,
  span TIME(2),
  mood ENUM('a', 'b''c', 'd,e', '', 'f)') NOT NULL DEFAULT 'b''c',
  choices SET('x', 'y') DEFAULT 'x,y',
  fixed_bytes BINARY(4),
  bytes VARBINARY(10) DEFAULT 'ab',
  blob_bytes BLOB,
  place GEOMETRY,
  address6 INET6,
  half INT AS (tiny + 1) VIRTUAL,
  shouted VARCHAR(30) AS (CONCAT(words, 'q\\')) STORED,
  unseen INT INVISIBLE DEFAULT 7,
  computed INT DEFAULT (1 + 2),
  counted BIGINT DEFAULT NEXTVAL(`odd seq`),
  nothing VARCHAR(3) DEFAULT NULL,
  word_null VARCHAR(10) DEFAULT 'NULL',
  checked INT CHECK (checked > 0 AND checked <> 7),
  CONSTRAINT every_check CHECK (tiny < 5 AND words <> 'x;')
) COMMENT 'it''s \\ all';
CREATE TABLE keyed (
  id INT NOT NULL,
  a INT,
  b INT NOT NULL,
  words VARCHAR(50) NOT NULL,
  body TEXT,
  spot POINT NOT NULL,
  parent_a INT UNSIGNED,
  parent_b VARCHAR(20) CHARACTER SET latin1 COLLATE latin1_bin,
  self_id INT,
  PRIMARY KEY (id) COMMENT 'the key',
  UNIQUE KEY one (a, b),
  UNIQUE KEY short (words(3)),
  UNIQUE KEY hashed (body) USING HASH,
  KEY mixed (words(5), a),
  KEY unused (b) IGNORED,
  FULLTEXT KEY found (body, words) COMMENT 'full',
  SPATIAL KEY there (spot),
  CONSTRAINT keyed_parent FOREIGN KEY (parent_a, parent_b) REFERENCES parent (a, b) ON DELETE SET NULL ON UPDATE CASCADE,
  CONSTRAINT keyed_self FOREIGN KEY (self_id) REFERENCES keyed (id) ON DELETE NO ACTION
);
CREATE TABLE prefixed (word VARCHAR(100) NOT NULL, n INT NOT NULL AUTO_INCREMENT, KEY (n), PRIMARY KEY (word(10), n)) ROW_FORMAT=COMPRESSED KEY_BLOCK_SIZE=8;
CREATE TABLE isam (id INT NOT NULL AUTO_INCREMENT, g INT NOT NULL, PRIMARY KEY (g, id)) ENGINE=MyISAM CHARSET=utf8mb3;
CREATE TABLE by_range (id INT NOT NULL, at DATE NOT NULL, PRIMARY KEY (id, at))
  PARTITION BY RANGE COLUMNS (at) SUBPARTITION BY HASH (id) SUBPARTITIONS 2
  (PARTITION p0 VALUES LESS THAN ('2000-01-01') COMMENT 'old', PARTITION p1 VALUES LESS THAN (MAXVALUE));
CREATE TABLE by_year (id INT, at DATE) PARTITION BY RANGE (YEAR(at)) (PARTITION y0 VALUES LESS THAN (2000), PARTITION y1 VALUES LESS THAN MAXVALUE);
CREATE TABLE by_list (id INT NOT NULL, r INT) PARTITION BY LIST (r) (PARTITION a VALUES IN (1, 2), PARTITION b VALUES IN (NULL, 3));
CREATE TABLE by_key (id INT) PARTITION BY KEY (id) PARTITIONS 3;
CREATE TABLE versioned (id INT PRIMARY KEY, a INT) WITH SYSTEM VERSIONING;
CREATE TABLE `odd ``table` (`a.b` INT PRIMARY KEY, `sel'ect` TEXT, `кириллица` INT COMMENT 'да');
CREATE TABLE z_child (id INT PRIMARY KEY, a_id INT, CONSTRAINT circle_one FOREIGN KEY (a_id) REFERENCES keyed (id));
ALTER TABLE keyed ADD z_id INT, ADD CONSTRAINT circle_two FOREIGN KEY (z_id) REFERENCES z_child (id);
CREATE FUNCTION twice(a INT, b VARCHAR(10)) RETURNS VARCHAR(20) DETERMINISTIC READS SQL DATA COMMENT 'it''s' RETURN CONCAT(a, b, ';');
CREATE PROCEDURE give(IN a INT, OUT b INT, INOUT c DECIMAL(3, 1)) SQL SECURITY INVOKER BEGIN SET b = a; SET c = 1; END;
CREATE PROCEDURE twice() BEGIN END;
CREATE TRIGGER b_first BEFORE INSERT ON every_type FOR EACH ROW SET NEW.tiny = 3;
CREATE TRIGGER a_second BEFORE INSERT ON every_type FOR EACH ROW FOLLOWS b_first BEGIN SET NEW.flag = 0; SET NEW.small = 1; END;
CREATE TRIGGER gone AFTER DELETE ON every_type FOR EACH ROW SET @gone = OLD.id;
CREATE VIEW z_seen AS SELECT id, flag, mood, doc FROM every_type;
CREATE VIEW a_over (the_id, word, folded) AS SELECT z.id, CONCAT('`', 'a\\'), twice(z.id, 'x') FROM z_seen z WHERE z.id > 1;
CREATE ALGORITHM=MERGE SQL SECURITY INVOKER VIEW guarded AS SELECT id, a FROM keyed WHERE a > 1 WITH LOCAL CHECK OPTION;
CREATE VIEW outer_joined AS SELECT k.id, p.a, COUNT(*) AS n FROM keyed k LEFT JOIN parent p ON p.a = k.parent_a GROUP BY k.id, p.a;
CREATE TABLE remembered (
  id INT NOT NULL,
  a INT,
  b INT,
  PRIMARY KEY (id) USING BTREE,
  UNIQUE KEY by_a (a) USING BTREE,
  KEY by_ab (a, b) USING BTREE,
  KEY by_b (b)
) ENGINE=MEMORY;
