-- A SurveyOverall message, once the survey is closed.
ALTER TABLE citizen_surveys ADD COLUMN overall bytea;

-- What units do about low elements of their surveys.
CREATE TABLE improvement_actions (
  agency_id   text        COLLATE "C" NOT NULL,
  action_id   text        COLLATE "C" NOT NULL,
  version     bigint      NOT NULL DEFAULT 1,
  survey_id   text        COLLATE "C" NOT NULL,
  unit        text        COLLATE "C" NOT NULL,
  element     text        COLLATE "C" NOT NULL,
  description text        NOT NULL,
  owner       text        COLLATE "C" NOT NULL,  -- `employees/{id}` or `officials/{id}`
  due_date    date        NOT NULL,
  state       text        COLLATE "C" NOT NULL CHECK (state IN ('PLANNED', 'DONE', 'DROPPED')),
  outcome     text        NOT NULL DEFAULT '',
  create_time timestamptz NOT NULL,
  end_time    timestamptz,
  PRIMARY KEY (agency_id, action_id),
  FOREIGN KEY (agency_id, survey_id, unit) REFERENCES survey_units,
  CHECK ((state = 'PLANNED') = (end_time IS NULL))
);
CREATE INDEX improvement_actions_unit ON improvement_actions (agency_id, survey_id, unit);
