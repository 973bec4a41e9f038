#include "services/evaluation/api/progress_entries_service.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/api/strong_id.h"
#include "common/errors/error.h"
#include "common/errors/field_violations.h"
#include "common/errors/status_macros.h"
#include "services/evaluation/api/access.h"
#include "services/evaluation/api/paging.h"
#include "services/evaluation/domain/progress.h"
#include "services/evaluation/domain/timestamps.h"
#include "services/evaluation/store/cycle_store.h"
#include "services/evaluation/store/evidence_store.h"
#include "services/evaluation/store/progress_store.h"

namespace teraju::evaluation {
namespace {

using Entries = std::vector<v1::ProgressEntry>;

// The ids of names below the plan, each of which must parse and belong to it.
absl::StatusOr<std::vector<std::string>> IdsBelow(const Key& plan,
                                                  const api::NamePattern& pattern,
                                                  const std::vector<std::string>& names,
                                                  std::string_view field) {
  std::vector<std::string> ids;
  for (const std::string& name : names) {
    ASSIGN_OR_RETURN(const PlanChildKey key, ParsePlanChild(pattern, name, field));
    if (key.agency == plan.agency && key.plan == plan.id) ids.push_back(key.id);
  }
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

// An entry may correct one of the same item and indicator that nobody has corrected yet.
absl::Status CheckCorrections(postgres::Transaction& tx, const Key& plan, const Entries& entries) {
  std::vector<std::string> names;
  for (const v1::ProgressEntry& entry : entries) {
    if (!entry.corrects().empty()) names.push_back(entry.corrects());
  }
  if (names.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const auto ids, IdsBelow(plan, kEntryName, names, "progressEntry.corrects"));
  const Entries found = ProgressStore(tx).FindUncorrected(plan, ids);
  errors::FieldViolations violations;
  if (ids.size() != names.size()) {
    violations.Add("progressEntry.corrects",
                   "UNKNOWN",
                   "Entri yang dikoreksi tidak ada pada SKP ini, atau disebut dua kali.",
                   "The corrected entry is not one of this plan, or is named twice.");
  }
  for (const v1::ProgressEntry& entry : entries) {
    if (entry.corrects().empty()) continue;
    const bool same = std::any_of(found.begin(), found.end(), [&](const v1::ProgressEntry& old) {
      return old.name() == entry.corrects() && old.kind() == entry.kind() &&
             old.item_id() == entry.item_id() && old.indicator_id() == entry.indicator_id() &&
             !old.has_measured();
    });
    if (same) continue;
    violations.Add(
        "progressEntry.corrects",
        "UNKNOWN",
        "Hanya entri hasil kerja dan indikator yang sama, yang belum dikoreksi, dapat dikoreksi; "
        "angka "
        "operasional dikoreksi oleh sumbernya.",
        "Only an entry of the same item and indicator that has not been corrected can be "
        "corrected; a measured figure by its source.");
  }
  return violations.ToStatus();
}

absl::Status CheckEvidence(postgres::Transaction& tx, const Key& plan, const Entries& entries) {
  std::vector<std::string> names;
  for (const v1::ProgressEntry& entry : entries) {
    names.insert(names.end(), entry.evidence().begin(), entry.evidence().end());
  }
  if (names.empty()) return absl::OkStatus();
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  ASSIGN_OR_RETURN(const auto ids, IdsBelow(plan, kEvidenceName, names, "progressEntry.evidence"));
  if (ids.size() == names.size() &&
      EvidenceStore(tx).Count(plan, ids) == static_cast<int>(ids.size())) {
    return absl::OkStatus();
  }
  errors::FieldViolations violations;
  violations.Add("progressEntry.evidence",
                 "UNKNOWN",
                 "Bukti dukung tidak ada pada SKP ini. Unggah lebih dahulu.",
                 "The evidence is not one of this plan. Upload it first.");
  return violations.ToStatus();
}

// The plan, which must accept the entries. An approved plan stays as it is, so that it can be read
// before the transaction.
absl::Status CheckEntries(postgres::Database& database,
                          const CallContext& call,
                          const Key& key,
                          const Entries& entries) {
  ASSIGN_OR_RETURN(const v1::WorkPlan plan, AuthorizePlan(database, call, key));
  ASSIGN_OR_RETURN(const CycleKey cycle_key, ParseCycle(plan.cycle(), "cycle"));
  ASSIGN_OR_RETURN(const v1::Cycle cycle, database.Read(call, [&](postgres::Transaction& tx) {
    return CycleStore(tx).Get(cycle_key);
  }));
  for (const v1::ProgressEntry& entry : entries)
    RETURN_IF_ERROR(domain::CheckProgressEntry(entry, plan, cycle));
  return absl::OkStatus();
}

}  // namespace

Entries StoreEntries(postgres::Transaction& tx, const Key& key, Entries entries) {
  const CallContext& call = tx.call();
  // Ids of one millisecond come in any order; of two realisations of a day the one that stands
  // later in the batch counts.
  std::vector<std::string> ids(entries.size());
  std::generate(ids.begin(), ids.end(), [&] { return NewUuid7(call.time()); });
  std::sort(ids.begin(), ids.end());
  for (std::size_t i = 0; i < entries.size(); ++i) {
    v1::ProgressEntry& entry = entries[i];
    entry.set_name(kEntryName.Format({key.agency, key.id, ids[i]}));
    entry.set_entered_by(PersonName(key.agency, call.actor()));
    domain::SetTime(*entry.mutable_create_time(), call.time());
  }
  ProgressStore(tx).Insert(key, entries);
  RecordChange(tx,
               kWorkPlanName.Format({key.agency, key.id}),
               "workPlan.progressed",
               absl::StrCat(R"({"entries":)", entries.size(), "}"));
  return entries;
}

namespace {

absl::StatusOr<Entries> Store(postgres::Transaction& tx, const Key& key, const Entries& entries) {
  RETURN_IF_ERROR(CheckCorrections(tx, key, entries));
  RETURN_IF_ERROR(CheckEvidence(tx, key, entries));
  return StoreEntries(tx, key, entries);
}

}  // namespace

grpc::ServerUnaryReactor* ProgressEntriesService::ListProgressEntries(
    grpc::CallbackServerContext* context,
    const v1::ListProgressEntriesRequest* request,
    v1::ListProgressEntriesResponse* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::ListProgressEntriesResponse> {
        ASSIGN_OR_RETURN(const Key key, ParseKey(kWorkPlanName, request->parent(), "parent"));
        RETURN_IF_ERROR(AuthorizePlan(database_, call, key).status());
        ASSIGN_OR_RETURN(const PageQuery page, PageOf(*request));
        ASSIGN_OR_RETURN(
            Entries entries,
            database_.Read(call, [&](postgres::Transaction& tx) -> absl::StatusOr<Entries> {
              return ProgressStore(tx).List(key, page);
            }));
        v1::ListProgressEntriesResponse reply;
        reply.set_next_page_token(
            FillPage(*request, page, std::move(entries), *reply.mutable_progress_entries()));
        return reply;
      });
}

grpc::ServerUnaryReactor* ProgressEntriesService::CreateProgressEntry(
    grpc::CallbackServerContext* context,
    const v1::CreateProgressEntryRequest* request,
    v1::ProgressEntry* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::ProgressEntry> {
        ASSIGN_OR_RETURN(const Key key, ParseKey(kWorkPlanName, request->parent(), "parent"));
        const Entries entries = {request->progress_entry()};
        RETURN_IF_ERROR(CheckEntries(database_, call, key, entries));
        return database_.Write(call,
                               [&](postgres::Transaction& tx) -> absl::StatusOr<v1::ProgressEntry> {
                                 ASSIGN_OR_RETURN(const Entries stored, Store(tx, key, entries));
                                 return stored.front();
                               });
      });
}

grpc::ServerUnaryReactor* ProgressEntriesService::BatchCreateProgressEntries(
    grpc::CallbackServerContext* context,
    const v1::BatchCreateProgressEntriesRequest* request,
    v1::BatchCreateProgressEntriesResponse* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this,
       request](const CallContext& call) -> absl::StatusOr<v1::BatchCreateProgressEntriesResponse> {
        ASSIGN_OR_RETURN(const Key key, ParseKey(kWorkPlanName, request->parent(), "parent"));
        const Entries entries(request->progress_entries().begin(),
                              request->progress_entries().end());
        RETURN_IF_ERROR(CheckEntries(database_, call, key, entries));
        return database_.Write(call,
                               [&](postgres::Transaction& tx)
                                   -> absl::StatusOr<v1::BatchCreateProgressEntriesResponse> {
                                 ASSIGN_OR_RETURN(Entries stored, Store(tx, key, entries));
                                 v1::BatchCreateProgressEntriesResponse reply;
                                 for (v1::ProgressEntry& entry : stored)
                                   *reply.add_progress_entries() = std::move(entry);
                                 return reply;
                               });
      });
}

}  // namespace teraju::evaluation
