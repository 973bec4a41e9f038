-- What people say about themselves for the matching.
CREATE TABLE mentoring_preferences (
  agency_id  text    COLLATE "C" NOT NULL,
  employee   text    COLLATE "C" NOT NULL,  -- `agencies/{agency}/employees/{employee}`
  languages  text[]  COLLATE "C" NOT NULL,
  no_mentees boolean NOT NULL,
  version    bigint  NOT NULL DEFAULT 1,
  PRIMARY KEY (agency_id, employee)
);
