CREATE TABLE department (
  id int PRIMARY KEY,
  name text NOT NULL,
  parent_id int REFERENCES department (id)
) COLLATE utf8mb4_bin;

CREATE TABLE `user` (
  id int PRIMARY KEY,
  username varchar(100) NOT NULL UNIQUE,
  email text,
  department_id int REFERENCES department (id)
) COLLATE utf8mb4_bin;

CREATE TABLE profile (
  user_id int PRIMARY KEY REFERENCES `user` (id),
  bio text NOT NULL
) COLLATE utf8mb4_bin;

CREATE TABLE interview (
  id int PRIMARY KEY,
  title text NOT NULL,
  status enum('open', 'held', 'closed') NOT NULL DEFAULT 'open',
  owner_id int NOT NULL REFERENCES `user` (id),
  lead_id int REFERENCES `user` (id),
  department_id int NOT NULL REFERENCES department (id),
  budget numeric(20, 2),
  created_at timestamp(6) NOT NULL DEFAULT current_timestamp(6),
  held_on date
) COLLATE utf8mb4_bin;

CREATE TABLE evaluation (
  id bigint PRIMARY KEY,
  interview_id int NOT NULL REFERENCES interview (id),
  user_id int NOT NULL REFERENCES `user` (id),
  rating int,
  note text,
  created_at timestamp(6) NOT NULL DEFAULT current_timestamp(6),
  UNIQUE (interview_id, user_id)
) COLLATE utf8mb4_bin;

CREATE TABLE comment (
  id int PRIMARY KEY,
  evaluation_id bigint NOT NULL REFERENCES evaluation (id),
  author_id int REFERENCES `user` (id),
  body text NOT NULL
) COLLATE utf8mb4_bin;

CREATE TABLE tag (
  id int PRIMARY KEY,
  label text NOT NULL
) COLLATE utf8mb4_bin;

CREATE TABLE interview_tag (
  interview_id int NOT NULL REFERENCES interview (id),
  tag_id int NOT NULL REFERENCES tag (id),
  PRIMARY KEY (interview_id, tag_id)
) COLLATE utf8mb4_bin;

CREATE VIEW interview_summary AS
  SELECT i.id, i.title, l.username AS `lead`
  FROM interview i LEFT JOIN `user` l ON l.id = i.lead_id;
