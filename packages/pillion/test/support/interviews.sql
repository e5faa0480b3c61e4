CREATE TYPE interview_status AS ENUM ('open', 'held', 'closed');

CREATE TABLE department (
  id int PRIMARY KEY,
  name text NOT NULL,
  parent_id int REFERENCES department
);

CREATE TABLE "user" (
  id int PRIMARY KEY,
  username text NOT NULL UNIQUE,
  email text,
  department_id int REFERENCES department
);

CREATE TABLE profile (
  user_id int PRIMARY KEY REFERENCES "user",
  bio text NOT NULL
);

CREATE TABLE interview (
  id int PRIMARY KEY,
  title text NOT NULL,
  status interview_status NOT NULL DEFAULT 'open',
  owner_id int NOT NULL REFERENCES "user",
  lead_id int REFERENCES "user",
  department_id int NOT NULL REFERENCES department,
  budget numeric(20, 2),
  created_at timestamptz NOT NULL DEFAULT now(),
  held_on date
);

CREATE TABLE evaluation (
  id bigint PRIMARY KEY,
  interview_id int NOT NULL REFERENCES interview,
  user_id int NOT NULL REFERENCES "user",
  rating int,
  note text,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (interview_id, user_id)
);

CREATE TABLE comment (
  id int PRIMARY KEY,
  evaluation_id bigint NOT NULL REFERENCES evaluation,
  author_id int REFERENCES "user",
  body text NOT NULL
);

CREATE TABLE tag (
  id int PRIMARY KEY,
  label text NOT NULL
);

CREATE TABLE interview_tag (
  interview_id int NOT NULL REFERENCES interview,
  tag_id int NOT NULL REFERENCES tag,
  PRIMARY KEY (interview_id, tag_id)
);

CREATE VIEW interview_summary AS
  SELECT i.id, i.title, l.username AS lead
  FROM interview i LEFT JOIN "user" l ON l.id = i.lead_id;
