CREATE TABLE import_jobs (
  agency_id     text        COLLATE "C" NOT NULL REFERENCES agencies,
  import_job_id uuid        NOT NULL,
  state         text        NOT NULL DEFAULT 'OPEN'
                CHECK (state IN ('OPEN', 'RUNNING', 'VALIDATED', 'SUCCEEDED', 'FAILED')),
  create_time   timestamptz NOT NULL DEFAULT now(),
  end_time      timestamptz,
  PRIMARY KEY (agency_id, import_job_id)
);

CREATE TABLE import_files (
  agency_id             text    COLLATE "C" NOT NULL,
  import_job_id         uuid    NOT NULL,
  kind                  text    NOT NULL CHECK (kind IN ('UNITS', 'EMPLOYEES', 'ASSIGNMENTS')),
  upload_id             uuid    NOT NULL,
  size_bytes            bigint  NOT NULL,
  sha256                text    NOT NULL,
  delimiter             text    NOT NULL DEFAULT '',
  byte_order_mark       boolean NOT NULL DEFAULT false,
  line_ends             text    NOT NULL DEFAULT '',
  unknown_columns       text[]  NOT NULL DEFAULT '{}',
  row_count             bigint  NOT NULL DEFAULT 0,
  accepted              bigint  NOT NULL DEFAULT 0,
  accepted_with_warning bigint  NOT NULL DEFAULT 0,
  rejected              bigint  NOT NULL DEFAULT 0,
  unchanged             bigint  NOT NULL DEFAULT 0,
  PRIMARY KEY (agency_id, import_job_id, kind),
  FOREIGN KEY (agency_id, import_job_id) REFERENCES import_jobs
);

-- The content of uploads in pieces of at most 1 MiB. Pieces of an upload that broke off are removed by the next one of the job.
CREATE TABLE import_chunks (
  agency_id     text    COLLATE "C" NOT NULL,
  import_job_id uuid    NOT NULL,
  upload_id     uuid    NOT NULL,
  chunk_number  integer NOT NULL,
  kind          text    NOT NULL,
  content       bytea   NOT NULL,
  PRIMARY KEY (agency_id, import_job_id, upload_id, chunk_number),
  FOREIGN KEY (agency_id, import_job_id) REFERENCES import_jobs
);
ALTER TABLE import_chunks ALTER COLUMN content SET STORAGE EXTERNAL;

-- Rows with a warning or a refusal.
CREATE TABLE import_row_results (
  agency_id     text    COLLATE "C" NOT NULL,
  import_job_id uuid    NOT NULL,
  kind_number   integer NOT NULL,
  row_number    bigint  NOT NULL,
  line_number   bigint  NOT NULL,
  verdict       text    NOT NULL CHECK (verdict IN ('ACCEPTED_WITH_WARNING', 'REJECTED')),
  code          text    NOT NULL,
  column_name   text    NOT NULL,
  value         text    NOT NULL,
  PRIMARY KEY (agency_id, import_job_id, kind_number, row_number),
  FOREIGN KEY (agency_id, import_job_id) REFERENCES import_jobs
);
