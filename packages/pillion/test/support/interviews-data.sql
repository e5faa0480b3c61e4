INSERT INTO department VALUES (1, 'all', NULL), (2, 'science', 1), (3, 'arts', 1);
INSERT INTO "user" VALUES
  (1, 'ada', 'ada@example.org', 2), (2, 'bob', NULL, 2), (3, 'cyd', 'cyd@example.org', 3), (4, 'dan', NULL, NULL);
INSERT INTO profile VALUES (1, 'first programmer'), (3, 'dancer');
INSERT INTO interview VALUES
  (1, 'engineer', 'open', 1, 2, 2, 1000.50, '2026-01-01 10:00:00.123456+00', '2026-02-01'),
  (2, 'analyst', 'held', 1, NULL, 2, NULL, '2026-01-02 10:00:00.000+00', NULL),
  (3, 'dancer', 'open', 3, 3, 3, 20.00, '2026-01-03 10:00:00.000+00', '2026-02-03'),
  (4, 'poet', 'closed', 4, NULL, 3, 99999999999.99, '2026-01-04 10:00:00.000+00', NULL);
INSERT INTO evaluation VALUES
  (1, 1, 1, 9, 'good', '2026-01-05 00:00:00.000+00'), (2, 1, 2, 2, NULL, '2026-01-06 00:00:00.000+00'),
  (3, 2, 1, 4, 'fair', '2026-01-07 00:00:00.000+00'), (4, 2, 3, 8, NULL, '2026-01-08 00:00:00.000+00'),
  (5, 3, 2, NULL, 'absent', '2026-01-09 00:00:00.000+00'), (9007199254740993, 3, 3, 8, 'big', '2026-01-10 00:00:00.000+00');
INSERT INTO comment VALUES (1, 1, 2, 'agreed'), (2, 1, NULL, 'hm'), (3, 4, 1, 'no');
INSERT INTO tag VALUES (1, 'remote'), (2, 'senior');
INSERT INTO interview_tag VALUES (1, 1), (1, 2), (2, 1);
