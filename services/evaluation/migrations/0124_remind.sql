-- Messages that something waits for a person; never what, nor about whom. One of a kind per person.
CREATE TABLE reminders (
  agency_id     text        COLLATE "C" NOT NULL,
  recipient     text        COLLATE "C" NOT NULL,
  kind          text        COLLATE "C" NOT NULL CHECK (kind IN ('TEAM', 'OBJECTION', 'HELP')),
  create_time   timestamptz NOT NULL,
  -- When to try next; moved ahead while a replica is at it. Infinity: given up.
  next_try_time timestamptz NOT NULL,
  tries         integer     NOT NULL DEFAULT 0,
  sent_time     timestamptz,
  PRIMARY KEY (agency_id, recipient, kind)
);
CREATE INDEX reminders_waiting ON reminders (next_try_time) WHERE sent_time IS NULL;

-- When the service last looked by itself after a cycle, or (empty cycle) after an agency's objections.
CREATE TABLE reminder_rounds (
  agency_id  text        COLLATE "C" NOT NULL,
  cycle_id   text        COLLATE "C" NOT NULL,
  round_time timestamptz NOT NULL,
  PRIMARY KEY (agency_id, cycle_id)
);
