-- Places in offerings. Unit path and appraiser are those of the need.
CREATE TABLE enrollments (
  agency_id        text        COLLATE "C" NOT NULL,
  enrollment_id    text        COLLATE "C" NOT NULL,
  employee         text        COLLATE "C" NOT NULL,
  course_id        text        COLLATE "C" NOT NULL,
  offering_id      text        COLLATE "C" NOT NULL,
  need_id          text        COLLATE "C" NOT NULL,
  unit_path        text[]      COLLATE "C" NOT NULL,
  appraiser        text        COLLATE "C" NOT NULL,
  state            text        COLLATE "C" NOT NULL DEFAULT 'PLANNED'
                   CHECK (state IN ('PLANNED', 'COMPLETED', 'WITHDRAWN')),
  learning_hours   integer     NOT NULL DEFAULT 0,
  effect_note      text        NOT NULL DEFAULT '',
  withdraw_comment text        NOT NULL DEFAULT '',
  complete_date    date,
  version          bigint      NOT NULL DEFAULT 1,
  create_time      timestamptz NOT NULL,
  PRIMARY KEY (agency_id, enrollment_id),
  FOREIGN KEY (agency_id, course_id, offering_id) REFERENCES offerings,
  FOREIGN KEY (agency_id, need_id) REFERENCES needs,
  CHECK ((state = 'COMPLETED') = (complete_date IS NOT NULL))
);
CREATE UNIQUE INDEX enrollments_one_place ON enrollments (agency_id, employee, course_id, offering_id)
  WHERE state <> 'WITHDRAWN';
CREATE INDEX enrollments_offering ON enrollments (agency_id, course_id, offering_id);
CREATE INDEX enrollments_need ON enrollments (agency_id, need_id);
CREATE INDEX enrollments_appraiser ON enrollments (agency_id, appraiser);
CREATE INDEX enrollments_units ON enrollments USING gin (unit_path);
