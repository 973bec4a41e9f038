-- Appraisal years and their periods.
CREATE TABLE cycles (
  agency_id                text        COLLATE "C" NOT NULL,
  cycle_id                 text        COLLATE "C" NOT NULL,
  version                  bigint      NOT NULL DEFAULT 1,
  display_name             text        NOT NULL,
  kind                     text        COLLATE "C" NOT NULL CHECK (kind IN ('ANNUAL', 'SHADOW')),
  period_kind              text        COLLATE "C" NOT NULL CHECK (period_kind IN ('MONTHLY', 'QUARTERLY')),
  start_date               date        NOT NULL,
  end_date                 date        NOT NULL,
  unit_results_each_period boolean     NOT NULL DEFAULT false,
  state                    text        COLLATE "C" NOT NULL CHECK (state IN ('DRAFT', 'OPEN', 'CLOSED')),
  create_time              timestamptz NOT NULL,
  update_time              timestamptz NOT NULL,
  PRIMARY KEY (agency_id, cycle_id),
  CHECK (start_date <= end_date)
);

CREATE TABLE periods (
  agency_id  text COLLATE "C" NOT NULL,
  cycle_id   text COLLATE "C" NOT NULL,
  period_id  text COLLATE "C" NOT NULL,
  start_date date NOT NULL,
  end_date   date NOT NULL,
  state      text COLLATE "C" NOT NULL CHECK (state IN ('OPEN', 'SCORED', 'PUBLISHED')),
  PRIMARY KEY (agency_id, cycle_id, period_id),
  FOREIGN KEY (agency_id, cycle_id) REFERENCES cycles,
  CHECK (start_date <= end_date)
);
