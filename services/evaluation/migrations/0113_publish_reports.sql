-- What the public reads about closed cycles.
ALTER TABLE cycles ADD COLUMN public_threshold integer NOT NULL DEFAULT 3 CHECK (public_threshold >= 3);

CREATE TABLE public_reports (
  agency_id   text        COLLATE "C" NOT NULL,
  cycle_id    text        COLLATE "C" NOT NULL,
  -- A PublicReport message.
  report      bytea       NOT NULL,
  create_time timestamptz NOT NULL,
  PRIMARY KEY (agency_id, cycle_id),
  FOREIGN KEY (agency_id, cycle_id) REFERENCES cycles
);
-- Two publications of the same results could be subtracted from one another.
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON public_reports
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
