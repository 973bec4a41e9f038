CREATE TABLE matching_runs (
  agency_id    text        COLLATE "C" NOT NULL,
  run_id       text        COLLATE "C" NOT NULL,
  cycle_period text        COLLATE "C" NOT NULL,
  capacity     integer     NOT NULL CHECK (capacity BETWEEN 1 AND 10),
  state        text        COLLATE "C" NOT NULL DEFAULT 'DRAFT' CHECK (state IN ('DRAFT', 'SOLVED')),
  mentors      integer     NOT NULL DEFAULT 0,
  mentees      integer     NOT NULL DEFAULT 0,
  pairs        integer     NOT NULL DEFAULT 0,
  version      bigint      NOT NULL DEFAULT 1,
  create_time  timestamptz NOT NULL,
  PRIMARY KEY (agency_id, run_id)
);

CREATE TABLE mentorships (
  agency_id       text        COLLATE "C" NOT NULL,
  mentorship_id   text        COLLATE "C" NOT NULL,
  run_id          text        COLLATE "C" NOT NULL,
  mentor          text        COLLATE "C" NOT NULL,
  mentee          text        COLLATE "C" NOT NULL,
  topic           text        COLLATE "C" NOT NULL,
  state           text        COLLATE "C" NOT NULL DEFAULT 'PROPOSED'
                  CHECK (state IN ('PROPOSED', 'ACTIVE', 'VETOED', 'CLOSED')),
  reason_id       text        NOT NULL,
  reason_en       text        NOT NULL,
  mentor_accepted boolean     NOT NULL DEFAULT false,
  mentee_accepted boolean     NOT NULL DEFAULT false,
  veto_comment    text        NOT NULL DEFAULT '',
  version         bigint      NOT NULL DEFAULT 1,
  create_time     timestamptz NOT NULL,
  PRIMARY KEY (agency_id, mentorship_id),
  FOREIGN KEY (agency_id, run_id) REFERENCES matching_runs,
  CHECK (mentor <> mentee),
  CHECK (state <> 'ACTIVE' OR (mentor_accepted AND mentee_accepted))
);
CREATE INDEX mentorships_run ON mentorships (agency_id, run_id);
CREATE INDEX mentorships_mentor ON mentorships (agency_id, mentor);
-- Nobody has two mentors at once.
CREATE UNIQUE INDEX mentorships_mentee ON mentorships (agency_id, mentee) WHERE state IN ('PROPOSED', 'ACTIVE');
