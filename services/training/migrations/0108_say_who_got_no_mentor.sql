-- Serialised MatchingRun with who got no mentor only.
ALTER TABLE matching_runs ADD COLUMN unmatched bytea NOT NULL DEFAULT '';
