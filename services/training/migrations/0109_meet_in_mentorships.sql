-- What came of a mentorship, and the meetings of the two.
ALTER TABLE mentorships
  ADD COLUMN outcome text COLLATE "C" NOT NULL DEFAULT 'OUTCOME_UNSPECIFIED'
    CHECK (outcome IN ('OUTCOME_UNSPECIFIED', 'REACHED', 'PARTLY_REACHED', 'NOT_REACHED')),
  ADD COLUMN close_comment text NOT NULL DEFAULT '',
  ADD COLUMN close_time timestamptz,
  ADD CONSTRAINT mentorships_closed_with_outcome CHECK ((state = 'CLOSED') = (outcome <> 'OUTCOME_UNSPECIFIED'));

CREATE TABLE mentoring_sessions (
  agency_id     text        COLLATE "C" NOT NULL,
  mentorship_id text        COLLATE "C" NOT NULL,
  session_id    text        COLLATE "C" NOT NULL,
  date          date        NOT NULL,
  minutes       integer     NOT NULL CHECK (minutes BETWEEN 1 AND 600),
  discussed     text        NOT NULL CHECK (discussed <> ''),
  agreed        text        NOT NULL DEFAULT '',
  entered_by    text        COLLATE "C" NOT NULL,
  create_time   timestamptz NOT NULL,
  PRIMARY KEY (agency_id, mentorship_id, session_id),
  FOREIGN KEY (agency_id, mentorship_id) REFERENCES mentorships
);
