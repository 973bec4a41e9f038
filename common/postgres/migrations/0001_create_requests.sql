-- Answers of writes that carried a request id: a repetition within 24 hours gets the first answer.
CREATE TABLE requests (
  agency_id    text        COLLATE "C" NOT NULL,
  caller       text        COLLATE "C" NOT NULL,
  method       text        COLLATE "C" NOT NULL,
  request_id   text        COLLATE "C" NOT NULL,
  request_hash bytea       NOT NULL,
  response     bytea       NOT NULL,
  create_time  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (agency_id, caller, method, request_id)
);
CREATE INDEX requests_create_time ON requests (create_time);
