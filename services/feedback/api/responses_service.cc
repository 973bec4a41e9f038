#include "services/feedback/api/responses_service.h"

#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "services/feedback/domain/questionnaire.h"
#include "services/feedback/domain/response_token.h"
#include "services/feedback/store/answer_store.h"
#include "services/feedback/store/survey_answer_store.h"
#include "teraju/feedback/v1/error_reason.pb.h"

namespace teraju::feedback {
namespace {

// The same words whether a token is malformed, unknown, used, withdrawn or too late.
absl::Status TokenInvalid() {
  return errors::PermissionDenied(v1::RESPONSE_TOKEN_INVALID, "The response token is not valid.");
}

absl::StatusOr<std::vector<int>> ReadChecked(
    const v1::Questionnaire& form,
    const google::protobuf::RepeatedPtrField<v1::Answer>& answers,
    const std::string& comment,
    bool draft) {
  ASSIGN_OR_RETURN(std::vector<int> values, domain::ReadAnswers(form, answers, draft));
  RETURN_IF_ERROR(domain::CheckComment(form, comment));
  return values;
}

// What is wrong with an answer is told only to whoever holds a good token.
template <typename Store, typename Round>
absl::Status RefuseAnswer(const CallContext& call,
                          postgres::Database& database,
                          const Round& round,
                          const std::string& token_hash,
                          const absl::Status& fault) {
  return database.Read(call, [&](postgres::Transaction& tx) -> absl::Status {
    return Store(tx).Accepts(round, token_hash, call.time()) ? fault : TokenInvalid();
  });
}

}  // namespace

absl::StatusOr<v1::SubmitResponseResponse> ResponsesService::Submit(
    const CallContext& call, const v1::SubmitResponseRequest& request) {
  const auto round = domain::RoundOfToken(request.response_token());
  if (!round) return TokenInvalid();
  const CampaignId campaign(*round);
  ASSIGN_OR_RETURN(const FormCache::Form form, forms_.Get(*round, [&] {
    return database_.Read(
        call, [&](postgres::Transaction& tx) -> absl::StatusOr<std::optional<v1::Questionnaire>> {
          return AnswerStore(tx).FindForm(campaign);
        });
  }));
  if (form == nullptr) return TokenInvalid();
  const std::string hash = domain::HashToken(request.response_token());
  const auto values = ReadChecked(*form, request.answers(), request.comment(), request.draft());
  if (!values.ok()) {
    return RefuseAnswer<AnswerStore>(call, database_, campaign, hash, values.status());
  }
  return database_.Write(
      call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::SubmitResponseResponse> {
        if (!AnswerStore(tx).Submit(
                campaign, hash, *values, request.comment(), request.draft(), call.time())) {
          return TokenInvalid();
        }
        v1::SubmitResponseResponse response;
        response.set_accepted(true);
        return response;
      });
}

grpc::ServerUnaryReactor* ResponsesService::SubmitResponse(grpc::CallbackServerContext* context,
                                                           const v1::SubmitResponseRequest* request,
                                                           v1::SubmitResponseResponse* response) {
  return pipeline_.Unary(context, request, response, [this, request](const CallContext& call) {
    return Submit(call, *request);
  });
}

absl::StatusOr<v1::SubmitCitizenResponseResponse> ResponsesService::SubmitCitizen(
    const CallContext& call, const v1::SubmitCitizenResponseRequest& request) {
  const auto round = domain::RoundOfToken(request.response_token());
  if (!round) return TokenInvalid();
  const SurveyId survey(*round);
  ASSIGN_OR_RETURN(const FormCache::Form form, forms_.Get(*round, [&] {
    return database_.Read(
        call, [&](postgres::Transaction& tx) -> absl::StatusOr<std::optional<v1::Questionnaire>> {
          return SurveyAnswerStore(tx).FindForm(survey);
        });
  }));
  if (form == nullptr) return TokenInvalid();
  const std::string hash = domain::HashToken(request.response_token());
  const auto values = ReadChecked(*form, request.answers(), request.comment(), false);
  if (!values.ok()) {
    return RefuseAnswer<SurveyAnswerStore>(call, database_, survey, hash, values.status());
  }
  return database_.Write(
      call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::SubmitCitizenResponseResponse> {
        if (!SurveyAnswerStore(tx).Submit(survey, hash, *values, request.comment(), call.time())) {
          return TokenInvalid();
        }
        v1::SubmitCitizenResponseResponse response;
        response.set_accepted(true);
        return response;
      });
}

grpc::ServerUnaryReactor* ResponsesService::SubmitCitizenResponse(
    grpc::CallbackServerContext* context,
    const v1::SubmitCitizenResponseRequest* request,
    v1::SubmitCitizenResponseResponse* response) {
  return pipeline_.Unary(context, request, response, [this, request](const CallContext& call) {
    return SubmitCitizen(call, *request);
  });
}

}  // namespace teraju::feedback
