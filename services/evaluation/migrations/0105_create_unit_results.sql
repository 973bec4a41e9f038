-- How units did, set by their higher leader.
CREATE TABLE unit_results (
  agency_id      text        COLLATE "C" NOT NULL,
  unit_result_id uuid        NOT NULL,
  version        bigint      NOT NULL DEFAULT 1,
  cycle_id       text        COLLATE "C" NOT NULL,
  period_id      text        COLLATE "C" NOT NULL,
  unit_id        text        COLLATE "C" NOT NULL,
  unit_path      text[]      COLLATE "C" NOT NULL,
  -- The higher leader: the appraiser of the unit's head.
  appraiser      text        COLLATE "C" NOT NULL,
  predicate      text        COLLATE "C" NOT NULL
                 CHECK (predicate IN ('UNIT_EXCEPTIONAL', 'UNIT_GOOD', 'UNIT_NEEDS_IMPROVEMENT', 'UNIT_POOR', 'UNIT_VERY_POOR')),
  reason         text        NOT NULL,
  state          text        COLLATE "C" NOT NULL CHECK (state IN ('DRAFT', 'CONFIRMED', 'PUBLISHED')),
  -- A DistributionCheck message, kept when confirmed; until then it is counted at every reading.
  distribution   bytea,
  justification  text        NOT NULL DEFAULT '',
  rated_by       text        COLLATE "C" NOT NULL,
  create_time    timestamptz NOT NULL,
  update_time    timestamptz NOT NULL,
  PRIMARY KEY (agency_id, unit_result_id),
  FOREIGN KEY (agency_id, cycle_id, period_id) REFERENCES periods,
  UNIQUE (agency_id, cycle_id, period_id, unit_id),
  CHECK ((state = 'DRAFT') = (distribution IS NULL))
);
