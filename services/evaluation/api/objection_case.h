// The steps of an objection that need more than its own row: filing, deciding, the daily look.
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "common/auth/authorizer.h"
#include "common/postgres/database.h"
#include "services/evaluation/domain/local_pack.h"
#include "services/evaluation/domain/objection.h"
#include "services/evaluation/store/names.h"
#include "teraju/evaluation/v1/objections_service.pb.h"

namespace teraju::evaluation {

// The case as an object of permission: its reach `next` is the decider.
auth::Object ObjectionObject(const v1::Objection& objection);

// The case, for a caller who has the method's permission on it.
absl::StatusOr<v1::Objection> AuthorizeObjection(postgres::Database& database,
                                                 const CallContext& call,
                                                 const Key& key);

// Files a case against the evaluation and freezes what its result rests on. Errors as of
// domain::FileObjection, or OBJECTION_EXISTS.
absl::StatusOr<v1::Objection> FileObjection(postgres::Transaction& tx,
                                            const Key& evaluation,
                                            const std::string& reason);

// Who comes after the decider: the first superior of `person` (a full name) by the plans of the
// cycle who may decide; empty for nobody.
std::string NextDecider(postgres::Transaction& tx,
                        const v1::Objection& objection,
                        const std::string& person);

// Decides the case under its lock; a changed result gets its new receipt. `local_pack` is that of
// the evaluation's local result.
absl::Status Decide(postgres::Transaction& tx,
                    const domain::ObjectionRuling& ruling,
                    const std::optional<domain::LocalPack>& local_pack,
                    v1::Objection& objection);

// Reminds and escalates the agency's open cases.
absl::StatusOr<v1::RemindObjectionsResponse> RemindAll(postgres::Transaction& tx,
                                                       const std::string& agency);

}  // namespace teraju::evaluation
