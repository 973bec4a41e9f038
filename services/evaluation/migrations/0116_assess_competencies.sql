-- What people can do against the standard of their posts.
CREATE TABLE competency_assessments (
  agency_id      text        COLLATE "C" NOT NULL,
  assessment_id  uuid        NOT NULL,
  version        bigint      NOT NULL DEFAULT 1,
  plan_id        uuid        NOT NULL,
  cycle_id       text        COLLATE "C" NOT NULL,
  employee       text        COLLATE "C" NOT NULL,
  appraiser      text        COLLATE "C" NOT NULL,
  next_appraiser text        COLLATE "C",
  unit_path      text[]      COLLATE "C" NOT NULL,
  start_date     date        NOT NULL,
  state          text        COLLATE "C" NOT NULL CHECK (state IN ('DRAFT', 'SUBMITTED', 'FINAL')),
  -- A CompetencyAssessment message without name and etag.
  body           bytea       NOT NULL,
  create_time    timestamptz NOT NULL,
  PRIMARY KEY (agency_id, assessment_id),
  UNIQUE (agency_id, plan_id),
  FOREIGN KEY (agency_id, plan_id) REFERENCES work_plans
);
CREATE INDEX competency_assessments_cycle ON competency_assessments (agency_id, cycle_id, employee, start_date);
CREATE INDEX competency_assessments_employee ON competency_assessments (agency_id, employee, assessment_id);
CREATE INDEX competency_assessments_appraiser ON competency_assessments (agency_id, appraiser, assessment_id);
CREATE INDEX competency_assessments_next_appraiser
  ON competency_assessments (agency_id, next_appraiser, assessment_id);

-- The counts by unit, made once: two that differ by one person would tell about that person.
CREATE TABLE competency_profiles (
  agency_id    text        COLLATE "C" NOT NULL,
  cycle_id     text        COLLATE "C" NOT NULL,
  profile      bytea       NOT NULL,  -- a CompetencyProfile message
  publish_time timestamptz NOT NULL,
  PRIMARY KEY (agency_id, cycle_id)
);
