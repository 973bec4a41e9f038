-- An indicator and how often it was published. Its content stands in indicator_revisions.
CREATE TABLE indicators (
  agency_id    text        COLLATE "C" NOT NULL,
  indicator_id text        COLLATE "C" NOT NULL,
  state        text        COLLATE "C" NOT NULL DEFAULT 'DRAFT' CHECK (state IN ('DRAFT', 'PUBLISHED', 'RETIRED')),
  -- The last published revision, 0 before the first.
  revision     integer     NOT NULL DEFAULT 0 CHECK (revision >= 0),
  version      bigint      NOT NULL DEFAULT 1,
  create_time  timestamptz NOT NULL,
  update_time  timestamptz NOT NULL,
  PRIMARY KEY (agency_id, indicator_id),
  CHECK ((state = 'DRAFT') = (revision = 0))
);

-- Published revisions, which never change, and at most one draft of the next (publish_time is null).
CREATE TABLE indicator_revisions (
  agency_id       text    COLLATE "C" NOT NULL,
  indicator_id    text    COLLATE "C" NOT NULL,
  revision        integer NOT NULL CHECK (revision > 0),
  title           text    NOT NULL,
  goal_id         text    COLLATE "C" NOT NULL,
  unit_path       text[]  COLLATE "C" NOT NULL DEFAULT '{}',
  unit_of_measure text    NOT NULL,
  polarity        text    COLLATE "C" NOT NULL CHECK (polarity IN ('HIGHER_IS_BETTER', 'LOWER_IS_BETTER')),
  baseline        numeric,
  target          numeric NOT NULL,
  data_source     text    NOT NULL,
  publish_time    timestamptz,
  PRIMARY KEY (agency_id, indicator_id, revision),
  FOREIGN KEY (agency_id, indicator_id) REFERENCES indicators,
  FOREIGN KEY (agency_id, goal_id) REFERENCES goals
);
CREATE INDEX indicator_revisions_goal ON indicator_revisions (agency_id, goal_id);
CREATE UNIQUE INDEX indicator_revisions_one_draft ON indicator_revisions (agency_id, indicator_id)
  WHERE publish_time IS NULL;
