#include "services/evaluation/api/access.h"

#include "common/time/period.h"
#include "services/evaluation/domain/rating.h"
#include "services/evaluation/store/objection_store.h"
#include "services/evaluation/store/work_plan_store.h"
#include "teraju/evaluation/v1/error_reason.pb.h"

namespace teraju::evaluation {
namespace {

template <typename Result>
bool MayReadResult(const CallContext& call, const Result& result, bool final) {
  if (!result.rehearsal()) return true;
  const std::string& reader = call.principal().subject;
  if (reader == SubjectOf(result.snapshot().employee()) && call.actor() == reader) return true;
  return !final && reader == SubjectOf(result.snapshot().appraiser());
}

}  // namespace

auth::Object AgencyObject(const std::string& agency, std::string_view resource) {
  return {.resource = std::string(resource), .agency = AgencyId(agency)};
}

auth::Object SnapshotObject(const v1::Snapshot& snapshot, std::string_view resource) {
  auth::Object object = AgencyObject(std::string(api::AgencyOf(snapshot.employee())), resource);
  object.unit_path.assign(snapshot.unit_path().begin(), snapshot.unit_path().end());
  object.person = SubjectOf(snapshot.employee());
  object.appraiser = SubjectOf(snapshot.appraiser());
  object.next_appraiser = SubjectOf(snapshot.next_appraiser());
  // Nobody appraises themselves, whatever the reporting line says.
  if (object.appraiser == object.person) object.appraiser.clear();
  if (object.next_appraiser == object.person) object.next_appraiser.clear();
  return object;
}

absl::Status CheckReader(const CallContext& call, const v1::Evaluation& evaluation) {
  if (MayReadResult(call, evaluation, domain::IsFinal(evaluation))) return absl::OkStatus();
  return errors::Denied(call.permission(), evaluation.name());
}

absl::Status CheckReader(const CallContext& call, const v1::AnnualResult& result) {
  if (MayReadResult(call, result, result.state() == v1::AnnualResult::FINAL))
    return absl::OkStatus();
  return errors::Denied(call.permission(), result.name());
}

absl::Status CheckFiled(bool rehearsal, const std::string& period) {
  if (!rehearsal) return absl::OkStatus();
  return errors::FailedPrecondition(v1::SHADOW_CYCLE, "The cycle is a rehearsal.")
      .With("cycle", period.substr(0, period.find("/periods/")));
}

absl::TimeZone ZoneOf(postgres::Transaction& tx, const std::string& agency) {
  absl::TimeZone zone = absl::UTCTimeZone();
  absl::LoadTimeZone(ObjectionStore(tx).GetRules(agency).time_zone(), &zone);
  return zone;
}

absl::CivilDay TodayOf(postgres::Transaction& tx, const std::string& agency) {
  return absl::ToCivilDay(tx.call().time(), ZoneOf(tx, agency));
}

absl::StatusOr<google::type::Date> TodayOf(postgres::Database& database,
                                           const CallContext& call,
                                           const std::string& agency) {
  return database.Read(call, [&](postgres::Transaction& tx) -> absl::StatusOr<google::type::Date> {
    return time::ToDate(TodayOf(tx, agency));
  });
}

absl::Status NoPlanOnDay(const std::string& employee) {
  return errors::FailedPrecondition(v1::NO_PLAN_ON_DAY, "The person has no plan on the day.")
      .With("employee", employee);
}

absl::StatusOr<v1::WorkPlan> AuthorizePlan(postgres::Database& database,
                                           const CallContext& call,
                                           const Key& key) {
  ASSIGN_OR_RETURN(
      std::optional<v1::WorkPlan> plan,
      database.Read(call,
                    [&](postgres::Transaction& tx) -> absl::StatusOr<std::optional<v1::WorkPlan>> {
                      return WorkPlanStore(tx).Find(key);
                    }));
  return Authorized(call, key.agency, kWorkPlanName.Format({key.agency, key.id}), std::move(plan));
}

absl::Status RecordReadings(postgres::Database& database,
                            const CallContext& call,
                            const std::vector<Reading>& readings,
                            const std::string& type) {
  std::vector<postgres::AuditRecord> records;
  for (const Reading& reading : readings) {
    if (call.principal().service() || call.actor() == SubjectOf(reading.employee)) continue;
    records.push_back({.agency = std::string(api::AgencyOf(reading.name)),
                       .resource = reading.name,
                       .type = type,
                       .about = reading.employee});
  }
  if (records.empty()) return absl::OkStatus();
  return database.Write(call, [&](postgres::Transaction& tx) -> absl::Status {
    for (const postgres::AuditRecord& record : records) tx.Audit(record);
    return absl::OkStatus();
  });
}

absl::Status RecordReading(postgres::Database& database,
                           const CallContext& call,
                           const v1::Snapshot& about,
                           const std::string& name,
                           const std::string& type) {
  return RecordReadings(database, call, {{about.employee(), name}}, type);
}

}  // namespace teraju::evaluation
