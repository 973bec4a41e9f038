#include "services/feedback/api/citizen_surveys_service.h"

#include <fmt/format.h>

#include "common/api/list_page.h"
#include "common/auth/random_bytes.h"
#include "common/errors/error.h"
#include "common/errors/field_violations.h"
#include "common/errors/status_macros.h"
#include "common/operations/operations.h"
#include "services/feedback/api/objects.h"
#include "services/feedback/api/report_picture.h"
#include "services/feedback/api/survey_closing.h"
#include "services/feedback/api/token_sheet.h"
#include "services/feedback/domain/citizen_survey.h"
#include "services/feedback/domain/questionnaire.h"
#include "services/feedback/domain/response_token.h"
#include "services/feedback/domain/timestamp.h"
#include "services/feedback/store/questionnaire_store.h"
#include "services/feedback/store/survey_answer_store.h"
#include "services/feedback/store/survey_store.h"
#include "teraju/feedback/v1/error_reason.pb.h"

namespace teraju::feedback {
namespace {

// The paths of the survey's units, in its order. INVALID_ARGUMENT (FIELD_INVALID) for units that
// the agency does not have.
absl::StatusOr<std::vector<std::vector<std::string>>> PathsOf(const v1::CitizenSurvey& survey,
                                                              const UnitPaths& all) {
  errors::FieldViolations violations;
  std::vector<std::vector<std::string>> paths;
  for (int i = 0; i < survey.units_size(); ++i) {
    const auto path = all.find(survey.units(i).unit());
    if (path != all.end()) {
      paths.push_back(path->second);
    } else {
      violations.Add(fmt::format("citizenSurvey.units[{}].unit", i),
                     "UNIT_UNKNOWN",
                     "Unit ini tidak dikenal; periksa kodenya.",
                     "There is no such unit; check its code.");
    }
  }
  RETURN_IF_ERROR(violations.ToStatus());
  return paths;
}

absl::Status RequireClosed(const v1::CitizenSurvey& survey) {
  if (survey.state() == v1::CitizenSurvey::CLOSED) return absl::OkStatus();
  return errors::FailedPrecondition(v1::REPORT_NOT_PUBLISHED, "The survey is not closed.");
}

}  // namespace

grpc::ServerUnaryReactor* CitizenSurveysService::GetCitizenSurvey(
    grpc::CallbackServerContext* context,
    const v1::GetCitizenSurveyRequest* request,
    v1::CitizenSurvey* response) {
  const auto get = [this, request](const CallContext& call) -> absl::StatusOr<v1::CitizenSurvey> {
    ASSIGN_OR_RETURN(const auto key, SurveyKey::Parse(request->name(), "name"));
    RETURN_IF_ERROR(call.Authorize(AgencyObject(key.agency, key.Name())));
    return database_.ReadSnapshot(
        call, [&](postgres::Transaction& tx) { return SurveyStore(tx).Get(key); });
  };
  return pipeline_.Unary(context, request, response, get);
}

grpc::ServerUnaryReactor* CitizenSurveysService::ListCitizenSurveys(
    grpc::CallbackServerContext* context,
    const v1::ListCitizenSurveysRequest* request,
    v1::ListCitizenSurveysResponse* response) {
  const auto list_all =
      [this, request](const CallContext& call) -> absl::StatusOr<v1::ListCitizenSurveysResponse> {
    ASSIGN_OR_RETURN(const AgencyId agency, api::ParseAgencyName(request->parent(), "parent"));
    RETURN_IF_ERROR(call.AuthorizeList(agency, request->parent()).status());
    ASSIGN_OR_RETURN(const api::ListPage page, api::ParseListPage(*request));
    std::vector<v1::CitizenSurvey> found;
    RETURN_IF_ERROR(database_.ReadSnapshot(call, [&](postgres::Transaction& tx) {
      found = SurveyStore(tx).List(agency, page.after_or_empty(0), page.limit());
      return absl::OkStatus();
    }));
    v1::ListCitizenSurveysResponse list;
    api::FinishListPage(*request,
                        page,
                        std::move(found),
                        list.mutable_citizen_surveys(),
                        list,
                        [](const v1::CitizenSurvey& last) {
                          return std::vector<std::string>{api::IdOf(last.name())};
                        });
    return list;
  };
  return pipeline_.Unary(context, request, response, list_all);
}

absl::StatusOr<v1::CitizenSurvey> CitizenSurveysService::Create(
    const CallContext& call, const v1::CreateCitizenSurveyRequest& request) {
  ASSIGN_OR_RETURN(const AgencyId agency, api::ParseAgencyName(request.parent(), "parent"));
  RETURN_IF_ERROR(call.Authorize(AgencyObject(agency, request.parent())));
  v1::CitizenSurvey survey = request.citizen_survey();
  ASSIGN_OR_RETURN(const auto questionnaire_key,
                   QuestionnaireKey::Parse(survey.questionnaire(), "citizenSurvey.questionnaire"));
  RETURN_IF_ERROR(domain::PrepareSurvey(survey, call.time()));
  ASSIGN_OR_RETURN(const UnitPaths units, identity_.ListUnitPaths(call, agency));
  ASSIGN_OR_RETURN(const auto paths, PathsOf(survey, units));
  const SurveyKey key{agency, SurveyId(NewUuid7(call.time()))};
  return database_.Write(call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::CitizenSurvey> {
    ASSIGN_OR_RETURN(const v1::Questionnaire questionnaire,
                     QuestionnaireStore(tx).Get({agency, questionnaire_key.id}));
    RETURN_IF_ERROR(domain::RequireUsable(questionnaire, v1::Questionnaire::CITIZEN));
    RecordChange(tx, key.Name(), "citizenSurvey.created");
    return SurveyStore(tx).Insert(key, {agency, questionnaire_key.id}, paths, survey);
  });
}

grpc::ServerUnaryReactor* CitizenSurveysService::CreateCitizenSurvey(
    grpc::CallbackServerContext* context,
    const v1::CreateCitizenSurveyRequest* request,
    v1::CitizenSurvey* response) {
  return pipeline_.Unary(context, request, response, [this, request](const CallContext& call) {
    return Create(call, *request);
  });
}

grpc::ServerUnaryReactor* CitizenSurveysService::OpenCitizenSurvey(
    grpc::CallbackServerContext* context,
    const v1::OpenCitizenSurveyRequest* request,
    v1::CitizenSurvey* response) {
  const auto open = [this, request](const CallContext& call) -> absl::StatusOr<v1::CitizenSurvey> {
    ASSIGN_OR_RETURN(const auto key, SurveyKey::Parse(request->name(), "name"));
    RETURN_IF_ERROR(call.Authorize(AgencyObject(key.agency, key.Name())));
    return database_.Write(
        call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::CitizenSurvey> {
          ASSIGN_OR_RETURN(v1::CitizenSurvey survey,
                           SurveyStore(tx).Update(key,
                                                  api::Precondition::FromEtag(request->etag()),
                                                  [&](v1::CitizenSurvey& changed) {
                                                    return domain::OpenSurvey(changed, call.time());
                                                  }));
          SurveyAnswerStore(tx).Open(key);
          RecordChange(tx, key.Name(), "citizenSurvey.opened");
          return survey;
        });
  };
  return pipeline_.Unary(context, request, response, open);
}

grpc::ServerUnaryReactor* CitizenSurveysService::CloseCitizenSurvey(
    grpc::CallbackServerContext* context,
    const v1::CloseCitizenSurveyRequest* request,
    google::longrunning::Operation* response) {
  const auto close =
      [this, request](const CallContext& call) -> absl::StatusOr<google::longrunning::Operation> {
    ASSIGN_OR_RETURN(const auto key, SurveyKey::Parse(request->name(), "name"));
    RETURN_IF_ERROR(call.Authorize(AgencyObject(key.agency, key.Name())));
    return database_.Write(
        call, [&](postgres::Transaction& tx) -> absl::StatusOr<google::longrunning::Operation> {
          const absl::Status begun =
              SurveyStore(tx)
                  .Update(key,
                          api::Precondition::None(),
                          [](v1::CitizenSurvey& survey) { return domain::BeginClosing(survey); })
                  .status();
          RETURN_IF_ERROR(begun);
          RecordChange(tx, key.Name(), "citizenSurvey.closing");
          return operations::Start(
              tx, "feedback", kCloseCitizenSurvey, key.agency.value(), key.Name(), *request);
        });
  };
  return pipeline_.Unary(context, request, response, close);
}

absl::StatusOr<CitizenSurveysService::Issued> CitizenSurveysService::Issue(const CallContext& call,
                                                                           const std::string& name,
                                                                           const std::string& unit,
                                                                           int count) {
  ASSIGN_OR_RETURN(const auto key, SurveyKey::Parse(name, "name"));
  Issued issued;
  std::vector<std::string> hashes;
  for (int i = 0; i < count; ++i) {
    issued.codes.push_back(
        domain::SurveyCode(key.id, auth::RandomBytes(domain::kTokenSecretBytes)));
    hashes.push_back(domain::HashToken(issued.codes.back()));
  }
  RETURN_IF_ERROR(database_.Write(call, [&](postgres::Transaction& tx) -> absl::Status {
    SurveyStore surveys(tx);
    auth::Object object = AgencyObject(key.agency, key.Name());
    object.unit_path = surveys.FindUnitPath(key, unit);
    RETURN_IF_ERROR(call.Authorize(object));
    ASSIGN_OR_RETURN(issued.survey, surveys.GetForShare(key));
    RETURN_IF_ERROR(domain::RequireState(issued.survey, v1::CitizenSurvey::OPEN));
    if (!SurveyAnswerStore(tx).InsertTokens(key, unit, hashes)) {
      return errors::FailedPrecondition(v1::SURVEY_UNIT_UNKNOWN, "No unit of this survey.")
          .With("unit", unit);
    }
    RecordChange(
        tx, key.Name(), "citizenSurvey.tokensIssued", fmt::format(R"({{"count":{}}})", count));
    return absl::OkStatus();
  }));
  return issued;
}

grpc::ServerUnaryReactor* CitizenSurveysService::IssueSurveyTokens(
    grpc::CallbackServerContext* context,
    const v1::IssueSurveyTokensRequest* request,
    v1::IssueSurveyTokensResponse* response) {
  const auto issue =
      [this, request](const CallContext& call) -> absl::StatusOr<v1::IssueSurveyTokensResponse> {
    ASSIGN_OR_RETURN(Issued issued,
                     Issue(call, request->name(), request->unit(), request->count()));
    v1::IssueSurveyTokensResponse tokens;
    for (std::string& code : issued.codes) {
      v1::SurveyToken& token = *tokens.add_survey_tokens();
      token.set_unit(request->unit());
      token.set_code(std::move(code));
    }
    return tokens;
  };
  return pipeline_.Unary(context, request, response, issue);
}

absl::StatusOr<google::api::HttpBody> CitizenSurveysService::Print(
    const CallContext& call, const v1::PrintSurveyTokensRequest& request) {
  ASSIGN_OR_RETURN(const Language language, ReadLanguage(request.language_code()));
  ASSIGN_OR_RETURN(Issued issued, Issue(call, request.name(), request.unit(), request.count()));
  google::api::HttpBody page;
  page.set_content_type("text/html; charset=utf-8");
  page.set_data(DrawTokenSheet({.survey = issued.survey.display_name(),
                                .unit = api::IdOf(request.unit()),
                                .end_day = domain::DayOf(issued.survey.end_time()),
                                .address = survey_address_,
                                .codes = std::move(issued.codes)},
                               language));
  return page;
}

grpc::ServerUnaryReactor* CitizenSurveysService::PrintSurveyTokens(
    grpc::CallbackServerContext* context,
    const v1::PrintSurveyTokensRequest* request,
    google::api::HttpBody* response) {
  return pipeline_.Unary(context, request, response, [this, request](const CallContext& call) {
    return Print(call, *request);
  });
}

absl::StatusOr<v1::ListSurveyResultsResponse> CitizenSurveysService::ListResults(
    const CallContext& call, const v1::ListSurveyResultsRequest& request) {
  ASSIGN_OR_RETURN(const auto key, SurveyKey::Parse(request.parent(), "parent"));
  RETURN_IF_ERROR(call.Authorize(AgencyObject(key.agency, key.Name())));
  ASSIGN_OR_RETURN(const api::ListPage page, api::ParseListPage(request));
  std::vector<v1::SurveyResult> found;
  RETURN_IF_ERROR(database_.ReadSnapshot(call, [&](postgres::Transaction& tx) -> absl::Status {
    SurveyStore surveys(tx);
    ASSIGN_OR_RETURN(const v1::CitizenSurvey survey, surveys.Get(key));
    RETURN_IF_ERROR(RequireClosed(survey));
    found = surveys.ListResults(key, page.after_or_empty(0), page.limit());
    return absl::OkStatus();
  }));
  v1::ListSurveyResultsResponse list;
  api::FinishListPage(request,
                      page,
                      std::move(found),
                      list.mutable_results(),
                      list,
                      [](const v1::SurveyResult& last) {
                        return std::vector<std::string>{api::IdOf(last.name())};
                      });
  return list;
}

grpc::ServerUnaryReactor* CitizenSurveysService::ListSurveyResults(
    grpc::CallbackServerContext* context,
    const v1::ListSurveyResultsRequest* request,
    v1::ListSurveyResultsResponse* response) {
  return pipeline_.Unary(context, request, response, [this, request](const CallContext& call) {
    return ListResults(call, *request);
  });
}

absl::StatusOr<v1::ListSurveyScreeningsResponse> CitizenSurveysService::ListScreenings(
    const CallContext& call, const v1::ListSurveyScreeningsRequest& request) {
  ASSIGN_OR_RETURN(const auto key, SurveyKey::Parse(request.parent(), "parent"));
  RETURN_IF_ERROR(call.Authorize(AgencyObject(key.agency, key.Name())));
  ASSIGN_OR_RETURN(const api::ListPage page, api::ParseListPage(request));
  std::vector<v1::SurveyScreening> found;
  RETURN_IF_ERROR(database_.ReadSnapshot(call, [&](postgres::Transaction& tx) -> absl::Status {
    SurveyStore surveys(tx);
    ASSIGN_OR_RETURN(const v1::CitizenSurvey survey, surveys.Get(key));
    RETURN_IF_ERROR(RequireClosed(survey));
    found = surveys.ListScreenings(key, page.after_or_empty(0), page.limit());
    return absl::OkStatus();
  }));
  v1::ListSurveyScreeningsResponse list;
  api::FinishListPage(
      request,
      page,
      std::move(found),
      list.mutable_screenings(),
      list,
      [](const v1::SurveyScreening& last) { return std::vector<std::string>{last.unit()}; });
  return list;
}

grpc::ServerUnaryReactor* CitizenSurveysService::ListSurveyScreenings(
    grpc::CallbackServerContext* context,
    const v1::ListSurveyScreeningsRequest* request,
    v1::ListSurveyScreeningsResponse* response) {
  return pipeline_.Unary(context, request, response, [this, request](const CallContext& call) {
    return ListScreenings(call, *request);
  });
}

absl::StatusOr<google::api::HttpBody> CitizenSurveysService::DrawTrend(
    const CallContext& call, const v1::DrawSurveyTrendRequest& request) {
  ASSIGN_OR_RETURN(const AgencyId agency, api::ParseAgencyName(request.parent(), "parent"));
  RETURN_IF_ERROR(call.Authorize(AgencyObject(agency, request.parent())));
  RETURN_IF_ERROR(CheckUnitName(agency, request.unit(), "unit"));
  ASSIGN_OR_RETURN(const Language language, ReadLanguage(request.language_code()));
  std::vector<std::pair<std::string, v1::SurveyResult>> results;
  RETURN_IF_ERROR(database_.Read(call, [&](postgres::Transaction& tx) {
    results = SurveyStore(tx).ListResultsOf(agency, request.unit(), kPeriodsDrawn);
    return absl::OkStatus();
  }));
  if (results.empty()) {
    return errors::FailedPrecondition(v1::REPORT_NOT_PUBLISHED, "No closed survey of this unit.");
  }
  return SvgBody(DrawSurveyTrendPicture(results, language));
}

grpc::ServerUnaryReactor* CitizenSurveysService::DrawSurveyTrend(
    grpc::CallbackServerContext* context,
    const v1::DrawSurveyTrendRequest* request,
    google::api::HttpBody* response) {
  return pipeline_.Unary(context, request, response, [this, request](const CallContext& call) {
    return DrawTrend(call, *request);
  });
}

}  // namespace teraju::feedback
