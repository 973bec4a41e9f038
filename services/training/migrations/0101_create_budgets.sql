-- Amounts are whole rupiah.
CREATE TABLE budgets (
  agency_id   text        COLLATE "C" NOT NULL,
  budget_id   text        COLLATE "C" NOT NULL,
  fiscal_year integer     NOT NULL,
  source      text        NOT NULL,
  unit        text        COLLATE "C" NOT NULL,
  amount      bigint      NOT NULL CHECK (amount >= 0),
  committed   bigint      NOT NULL DEFAULT 0 CHECK (committed BETWEEN 0 AND amount),
  version     bigint      NOT NULL DEFAULT 1,
  create_time timestamptz NOT NULL,
  PRIMARY KEY (agency_id, budget_id)
);
CREATE INDEX budgets_year ON budgets (agency_id, fiscal_year, budget_id);
