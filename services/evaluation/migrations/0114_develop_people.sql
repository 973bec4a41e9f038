-- Programmes for those whose annual result was low.
CREATE TABLE development_programmes (
  agency_id        text        COLLATE "C" NOT NULL,
  programme_id     uuid        NOT NULL,
  version          bigint      NOT NULL DEFAULT 1,
  annual_result_id uuid        NOT NULL,
  employee         text        COLLATE "C" NOT NULL,
  appraiser        text        COLLATE "C" NOT NULL,
  next_appraiser   text        COLLATE "C",
  unit_path        text[]      COLLATE "C" NOT NULL,
  state            text        COLLATE "C" NOT NULL
                   CHECK (state IN ('OPEN', 'EXTENDED', 'IMPROVED', 'NOT_IMPROVED', 'CANCELLED')),
  -- A DevelopmentProgramme message without name and etag.
  body             bytea       NOT NULL,
  create_time      timestamptz NOT NULL,
  PRIMARY KEY (agency_id, programme_id),
  FOREIGN KEY (agency_id, annual_result_id) REFERENCES annual_results
);
-- One per result, unless it was cancelled.
CREATE UNIQUE INDEX development_programmes_result ON development_programmes (agency_id, annual_result_id)
  WHERE state <> 'CANCELLED';
CREATE INDEX development_programmes_employee ON development_programmes (agency_id, employee, programme_id);
CREATE INDEX development_programmes_appraiser ON development_programmes (agency_id, appraiser, programme_id);
CREATE INDEX development_programmes_next_appraiser ON development_programmes (agency_id, next_appraiser, programme_id);
