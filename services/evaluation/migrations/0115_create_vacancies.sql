-- Vacant higher posts, and whom somebody chose for them.
CREATE TABLE vacancies (
  agency_id   text        COLLATE "C" NOT NULL,
  vacancy_id  uuid        NOT NULL,
  version     bigint      NOT NULL DEFAULT 1,
  state       text        COLLATE "C" NOT NULL CHECK (state IN ('OPEN', 'FILLED', 'CLOSED')),
  -- A Vacancy message without name and etag.
  body        bytea       NOT NULL,
  create_time timestamptz NOT NULL,
  PRIMARY KEY (agency_id, vacancy_id)
);
