#include "services/evaluation/api/vacancies_service.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "common/api/strong_id.h"
#include "common/errors/error.h"
#include "common/errors/field_violations.h"
#include "common/errors/status_macros.h"
#include "common/time/period.h"
#include "services/evaluation/api/access.h"
#include "services/evaluation/api/paging.h"
#include "services/evaluation/domain/promotion.h"
#include "services/evaluation/store/vacancy_store.h"

namespace teraju::evaluation {
namespace {

// Identity is asked about each of them.
constexpr int kPeopleJudged = 100;

// How people stand is read from their results.
absl::Status RecordCandidatesRead(postgres::Database& database,
                                  const CallContext& call,
                                  const std::string& vacancy,
                                  const std::vector<v1::Candidate>& candidates) {
  std::vector<Reading> readings;
  for (const v1::Candidate& candidate : candidates)
    readings.push_back({candidate.employee(), vacancy});
  return RecordReadings(database, call, readings, "vacancy.candidateRead");
}

absl::Status CheckEmployee(postgres::Database& database,
                           PeopleClient& people,
                           const CallContext& call,
                           const std::string& employee,
                           const std::string& vacancy) {
  RETURN_IF_ERROR(ParsePerson(employee, vacancy, "employee"));
  ASSIGN_OR_RETURN(const google::type::Date today,
                   TodayOf(database, call, std::string(api::AgencyOf(vacancy))));
  ASSIGN_OR_RETURN(const domain::PersonCard card, people.GetCard(call, employee, "", today));
  if (!card.name.empty()) return absl::OkStatus();
  errors::FieldViolations violations;
  violations.Add("employee",
                 "NO_SUCH_EMPLOYEE",
                 "Sebutkan pegawai instansi ini.",
                 "Name an employee of this agency.");
  return violations.ToStatus();
}

absl::Status CheckUnit(postgres::Database& database,
                       PeopleClient& people,
                       const CallContext& call,
                       const std::string& agency,
                       const std::string& unit) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, kUnitName.Parse(unit, "vacancy.unit"));
  if (ids[0] != agency) return errors::Denied(call.permission(), unit);
  ASSIGN_OR_RETURN(const google::type::Date today, TodayOf(database, call, agency));
  ASSIGN_OR_RETURN(const domain::PersonCard card, people.GetCard(call, "", unit, today));
  if (!card.unit.empty()) return absl::OkStatus();
  errors::FieldViolations violations;
  violations.Add("vacancy.unit",
                 "NO_SUCH_UNIT",
                 "Sebutkan unit yang ada sekarang.",
                 "Name a unit that exists now.");
  return violations.ToStatus();
}

}  // namespace

absl::StatusOr<v1::Vacancy> VacanciesService::AuthorizeVacancy(const CallContext& call,
                                                               const Key& key) {
  const std::string name = kVacancyName.Format({key.agency, key.id});
  RETURN_IF_ERROR(call.Authorize(AgencyObject(key.agency, name)));
  using Found = std::optional<v1::Vacancy>;
  ASSIGN_OR_RETURN(Found found,
                   database_.Read(call, [&](postgres::Transaction& tx) -> absl::StatusOr<Found> {
                     return VacancyStore(tx).Find(key);
                   }));
  if (!found.has_value()) return errors::ResourceNotFound(name);
  return *std::move(found);
}

absl::StatusOr<std::vector<v1::Candidate>> VacanciesService::JudgePeople(
    const CallContext& call, const v1::Vacancy& vacancy, const std::string& employee) {
  using People = std::vector<domain::CandidateFacts>;
  const std::string agency(api::AgencyOf(vacancy.name()));
  ASSIGN_OR_RETURN(People people,
                   database_.Read(call, [&](postgres::Transaction& tx) -> absl::StatusOr<People> {
                     return VacancyStore(tx).FindPeople(agency, vacancy, employee, kPeopleJudged);
                   }));
  std::vector<domain::SurveyIndex> surveys;
  if (!vacancy.citizen_survey().empty()) {
    ASSIGN_OR_RETURN(surveys, feedback_.ListSurveyResults(call, vacancy.citizen_survey()));
  }
  ASSIGN_OR_RETURN(const google::type::Date today, TodayOf(database_, call, agency));
  std::vector<v1::Candidate> candidates;
  for (domain::CandidateFacts& facts : people) {
    ASSIGN_OR_RETURN(const domain::PersonCard card,
                     people_.GetCard(call, facts.employee, "", today));
    if (card.name.empty()) continue;  // has left
    facts.grade = card.grade;
    facts.echelon = card.echelon;
    candidates.push_back(domain::Judge(vacancy, facts, surveys));
  }
  return candidates;
}

grpc::ServerUnaryReactor* VacanciesService::GetVacancy(grpc::CallbackServerContext* context,
                                                       const v1::GetVacancyRequest* request,
                                                       v1::Vacancy* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::Vacancy> {
        ASSIGN_OR_RETURN(const Key key, ParseKey(kVacancyName, request->name(), "name"));
        ASSIGN_OR_RETURN(v1::Vacancy vacancy, AuthorizeVacancy(call, key));
        // How the chosen one stood is for those who may see candidates.
        if (!vacancy.has_decision()) return vacancy;
        if (!call.Allowed("evaluation.candidates.list", AgencyObject(key.agency, vacancy.name()))) {
          vacancy.clear_decision();
        } else if (vacancy.decision().has_candidate()) {
          RETURN_IF_ERROR(RecordCandidatesRead(
              database_, call, vacancy.name(), {vacancy.decision().candidate()}));
        }
        return vacancy;
      });
}

