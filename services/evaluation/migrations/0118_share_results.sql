-- What others may read of final results, and who consents to it.
CREATE TABLE sharing_agreements (
  agency_id    text        COLLATE "C" NOT NULL,
  agreement_id uuid        NOT NULL,
  version      bigint      NOT NULL DEFAULT 1,
  state        text        COLLATE "C" NOT NULL CHECK (state IN ('ACTIVE', 'ENDED')),
  -- A SharingAgreement message without name and etag.
  body         bytea       NOT NULL,
  create_time  timestamptz NOT NULL,
  PRIMARY KEY (agency_id, agreement_id)
);
CREATE TABLE sharing_consents (
  agency_id    text        COLLATE "C" NOT NULL,
  consent_id   uuid        NOT NULL,
  agreement_id uuid        NOT NULL,
  employee     text        COLLATE "C" NOT NULL,
  create_time  timestamptz NOT NULL,
  revoke_time  timestamptz,
  PRIMARY KEY (agency_id, consent_id),
  FOREIGN KEY (agency_id, agreement_id) REFERENCES sharing_agreements
);
-- One that stands, per person and agreement.
CREATE UNIQUE INDEX sharing_consents_standing ON sharing_consents (agency_id, agreement_id, employee) WHERE revoke_time IS NULL;
CREATE INDEX sharing_consents_employee ON sharing_consents (agency_id, employee, consent_id);
