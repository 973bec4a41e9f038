-- Whom a record is about (`agencies/{agency}/employees/{employee}`), where somebody has read about another person: so that the person can ask.
ALTER TABLE audit_events ADD COLUMN about text COLLATE "C" NOT NULL DEFAULT '';
CREATE INDEX audit_events_about ON audit_events (agency_id, about, xid, event_number) WHERE about <> '';
