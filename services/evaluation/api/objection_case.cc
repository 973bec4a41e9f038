#include "services/evaluation/api/objection_case.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/api/strong_id.h"
#include "common/auth/encoding.h"
#include "common/auth/random_bytes.h"
#include "common/errors/status_macros.h"
#include "services/evaluation/api/access.h"
#include "services/evaluation/api/final_year.h"
#include "services/evaluation/domain/cycle.h"
#include "services/evaluation/domain/local_result.h"
#include "services/evaluation/domain/receipt.h"
#include "services/evaluation/domain/revised_receipt.h"
#include "services/evaluation/store/cycle_store.h"
#include "services/evaluation/store/dialogue_store.h"
#include "services/evaluation/store/evaluation_store.h"
#include "services/evaluation/store/evidence_store.h"
#include "services/evaluation/store/objection_store.h"
#include "services/evaluation/store/progress_store.h"
#include "services/evaluation/store/reminder_store.h"
#include "services/evaluation/store/unit_result_store.h"
#include "services/evaluation/store/work_plan_store.h"
#include "teraju/evaluation/v1/error_reason.pb.h"

namespace teraju::evaluation {
namespace {

constexpr int kRecordPage = 500;
constexpr std::size_t kRevisedSaltBytes = 16;
constexpr int kLevelsUp = 10;
constexpr absl::Duration kBetweenReminders = absl::Hours(20);

// Everything that a list of a plan's has.
template <typename Store, typename Message>
void CopyAll(const Store& store,
             const Key& plan,
             google::protobuf::RepeatedPtrField<Message>& target) {
  PageQuery page{.after = "", .size = kRecordPage};
  for (;;) {
    std::vector<Message> rows = store.List(plan, page);
    for (Message& row : rows) target.Add(std::move(row));
    if (static_cast<int>(rows.size()) < page.size) return;
    page.after = IdOf(target.rbegin()->name());
  }
}

absl::StatusOr<v1::ObjectionRecord> FreezeRecord(postgres::Transaction& tx,
                                                 const Key& key,
                                                 v1::Evaluation evaluation) {
  v1::ObjectionRecord record;
  ASSIGN_OR_RETURN(const Key plan, ParseKey(kWorkPlanName, evaluation.work_plan(), "work_plan"));
  if (auto found = WorkPlanStore(tx).Find(plan)) *record.mutable_work_plan() = *std::move(found);
  if (auto found = EvaluationStore(tx).FindReceipt(key))
    *record.mutable_receipt() = *std::move(found);
  CopyAll(ProgressStore(tx), plan, *record.mutable_progress_entries());
  CopyAll(EvidenceStore(tx), plan, *record.mutable_evidence());
  CopyAll(DialogueStore(tx), plan, *record.mutable_dialogues());
  *record.mutable_evaluation() = std::move(evaluation);
  return record;
}

absl::Status GiveToNext(postgres::Transaction& tx,
                        v1::DeciderChange::Kind kind,
                        const std::string& reason,
                        v1::Objection& objection) {
  return domain::ChangeDecider(
      objection,
      {.kind = kind, .name = NextDecider(tx, objection, objection.decider()), .reason = reason},
      tx.call().time());
}

// The receipt of a result that has just been changed.
absl::StatusOr<v1::ScoreReceipt> MakeRevisedReceipt(
    postgres::Transaction& tx,
    const Key& objection_key,
    const v1::Objection& objection,
    const std::optional<v1::UnitPredicate>& own_unit,
    const domain::LocalPack* pack,
    const v1::Evaluation& evaluation) {
  const v1::ObjectionRecord record = ObjectionStore(tx).GetRecord(objection_key);
  ASSIGN_OR_RETURN(const PeriodKey period, ParsePeriod(evaluation.period(), "period"));
  ASSIGN_OR_RETURN(v1::Cycle cycle, CycleStore(tx).Get(period.cycle_key()));
  ASSIGN_OR_RETURN(const time::Period days, domain::DaysOf(*FindPeriod(cycle, period.period)));
  ASSIGN_OR_RETURN(
      v1::ScoreReceipt receipt,
      domain::MakeReceipt({.evaluation = evaluation,
                           .plan = record.work_plan(),
                           .period = days,
                           .salt = absl::BytesToHexString(auth::RandomBytes(kRevisedSaltBytes)),
                           .own_unit = own_unit,
                           .local_pack = pack,
                           .on_objection = true,
                           .calibrations = {record.receipt().calibrations().begin(),
                                            record.receipt().calibrations().end()}}));
  RETURN_IF_ERROR(domain::ReviseReceipt(
      record.receipt(), objection.name(), objection.decision().reason(), receipt));
  return receipt;
}

// The year follows the evaluation that an objection changed.
absl::Status ChangeYear(postgres::Transaction& tx,
                        const std::optional<domain::LocalPack>& local_pack,
                        const v1::Evaluation& evaluation) {
  ASSIGN_OR_RETURN(const PeriodKey key, ParsePeriod(evaluation.period(), "period"));
  if (key.period != domain::kYear) return absl::OkStatus();
  ASSIGN_OR_RETURN(const v1::Cycle cycle, CycleStore(tx).Get(key.cycle_key()));
  ASSIGN_OR_RETURN(const time::Period days, domain::DaysOf(cycle));
  return CombineAnew(tx,
                     {key, days, local_pack.has_value() ? &*local_pack : nullptr},
                     SubjectOf(evaluation.snapshot().employee()));
}

}  // namespace

auth::Object ObjectionObject(const v1::Objection& objection) {
  v1::Snapshot snapshot = objection.snapshot();
  snapshot.set_next_appraiser(objection.decider());
  return SnapshotObject(snapshot, objection.name());
}

absl::StatusOr<v1::Objection> AuthorizeObjection(postgres::Database& database,
                                                 const CallContext& call,
                                                 const Key& key) {
  using Found = std::optional<v1::Objection>;
  ASSIGN_OR_RETURN(Found found,
                   database.Read(call, [&](postgres::Transaction& tx) -> absl::StatusOr<Found> {
                     return ObjectionStore(tx).Find(key);
                   }));
  const std::string name = kObjectionName.Format({key.agency, key.id});
  if (!found.has_value()) {
    RETURN_IF_ERROR(call.Authorize(AgencyObject(key.agency, name)));
    return errors::ResourceNotFound(name);
  }
  RETURN_IF_ERROR(call.Authorize(ObjectionObject(*found)));
  return *std::move(found);
}

absl::StatusOr<v1::Objection> FileObjection(postgres::Transaction& tx,
                                            const Key& evaluation,
                                            const std::string& reason) {
  std::optional<v1::Evaluation> found = EvaluationStore(tx).Find(evaluation);
  if (!found.has_value())
    return errors::ResourceNotFound(kEvaluationName.Format({evaluation.agency, evaluation.id}));
  ASSIGN_OR_RETURN(const PeriodKey period, ParsePeriod(found->period(), "period"));
  ASSIGN_OR_RETURN(const v1::Cycle cycle, CycleStore(tx).Get(period.cycle_key()));
  RETURN_IF_ERROR(domain::CheckBinding(cycle));
  ObjectionStore store(tx);
  const absl::Time now = tx.call().time();
  ASSIGN_OR_RETURN(v1::Objection objection,
                   domain::FileObjection(*found, reason, store.GetRules(evaluation.agency), now));
  const v1::Snapshot snapshot = found->snapshot();
  // By the snapshot of the result first; above it by the plans of the cycle.
  const std::string& next = snapshot.next_appraiser();
  const std::string decider =
      domain::MayDecide(objection, next) ? next : NextDecider(tx, objection, snapshot.appraiser());
  RETURN_IF_ERROR(domain::ChangeDecider(
      objection, {.kind = v1::DeciderChange::REPORTING_LINE, .name = decider, .reason = ""}, now));
  ASSIGN_OR_RETURN(const v1::ObjectionRecord record,
                   FreezeRecord(tx, evaluation, *std::move(found)));
  const std::string bytes = record.SerializeAsString();
  objection.set_record_digest(absl::BytesToHexString(auth::Sha256(bytes)));
  ASSIGN_OR_RETURN(v1::Objection filed,
                   store.Insert({evaluation.agency, NewUuid7(now)}, objection, period, bytes));
  RecordChange(tx,
               filed.name(),
               "objection.filed",
               absl::StrCat(R"({"record_digest":")", filed.record_digest(), R"("})"));
  if (filed.decider().empty()) RecordChange(tx, filed.name(), "objection.deciderMissing");
  *filed.mutable_record() = record;
  return filed;
}

std::string NextDecider(postgres::Transaction& tx,
                        const v1::Objection& objection,
                        const std::string& person) {
  const absl::StatusOr<std::vector<std::string>> record =
      kEvaluationName.Parse(objection.evaluation(), "evaluation");
  if (!record.ok()) return "";
  const auto evaluation = EvaluationStore(tx).Find({(*record)[0], (*record)[1]});
  if (!evaluation.has_value()) return "";
  const auto period = ParsePeriod(evaluation->period(), "period");
  if (!period.ok()) return "";
  std::string next = SubjectOf(person);
  for (int level = 0; level < kLevelsUp && !next.empty(); ++level) {
    next = ObjectionStore(tx).AppraiserOf(period->cycle_key(), next);
    std::string name = PersonName(period->agency, next);
    if (domain::MayDecide(objection, name) && name != objection.decider()) return name;
  }
  return "";
}

absl::Status Decide(postgres::Transaction& tx,
                    const domain::ObjectionRuling& ruling,
                    const std::optional<domain::LocalPack>& local_pack,
                    v1::Objection& objection) {
  ASSIGN_OR_RETURN(const Key key, ParseKey(kEvaluationName, objection.evaluation(), "evaluation"));
  ASSIGN_OR_RETURN(const Key own, ParseKey(kObjectionName, objection.name(), "name"));
  const absl::Time now = tx.call().time();
  std::optional<v1::Evaluation> evaluation = EvaluationStore(tx).Find(key);
  if (!evaluation.has_value()) return errors::ResourceNotFound(objection.evaluation());
  const std::optional<v1::ScoreReceipt> before = EvaluationStore(tx).FindReceipt(key);
  const auto own_unit = UnitResultStore(tx).ContextOf({*evaluation}).at(key.id).own_unit;
  RETURN_IF_ERROR(domain::DecideObjection(objection, *evaluation, ruling, own_unit, now));
  v1::ObjectionDecision& decision = *objection.mutable_decision();
  if (before.has_value()) decision.mutable_before()->set_digest(before->digest());
  if (!domain::Changes(ruling)) return absl::OkStatus();
  if (local_pack.has_value() && evaluation->has_local_result()) {
    ASSIGN_OR_RETURN(*evaluation->mutable_local_result(),
                     domain::FinalLocalResult(*local_pack, *evaluation, now));
  }
  ASSIGN_OR_RETURN(const v1::ScoreReceipt receipt,
                   MakeRevisedReceipt(tx,
                                      own,
                                      objection,
                                      own_unit,
                                      local_pack.has_value() ? &*local_pack : nullptr,
                                      *evaluation));
  decision.mutable_after()->set_digest(receipt.digest());
  ObjectionStore(tx).ReplaceResult(key, *evaluation, receipt);
  RecordChange(
      tx,
      evaluation->name(),
      "evaluation.final",
      absl::StrCat(
          R"({"digest":")", receipt.digest(), R"(","revision":)", receipt.revision(), "}"));
  return ChangeYear(tx, local_pack, *evaluation);
}

namespace {

// `person`: a full name, empty where there is nobody to remind.
void QueueReminder(postgres::Transaction& tx,
                   const std::string& agency,
                   const std::string& person) {
  if (!person.empty())
    ReminderStore(tx).Queue(agency, {SubjectOf(person)}, domain::ReminderKind::kObjection);
}

}  // namespace

absl::StatusOr<v1::RemindObjectionsResponse> RemindAll(postgres::Transaction& tx,
                                                       const std::string& agency) {
  const absl::Time now = tx.call().time();
  ObjectionStore store(tx);
  v1::RemindObjectionsResponse done;
  for (const v1::Objection& objection : store.NextToRemind(agency, now - kBetweenReminders)) {
    ASSIGN_OR_RETURN(const Key key, ParseKey(kObjectionName, objection.name(), "name"));
    ASSIGN_OR_RETURN(const domain::ObjectionDues dues, domain::DuesOf(objection, now));
    if (dues.overdue) {
      ASSIGN_OR_RETURN(const v1::Objection given,
                       store.Update(key, api::Precondition::None(), [&](v1::Objection& changed) {
                         return GiveToNext(tx, v1::DeciderChange::ESCALATED, "", changed);
                       }));
      RecordChange(tx, objection.name(), "objection.escalated");
      QueueReminder(tx, agency, given.decider());
      done.set_escalated(done.escalated() + 1);
    } else if (dues.response || dues.decision) {
      RecordChange(
          tx, objection.name(), dues.response ? "objection.responseDue" : "objection.decisionDue");
      QueueReminder(
          tx, agency, dues.response ? objection.snapshot().appraiser() : objection.decider());
      done.set_reminded(done.reminded() + 1);
    } else {
      continue;
    }
    store.Reminded(key);
  }
  done.set_without_decider(store.CountWithoutDecider(agency));
  return done;
}

}  // namespace teraju::evaluation
