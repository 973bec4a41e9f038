-- How an agency counts the days of objections; without a row the values of the law.
CREATE TABLE objection_rules (
  agency_id   text        COLLATE "C" NOT NULL,
  version     bigint      NOT NULL DEFAULT 1,
  -- An ObjectionRules message without name and etag.
  rules       bytea       NOT NULL,
  update_time timestamptz NOT NULL,
  PRIMARY KEY (agency_id)
);

-- Objections to final results.
CREATE TABLE objections (
  agency_id     text        COLLATE "C" NOT NULL,
  objection_id  uuid        NOT NULL,
  version       bigint      NOT NULL DEFAULT 1,
  evaluation_id uuid        NOT NULL,
  cycle_id      text        COLLATE "C" NOT NULL,
  period_id     text        COLLATE "C" NOT NULL,
  employee      text        COLLATE "C" NOT NULL,
  appraiser     text        COLLATE "C" NOT NULL,
  -- Who decides; null while nobody may.
  decider       text        COLLATE "C",
  unit_path     text[]      COLLATE "C" NOT NULL,
  state         text        COLLATE "C" NOT NULL
                CHECK (state IN ('FILED', 'HEARD', 'RESULT_UPHELD', 'RESULT_CHANGED', 'WITHDRAWN')),
  -- An Objection message without name, record and etag.
  body          bytea       NOT NULL,
  -- When the last reminder went out.
  remind_time   timestamptz,
  create_time   timestamptz NOT NULL,
  PRIMARY KEY (agency_id, objection_id),
  FOREIGN KEY (agency_id, evaluation_id) REFERENCES evaluations
);
-- One case per result, unless it was taken back.
CREATE UNIQUE INDEX objections_evaluation ON objections (agency_id, evaluation_id) WHERE state <> 'WITHDRAWN';
CREATE INDEX objections_period ON objections (agency_id, cycle_id, period_id);
CREATE INDEX objections_employee ON objections (agency_id, employee, objection_id);
CREATE INDEX objections_appraiser ON objections (agency_id, appraiser, objection_id);
CREATE INDEX objections_decider ON objections (agency_id, decider, objection_id);
CREATE INDEX objections_open ON objections (agency_id, objection_id) WHERE state IN ('FILED', 'HEARD');

-- What each result rested on when the objection was filed: an ObjectionRecord message. Never changed.
CREATE TABLE objection_records (
  agency_id    text  COLLATE "C" NOT NULL,
  objection_id uuid  NOT NULL,
  record       bytea NOT NULL,
  PRIMARY KEY (agency_id, objection_id),
  FOREIGN KEY (agency_id, objection_id) REFERENCES objections
);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON objection_records
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
