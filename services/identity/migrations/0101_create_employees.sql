CREATE TABLE employees (
  agency_id           text        COLLATE "C" NOT NULL,
  employee_id         uuid        NOT NULL,
  nip                 text        COLLATE "C" NOT NULL CHECK (nip ~ '^[0-9]{18}$'),
  full_name           text        NOT NULL,
  title_before        text        NOT NULL DEFAULT '',
  title_after         text        NOT NULL DEFAULT '',
  birth_date          date        NOT NULL,
  kind                text        NOT NULL CHECK (kind IN ('PNS', 'PPPK')),
  position_kind       text        NOT NULL CHECK (position_kind IN ('STRUCTURAL', 'FUNCTIONAL', 'GENERAL')),
  position_title      text        NOT NULL,
  unit_id             text        COLLATE "C" NOT NULL,
  echelon             text        NOT NULL DEFAULT '',
  grade               text        NOT NULL DEFAULT '',
  legal_status        text        NOT NULL DEFAULT '',
  education_level     text        NOT NULL DEFAULT '',
  position_start_date date,
  external_id         text        COLLATE "C",
  email               text,
  version             bigint      NOT NULL DEFAULT 1,
  create_time         timestamptz NOT NULL DEFAULT now(),
  update_time         timestamptz NOT NULL DEFAULT now(),
  delete_time         timestamptz,
  PRIMARY KEY (agency_id, employee_id),
  FOREIGN KEY (agency_id, unit_id) REFERENCES units
);
CREATE UNIQUE INDEX employees_nip ON employees (agency_id, nip);
CREATE UNIQUE INDEX employees_external_id ON employees (agency_id, external_id);
CREATE INDEX employees_unit ON employees (agency_id, unit_id, employee_id);
CREATE INDEX employees_email ON employees (agency_id, lower(email));
CREATE TABLE employees_history (
  recorded_until timestamptz NOT NULL,
  LIKE employees,
  PRIMARY KEY (agency_id, employee_id, version)
);
CREATE TRIGGER keep_history BEFORE UPDATE ON employees FOR EACH ROW EXECUTE FUNCTION keep_history();

-- Valid time: start_date to end_date, both included. Record time: as everywhere (keep_history).
CREATE TABLE assignments (
  agency_id      text        COLLATE "C" NOT NULL,
  employee_id    uuid        NOT NULL,
  assignment_id  uuid        NOT NULL,
  unit_id        text        COLLATE "C" NOT NULL,
  position_title text        NOT NULL,
  kind           text        NOT NULL
                 CHECK (kind IN ('DEFINITIVE', 'ACTING', 'DAILY_ACTING', 'APPOINTED_ACTING', 'ADDITIONAL')),
  leads_unit     boolean     NOT NULL,
  start_date     date        NOT NULL,
  end_date       date        CHECK (end_date >= start_date),
  decree_number  text        NOT NULL DEFAULT '',
  version        bigint      NOT NULL DEFAULT 1,
  create_time    timestamptz NOT NULL DEFAULT now(),
  update_time    timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (agency_id, employee_id, assignment_id),
  FOREIGN KEY (agency_id, employee_id) REFERENCES employees,
  FOREIGN KEY (agency_id, unit_id) REFERENCES units
);
-- One decree gives one post of a kind in a unit from a day on: what makes a second import of the same row a repetition.
CREATE UNIQUE INDEX assignments_natural ON assignments (agency_id, employee_id, kind, unit_id, start_date);
CREATE INDEX assignments_heads ON assignments (agency_id, unit_id, start_date) WHERE leads_unit;
CREATE INDEX assignments_unit ON assignments (agency_id, unit_id);
CREATE TABLE assignments_history (
  recorded_until timestamptz NOT NULL,
  LIKE assignments,
  PRIMARY KEY (agency_id, employee_id, assignment_id, version)
);
CREATE TRIGGER keep_history BEFORE UPDATE ON assignments FOR EACH ROW EXECUTE FUNCTION keep_history();
