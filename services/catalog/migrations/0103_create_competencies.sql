-- Competencies, listed in the order in which they were entered.
CREATE TABLE competencies (
  agency_id     text        COLLATE "C" NOT NULL,
  competency_id text        COLLATE "C" NOT NULL,
  position      bigint      GENERATED ALWAYS AS IDENTITY,
  kind          text        COLLATE "C" NOT NULL CHECK (kind IN ('MANAGERIAL', 'SOCIO_CULTURAL', 'TECHNICAL')),
  title         text        NOT NULL,
  levels        text[]      NOT NULL,
  version       bigint      NOT NULL DEFAULT 1,
  create_time   timestamptz NOT NULL,
  PRIMARY KEY (agency_id, competency_id)
);
CREATE INDEX competencies_order ON competencies (agency_id, position);

-- What a family of posts requires; one standard per family.
CREATE TABLE competency_standards (
  agency_id   text        COLLATE "C" NOT NULL,
  standard_id text        COLLATE "C" NOT NULL,
  job_family  text        COLLATE "C" NOT NULL,
  version     bigint      NOT NULL DEFAULT 1,
  create_time timestamptz NOT NULL,
  PRIMARY KEY (agency_id, standard_id),
  UNIQUE (agency_id, job_family)
);
CREATE TABLE competency_standard_levels (
  agency_id     text    COLLATE "C" NOT NULL,
  standard_id   text    COLLATE "C" NOT NULL,
  position      integer NOT NULL,
  competency_id text    COLLATE "C" NOT NULL,
  level         integer NOT NULL CHECK (level BETWEEN 1 AND 5),
  PRIMARY KEY (agency_id, standard_id, competency_id),
  FOREIGN KEY (agency_id, standard_id) REFERENCES competency_standards,
  FOREIGN KEY (agency_id, competency_id) REFERENCES competencies
);
CREATE INDEX competency_standard_levels_competency ON competency_standard_levels (agency_id, competency_id);
