// Validating and running import jobs, as operations.
#pragma once

#include "common/operations/operations.h"
#include "common/postgres/database.h"
#include "services/identity/store/import_job_store.h"

namespace teraju::identity {

// One kind of operation for both, so that a job is not validated while it runs.
inline constexpr char kImport[] = "import";

// Handles requests of the types ValidateImportJobRequest and RunImportJobRequest; the response is
// the ImportJob.
// * Validating judges all files exactly as running would, in a transaction that keeps nothing but
// the verdicts.
// * Running imports units, employees and assignments, each in one step: a crash leaves a step done
// once or not at all, and
//   the next run goes on behind it.
operations::Handler Import(postgres::Database& database);

}  // namespace teraju::identity
