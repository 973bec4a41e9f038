-- Long-running work (AIP-151): inserted with the business row, executed by the replica that holds the lease.
CREATE TABLE operations (
  agency_id    text        COLLATE "C" NOT NULL,
  operation_id uuid        NOT NULL,
  kind         text        COLLATE "C" NOT NULL,
  work_key     text        COLLATE "C" NOT NULL,
  state        text        COLLATE "C" NOT NULL DEFAULT 'WAITING'
               CHECK (state IN ('WAITING', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED')),
  starter      text        COLLATE "C" NOT NULL,
  method       text        NOT NULL,
  call_id      text        NOT NULL,
  locale       text        NOT NULL,
  request      bytea       NOT NULL,
  response     bytea,
  error        bytea,
  checkpoint   text        NOT NULL DEFAULT '',
  done         bigint      NOT NULL DEFAULT 0,
  total        bigint      NOT NULL DEFAULT 0,
  message      text        NOT NULL DEFAULT '',
  cancel       boolean     NOT NULL DEFAULT false,
  attempt      integer     NOT NULL DEFAULT 0,
  -- Who holds the lease; a new value for each lease.
  lease        uuid,
  -- From then on any replica may take it: when it is due or, while it runs, when the lease ends.
  next_time    timestamptz NOT NULL DEFAULT now(),
  create_time  timestamptz NOT NULL DEFAULT now(),
  update_time  timestamptz NOT NULL DEFAULT now(),
  end_time     timestamptz,
  PRIMARY KEY (agency_id, operation_id),
  UNIQUE (operation_id),
  CHECK ((state = 'RUNNING') = (lease IS NOT NULL)),
  CHECK ((state IN ('SUCCEEDED', 'FAILED', 'CANCELLED')) = (end_time IS NOT NULL))
);
CREATE UNIQUE INDEX operations_one_per_key ON operations (agency_id, work_key) WHERE end_time IS NULL;
CREATE INDEX operations_due ON operations (next_time) WHERE end_time IS NULL;
CREATE INDEX operations_ended ON operations (end_time) WHERE end_time IS NOT NULL;
