-- Nominations by the published rule; a person decides.
CREATE TABLE awards (
  agency_id     text        COLLATE "C" NOT NULL,
  award_id      uuid        NOT NULL,
  version       bigint      NOT NULL DEFAULT 1,
  cycle_id      text        COLLATE "C" NOT NULL,
  period_id     text        COLLATE "C" NOT NULL,
  employee      text        COLLATE "C" NOT NULL,
  -- The unit below the root whose share was used.
  unit_id       text        COLLATE "C" NOT NULL,
  evaluation_id uuid        NOT NULL,
  state         text        COLLATE "C" NOT NULL CHECK (state IN ('NOMINATED', 'CONFIRMED', 'DECLINED')),
  reason_id     text        NOT NULL,
  reason_en     text        NOT NULL,
  decided_by    text        COLLATE "C",
  comment       text        NOT NULL DEFAULT '',
  create_time   timestamptz NOT NULL,
  PRIMARY KEY (agency_id, award_id),
  FOREIGN KEY (agency_id, evaluation_id) REFERENCES evaluations,
  UNIQUE (agency_id, cycle_id, period_id, employee)
);
CREATE INDEX awards_employee ON awards (agency_id, employee, award_id);
