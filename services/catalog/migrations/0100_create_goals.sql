-- The cascade of what the organisation wants to reach.
CREATE TABLE goals (
  agency_id      text        COLLATE "C" NOT NULL,
  goal_id        text        COLLATE "C" NOT NULL,
  kind           text        COLLATE "C" NOT NULL CHECK (kind IN ('STRATEGIC_GOAL', 'PROGRAMME', 'ACTIVITY')),
  title          text        NOT NULL,
  parent_goal_id text        COLLATE "C",
  -- The responsible unit and every unit above it, nearest first; empty for the agency as a whole.
  unit_path      text[]      COLLATE "C" NOT NULL DEFAULT '{}',
  first_year     integer     NOT NULL,
  last_year      integer     NOT NULL,
  state          text        COLLATE "C" NOT NULL DEFAULT 'DRAFT' CHECK (state IN ('DRAFT', 'PUBLISHED', 'RETIRED')),
  version        bigint      NOT NULL DEFAULT 1,
  create_time    timestamptz NOT NULL,
  update_time    timestamptz NOT NULL,
  PRIMARY KEY (agency_id, goal_id),
  FOREIGN KEY (agency_id, parent_goal_id) REFERENCES goals,
  CHECK (first_year <= last_year),
  CHECK (parent_goal_id <> goal_id)
);
CREATE INDEX goals_parent ON goals (agency_id, parent_goal_id, goal_id);
