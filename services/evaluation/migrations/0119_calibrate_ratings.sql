-- Meetings in which leaders compare ratings before these become final.
CREATE TABLE calibration_sessions (
  agency_id      text        COLLATE "C" NOT NULL,
  session_id     uuid        NOT NULL,
  version        bigint      NOT NULL DEFAULT 1,
  unit_result_id uuid        NOT NULL,
  -- Who appraises the people of the session, as subjects.
  leaders        text[]      COLLATE "C" NOT NULL,
  state          text        COLLATE "C" NOT NULL CHECK (state IN ('OPEN', 'CLOSED')),
  -- A CalibrationSession message without what the columns say.
  body           bytea       NOT NULL,
  create_time    timestamptz NOT NULL,
  close_time     timestamptz,
  PRIMARY KEY (agency_id, session_id),
  FOREIGN KEY (agency_id, unit_result_id) REFERENCES unit_results
);
CREATE UNIQUE INDEX calibration_sessions_open ON calibration_sessions (agency_id, unit_result_id) WHERE state = 'OPEN';
CREATE INDEX calibration_sessions_unit_result ON calibration_sessions (agency_id, unit_result_id);
CREATE INDEX calibration_sessions_leaders ON calibration_sessions USING gin (leaders);

-- The people of a session: their ratings at its opening and at its closing, and what was proposed.
CREATE TABLE calibrated_ratings (
  agency_id        text  COLLATE "C" NOT NULL,
  session_id       uuid  NOT NULL,
  evaluation_id    uuid  NOT NULL,
  before_result    text  COLLATE "C" NOT NULL,
  before_behavior  text  COLLATE "C" NOT NULL,
  before_predicate text  COLLATE "C" NOT NULL,
  after_result     text  COLLATE "C",
  after_behavior   text  COLLATE "C",
  after_predicate  text  COLLATE "C",
  -- Why it is another than before; given before the session is closed.
  reason           text  NOT NULL DEFAULT '',
  -- A CalibratedRating message with the proposals alone.
  proposals        bytea NOT NULL DEFAULT '',
  PRIMARY KEY (agency_id, session_id, evaluation_id),
  FOREIGN KEY (agency_id, session_id) REFERENCES calibration_sessions,
  FOREIGN KEY (agency_id, evaluation_id) REFERENCES evaluations,
  CHECK (after_result IS NULL OR reason <> ''
         OR (after_result = before_result AND after_behavior = before_behavior))
);
CREATE INDEX calibrated_ratings_evaluation ON calibrated_ratings (agency_id, evaluation_id);
