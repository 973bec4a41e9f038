-- What somebody should learn: one need per person, topic and year. Unit path and appraiser are copies of when it arose.
CREATE TABLE needs (
  agency_id       text          COLLATE "C" NOT NULL,
  need_id         text          COLLATE "C" NOT NULL,
  fiscal_year     integer       NOT NULL,
  employee        text          COLLATE "C" NOT NULL,
  topic           text          COLLATE "C" NOT NULL,
  source          text          COLLATE "C" NOT NULL CHECK (source IN ('RESULT', 'FEEDBACK', 'SUPERIOR', 'SELF')),
  weight          numeric(4, 1) NOT NULL CHECK (weight BETWEEN 0 AND 10),
  reason_id       text          NOT NULL,
  reason_en       text          NOT NULL,
  comment         text          NOT NULL DEFAULT '',
  dismiss_comment text          NOT NULL DEFAULT '',
  unit_path       text[]        COLLATE "C" NOT NULL,
  appraiser       text          COLLATE "C" NOT NULL,
  state           text          COLLATE "C" NOT NULL DEFAULT 'PROPOSED'
                  CHECK (state IN ('PROPOSED', 'CONFIRMED', 'DISMISSED', 'PLANNED', 'MET')),
  course_id       text          COLLATE "C",
  offering_id     text          COLLATE "C",
  version         bigint        NOT NULL DEFAULT 1,
  create_time     timestamptz   NOT NULL,
  PRIMARY KEY (agency_id, need_id),
  UNIQUE (agency_id, fiscal_year, employee, topic),
  FOREIGN KEY (agency_id, course_id, offering_id) REFERENCES offerings,
  CHECK ((state IN ('PLANNED', 'MET')) = (offering_id IS NOT NULL))
);
CREATE INDEX needs_urgency ON needs (agency_id, weight DESC, need_id);
CREATE INDEX needs_employee ON needs (agency_id, employee);
CREATE INDEX needs_appraiser ON needs (agency_id, appraiser);
CREATE INDEX needs_units ON needs USING gin (unit_path);
CREATE INDEX needs_offering ON needs (agency_id, course_id, offering_id);
