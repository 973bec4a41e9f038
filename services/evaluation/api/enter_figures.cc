#include "services/evaluation/api/enter_figures.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/api/resource_name.h"
#include "common/errors/error.h"
#include "common/errors/field_violations.h"
#include "common/errors/status_macros.h"
#include "common/postgres/record_change.h"
#include "services/evaluation/api/access.h"
#include "services/evaluation/domain/local_pack.h"
#include "services/evaluation/domain/rating.h"
#include "services/evaluation/domain/timestamps.h"
#include "services/evaluation/store/cycle_store.h"
#include "services/evaluation/store/evaluation_store.h"
#include "services/evaluation/store/local_pack_store.h"
#include "teraju/evaluation/v1/error_reason.pb.h"

namespace teraju::evaluation {
namespace {

struct Asked {
  domain::LocalPack pack;
  const rules::Method* method = nullptr;  // of `pack`
};

// What the cycle's pack asks for in a period. NOT_FOUND, FAILED_PRECONDITION (LOCAL_PACK_MISSING).
absl::StatusOr<Asked> AskedIn(postgres::Transaction& tx, const PeriodKey& key) {
  ASSIGN_OR_RETURN(v1::Cycle cycle, CycleStore(tx).Get(key.cycle_key()));
  if (FindPeriod(cycle, key.period) == nullptr) return errors::ResourceNotFound(key.ToName());
  if (!cycle.local_pack().empty()) {
    ASSIGN_OR_RETURN(domain::LocalPack pack, LocalPackStore(tx).Get(cycle.local_pack()));
    Asked asked{std::move(pack), nullptr};
    asked.method = domain::LocalMethod(asked.pack.rules, key.period);
    if (asked.method != nullptr) return asked;
  }
  return errors::FailedPrecondition(v1::LOCAL_PACK_MISSING, "No pack asks for figures.")
      .With("period", key.ToName());
}

domain::Entering EnteringOf(const CallContext& call, const std::string& agency) {
  domain::Entering entering{.by = PersonName(agency, call.actor()), .time = {}};
  domain::SetTime(entering.time, call.time());
  return entering;
}

void RecordEntry(postgres::Transaction& tx, const v1::Evaluation& evaluation, int figures) {
  RecordChange(
      tx, evaluation.name(), "evaluation.figuresSet", absl::StrCat(R"({"figures":)", figures, "}"));
}

// The people of a batch by subject; the place of each in the request.
std::map<std::string, int> PlacesOf(const v1::BatchSetFiguresRequest& request,
                                    errors::FieldViolations& violations) {
  std::map<std::string, int> places;
  for (int i = 0; i < request.people_size(); ++i) {
    if (places.emplace(SubjectOf(request.people(i).employee()), i).second) continue;
    violations.Add(absl::StrCat("people[", i, "].employee"),
                   "DUPLICATE",
                   "Orang ini disebut dua kali. Gabungkan angkanya.",
                   "This person stands twice. Put the figures together.");
  }
  return places;
}

void CheckPeople(const Asked& asked,
                 const std::string& agency,
                 const v1::BatchSetFiguresRequest& request,
                 const std::map<std::string, std::vector<v1::Evaluation>>& evaluations,
                 errors::FieldViolations& violations) {
  for (int i = 0; i < request.people_size(); ++i) {
    const v1::PersonFigures& person = request.people(i);
    const std::string path = absl::StrCat("people[", i, "]");
    const auto own = evaluations.find(SubjectOf(person.employee()));
    if (own == evaluations.end() || api::AgencyOf(person.employee()) != agency) {
      violations.Add(path + ".employee",
                     "NO_EVALUATION",
                     "Orang ini tidak memiliki evaluasi pada periode ini. Periksa namanya.",
                     "This person has no evaluation in the period. Check the name.");
    } else if (std::any_of(own->second.begin(), own->second.end(), domain::IsFinal)) {
      violations.Add(path + ".employee",
                     "EVALUATION_FINAL",
                     "Hasil orang ini sudah final. Hapus dari daftar.",
                     "This person's result is final. Remove the entry.");
    }
    domain::CheckFigures(
        asked.pack, *asked.method, person.figures(), path + ".figures", violations);
  }
}

}  // namespace

absl::Status CheckOthers(const CallContext& call, const v1::Evaluation& evaluation) {
  const std::string about = SubjectOf(evaluation.snapshot().employee());
  if (call.principal().subject != about && call.actor() != about) return absl::OkStatus();
  return errors::FailedPrecondition(v1::FIGURES_OWN, "The figures are about the caller.");
}

absl::Status AuthorizePeople(postgres::Database& database,
                             const CallContext& call,
                             const PeriodKey& period,
                             const v1::BatchSetFiguresRequest& request) {
  std::set<std::string> people;
  for (const v1::PersonFigures& person : request.people())
    people.insert(SubjectOf(person.employee()));
  using List = std::vector<v1::Evaluation>;
  ASSIGN_OR_RETURN(const List found,
                   database.Read(call, [&](postgres::Transaction& tx) -> absl::StatusOr<List> {
                     return LocalPackStore(tx).FindPeople(period, {people.begin(), people.end()});
                   }));
  for (const v1::Evaluation& evaluation : found) {
    RETURN_IF_ERROR(call.Authorize(SnapshotObject(evaluation.snapshot(), evaluation.name())));
    RETURN_IF_ERROR(CheckOthers(call, evaluation));
    people.erase(SubjectOf(evaluation.snapshot().employee()));
  }
  if (people.empty()) return absl::OkStatus();
  return call.Authorize(AgencyObject(period.agency, period.ToName()));
}

absl::StatusOr<v1::SetEvaluationFiguresResponse> EnterFigures(
    postgres::Transaction& tx, const Key& key, const v1::SetEvaluationFiguresRequest& request) {
  const domain::Entering entering = EnteringOf(tx.call(), key.agency);
  ASSIGN_OR_RETURN(const v1::Evaluation changed,
                   EvaluationStore(tx).Update(
                       key,
                       api::Precondition::FromEtag(request.etag()),
                       [&](v1::Evaluation& evaluation) -> absl::Status {
                         ASSIGN_OR_RETURN(const PeriodKey period,
                                          ParsePeriod(evaluation.period(), "period"));
                         ASSIGN_OR_RETURN(const Asked asked, AskedIn(tx, period));
                         errors::FieldViolations violations;
                         domain::CheckFigures(
                             asked.pack, *asked.method, request.figures(), "figures", violations);
                         RETURN_IF_ERROR(violations.ToStatus());
                         return domain::SetFigures(evaluation, request.figures(), entering);
                       }));
  RecordEntry(tx, changed, request.figures_size());
  v1::SetEvaluationFiguresResponse response;
  *response.mutable_figures() = changed.figures();
  return response;
}

absl::StatusOr<v1::BatchSetFiguresResponse> EnterFiguresOfMany(
    postgres::Transaction& tx, const PeriodKey& period, const v1::BatchSetFiguresRequest& request) {
  ASSIGN_OR_RETURN(const Asked asked, AskedIn(tx, period));
  errors::FieldViolations violations;
  const std::map<std::string, int> places = PlacesOf(request, violations);
  std::vector<std::string> people;
  for (const auto& [subject, place] : places) people.push_back(subject);
  std::vector<v1::Evaluation> locked = LocalPackStore(tx).LockPeople(period, people);
  std::map<std::string, std::vector<v1::Evaluation>> of_people;
  for (const v1::Evaluation& evaluation : locked)
    of_people[SubjectOf(evaluation.snapshot().employee())].push_back(evaluation);
  CheckPeople(asked, period.agency, request, of_people, violations);
  RETURN_IF_ERROR(violations.ToStatus());

  const domain::Entering entering = EnteringOf(tx.call(), period.agency);
  for (v1::Evaluation& evaluation : locked) {
    const v1::PersonFigures& person =
        request.people(places.at(SubjectOf(evaluation.snapshot().employee())));
    RETURN_IF_ERROR(domain::SetFigures(evaluation, person.figures(), entering));
    RecordEntry(tx, evaluation, person.figures_size());
  }
  LocalPackStore(tx).StoreFigures(period.agency, locked);
  v1::BatchSetFiguresResponse response;
  response.set_evaluations(static_cast<int>(locked.size()));
  return response;
}

}  // namespace teraju::evaluation