grpc::ServerUnaryReactor* VacanciesService::ListVacancies(grpc::CallbackServerContext* context,
                                                          const v1::ListVacanciesRequest* request,
                                                          v1::ListVacanciesResponse* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::ListVacanciesResponse> {
        ASSIGN_OR_RETURN(const std::string agency, ParseAgency(request->parent(), "parent"));
        RETURN_IF_ERROR(call.Authorize(AgencyObject(agency, request->parent())));
        ASSIGN_OR_RETURN(const PageQuery page, PageOf(*request));
        using Vacancies = std::vector<v1::Vacancy>;
        ASSIGN_OR_RETURN(
            Vacancies vacancies,
            database_.Read(call, [&](postgres::Transaction& tx) -> absl::StatusOr<Vacancies> {
              return VacancyStore(tx).List(agency, page);
            }));
        for (v1::Vacancy& vacancy : vacancies) vacancy.clear_decision();
        v1::ListVacanciesResponse reply;
        reply.set_next_page_token(
            FillPage(*request, page, std::move(vacancies), *reply.mutable_vacancies()));
        return reply;
      });
}

grpc::ServerUnaryReactor* VacanciesService::CreateVacancy(grpc::CallbackServerContext* context,
                                                          const v1::CreateVacancyRequest* request,
                                                          v1::Vacancy* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::Vacancy> {
        ASSIGN_OR_RETURN(const std::string agency, ParseAgency(request->parent(), "parent"));
        RETURN_IF_ERROR(call.Authorize(AgencyObject(agency, request->parent())));
        v1::Vacancy vacancy = request->vacancy();
        RETURN_IF_ERROR(domain::PrepareVacancy(vacancy, call.time()));
        RETURN_IF_ERROR(CheckUnit(database_, people_, call, agency, vacancy.unit()));
        if (!vacancy.citizen_survey().empty()) {
          if (api::AgencyOf(vacancy.citizen_survey()) != agency)
            return errors::Denied(call.permission(), vacancy.citizen_survey());
          RETURN_IF_ERROR(feedback_.ListSurveyResults(call, vacancy.citizen_survey()).status());
        }
        return database_.Write(call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::Vacancy> {
          v1::Vacancy made = VacancyStore(tx).Insert({agency, NewUuid7(call.time())}, vacancy);
          RecordChange(tx, made.name(), "vacancy.created");
          return made;
        });
      });
}

grpc::ServerUnaryReactor* VacanciesService::ListCandidates(grpc::CallbackServerContext* context,
                                                           const v1::ListCandidatesRequest* request,
                                                           v1::ListCandidatesResponse* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::ListCandidatesResponse> {
        ASSIGN_OR_RETURN(const Key key, ParseKey(kVacancyName, request->parent(), "parent"));
        ASSIGN_OR_RETURN(const v1::Vacancy vacancy, AuthorizeVacancy(call, key));
        ASSIGN_OR_RETURN(std::vector<v1::Candidate> candidates, JudgePeople(call, vacancy, ""));
        std::stable_sort(candidates.begin(), candidates.end(), [](const auto& a, const auto& b) {
          return domain::MissingOf(a) < domain::MissingOf(b);
        });
        std::erase_if(candidates, [](const auto& one) { return domain::MissingOf(one) > 1; });
        RETURN_IF_ERROR(RecordCandidatesRead(database_, call, vacancy.name(), candidates));
        v1::ListCandidatesResponse reply;
        reply.mutable_candidates()->Assign(candidates.begin(), candidates.end());
        return reply;
      });
}

grpc::ServerUnaryReactor* VacanciesService::DecideVacancy(grpc::CallbackServerContext* context,
                                                          const v1::DecideVacancyRequest* request,
                                                          v1::Vacancy* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::Vacancy> {
        ASSIGN_OR_RETURN(const Key key, ParseKey(kVacancyName, request->name(), "name"));
        ASSIGN_OR_RETURN(const v1::Vacancy seen, AuthorizeVacancy(call, key));
        RETURN_IF_ERROR(CheckEmployee(database_, people_, call, request->employee(), seen.name()));
        ASSIGN_OR_RETURN(std::vector<v1::Candidate> judged,
                         JudgePeople(call, seen, SubjectOf(request->employee())));
        v1::VacancyDecision decision;
        decision.set_employee(request->employee());
        decision.set_reason(request->reason());
        decision.set_decided_by(PersonName(key.agency, call.principal().subject));
        if (!judged.empty()) *decision.mutable_candidate() = std::move(judged.front());
        return database_.Write(call, [&](postgres::Transaction& tx) {
          RecordChange(tx, seen.name(), "vacancy.decided");
          return VacancyStore(tx).Update(
              key, api::Precondition::FromEtag(request->etag()), [&](v1::Vacancy& vacancy) {
                return domain::DecideVacancy(vacancy, decision, call.time());
              });
        });
      });
}

grpc::ServerUnaryReactor* VacanciesService::CloseVacancy(grpc::CallbackServerContext* context,
                                                         const v1::CloseVacancyRequest* request,
                                                         v1::Vacancy* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::Vacancy> {
        ASSIGN_OR_RETURN(const Key key, ParseKey(kVacancyName, request->name(), "name"));
        ASSIGN_OR_RETURN(const v1::Vacancy seen, AuthorizeVacancy(call, key));
        v1::VacancyDecision decision;
        decision.set_reason(request->reason());
        decision.set_decided_by(PersonName(key.agency, call.principal().subject));
        return database_.Write(call, [&](postgres::Transaction& tx) {
          RecordChange(tx, seen.name(), "vacancy.closed");
          return VacancyStore(tx).Update(
              key, api::Precondition::FromEtag(request->etag()), [&](v1::Vacancy& vacancy) {
                return domain::CloseVacancy(vacancy, decision, call.time());
              });
        });
      });
}

}  // namespace teraju::evaluation
