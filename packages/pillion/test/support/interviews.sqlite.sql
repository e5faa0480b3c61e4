CREATE TABLE department (
  id integer PRIMARY KEY,
  name text NOT NULL,
  parent_id int REFERENCES department (id)
);

CREATE TABLE "user" (
  id integer PRIMARY KEY,
  username text NOT NULL UNIQUE,
  email text,
  department_id int REFERENCES department (id)
);

CREATE TABLE profile (
  user_id integer PRIMARY KEY REFERENCES "user" (id),
  bio text NOT NULL
);

CREATE TABLE interview (
  id integer PRIMARY KEY,
  title text NOT NULL,
  status text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'held', 'closed')),
  owner_id int NOT NULL REFERENCES "user" (id),
  lead_id int REFERENCES "user" (id),
  department_id int NOT NULL REFERENCES department (id),
  budget numeric(20, 2),
  created_at timestamp NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')),
  held_on date
);

CREATE TABLE evaluation (
  id bigint NOT NULL PRIMARY KEY,
  interview_id int NOT NULL REFERENCES interview (id),
  user_id int NOT NULL REFERENCES "user" (id),
  rating int,
  note text,
  created_at timestamp NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')),
  UNIQUE (interview_id, user_id)
);

CREATE TABLE comment (
  id integer PRIMARY KEY,
  evaluation_id bigint NOT NULL REFERENCES evaluation (id),
  author_id int REFERENCES "user" (id),
  body text NOT NULL
);

CREATE TABLE tag (
  id integer PRIMARY KEY,
  label text NOT NULL
);

CREATE TABLE interview_tag (
  interview_id int NOT NULL REFERENCES interview (id),
  tag_id int NOT NULL REFERENCES tag (id),
  PRIMARY KEY (interview_id, tag_id)
);

CREATE VIEW interview_summary AS
  SELECT i.id, i.title, l.username AS lead
  FROM interview i LEFT JOIN "user" l ON l.id = i.lead_id;
