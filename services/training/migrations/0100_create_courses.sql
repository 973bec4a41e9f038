CREATE TABLE courses (
  agency_id      text        COLLATE "C" NOT NULL,
  course_id      text        COLLATE "C" NOT NULL,
  title          text        NOT NULL,
  topics         text[]      COLLATE "C" NOT NULL,
  type           text        COLLATE "C" NOT NULL,
  learning_hours integer     NOT NULL CHECK (learning_hours > 0),
  provider       text        NOT NULL,
  state          text        COLLATE "C" NOT NULL DEFAULT 'DRAFT' CHECK (state IN ('DRAFT', 'PUBLISHED', 'RETIRED')),
  version        bigint      NOT NULL DEFAULT 1,
  create_time    timestamptz NOT NULL,
  PRIMARY KEY (agency_id, course_id)
);

-- Amounts are whole rupiah.
CREATE TABLE offerings (
  agency_id            text        COLLATE "C" NOT NULL,
  course_id            text        COLLATE "C" NOT NULL,
  offering_id          text        COLLATE "C" NOT NULL,
  start_date           date        NOT NULL,
  end_date             date        NOT NULL,
  seats                integer     NOT NULL CHECK (seats > 0),
  minimum_participants integer     NOT NULL CHECK (minimum_participants BETWEEN 0 AND seats),
  cost_per_seat        bigint      NOT NULL CHECK (cost_per_seat >= 0),
  fixed_cost           bigint      NOT NULL CHECK (fixed_cost >= 0),
  partner              text        NOT NULL,
  state                text        COLLATE "C" NOT NULL DEFAULT 'OPEN' CHECK (state IN ('OPEN', 'CANCELLED', 'HELD')),
  seats_taken          integer     NOT NULL DEFAULT 0 CHECK (seats_taken BETWEEN 0 AND seats),
  version              bigint      NOT NULL DEFAULT 1,
  create_time          timestamptz NOT NULL,
  PRIMARY KEY (agency_id, course_id, offering_id),
  FOREIGN KEY (agency_id, course_id) REFERENCES courses,
  CHECK (start_date <= end_date)
);
CREATE INDEX offerings_start ON offerings (agency_id, start_date);
