#include "services/evaluation/api/evaluations_service.h"

#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/errors/error.h"
#include "common/errors/field_violations.h"
#include "common/errors/status_macros.h"
#include "services/evaluation/api/access.h"
#include "services/evaluation/api/deadline_keeping.h"
#include "services/evaluation/api/enter_figures.h"
#include "services/evaluation/api/paging.h"
#include "services/evaluation/api/pinned_pack.h"
#include "services/evaluation/api/receipt_file.h"
#include "services/evaluation/domain/local_result.h"
#include "services/evaluation/domain/page.h"
#include "services/evaluation/domain/rating.h"
#include "services/evaluation/domain/receipt_page.h"
#include "services/evaluation/store/cycle_store.h"
#include "services/evaluation/store/evaluation_store.h"
#include "services/evaluation/store/local_pack_store.h"
#include "services/evaluation/store/unit_result_store.h"
#include "teraju/evaluation/v1/error_reason.pb.h"

namespace teraju::evaluation {
namespace {

using List = std::vector<v1::Evaluation>;

absl::StatusOr<EvaluationQuery> QueryOf(const CallContext& call,
                                        const v1::ListEvaluationsRequest& request) {
  ASSIGN_OR_RETURN(const std::string agency, ParseAgency(request.parent(), "parent"));
  EvaluationQuery query;
  ASSIGN_OR_RETURN(query.snapshot.scope, call.AuthorizeList(AgencyId(agency), request.parent()));
  ASSIGN_OR_RETURN(query.page, PageOf(request));
  if (!request.period().empty()) {
    ASSIGN_OR_RETURN(query.period, ParsePeriod(request.period(), "period"));
  }
  query.snapshot.caller = call.principal().subject;
  query.snapshot.employee = SubjectOf(request.employee());
  query.snapshot.appraiser = SubjectOf(request.appraiser());
  query.snapshot.unit = IdOf(request.unit());
  query.state = request.state();
  return query;
}

domain::Ratings RatingsOf(const v1::RateEvaluationRequest& request, const std::string& path) {
  return {.results = request.result_rating(),
          .behavior = request.behavior_rating(),
          .result_reason = request.result_reason(),
          .behavior_reason = request.behavior_reason(),
          .path = path};
}

// FAILED_PRECONDITION (PERIOD_NOT_SCORED).
absl::Status CheckScored(postgres::Transaction& tx, const v1::Evaluation& evaluation) {
  ASSIGN_OR_RETURN(const PeriodKey key, ParsePeriod(evaluation.period(), "period"));
  ASSIGN_OR_RETURN(v1::Cycle cycle, CycleStore(tx).Get(key.cycle_key()));
  const v1::Period* period = FindPeriod(cycle, key.period);
  if (period != nullptr && period->state() != v1::Period::OPEN) return absl::OkStatus();
  return errors::FailedPrecondition(v1::PERIOD_NOT_SCORED, "The period has not been scored.")
      .With("period", evaluation.period());
}

absl::Status CheckInTime(postgres::Transaction& tx, const v1::Evaluation& evaluation) {
  ASSIGN_OR_RETURN(const PeriodKey key, ParsePeriod(evaluation.period(), "period"));
  return CheckDeadline(tx, {key.agency, key.cycle, domain::SelfEvaluationsDeadline(key.period)});
}

struct Rating {
  Key key;
  const v1::RateEvaluationRequest* request;
  std::string path;
};

// Rates evaluations that have been authorised as `seen`, which are of any periods, in the order of
// their ids, so that concurrent batches wait for each other and do not deadlock.
absl::StatusOr<std::map<std::string, v1::Evaluation>> RateAll(
    postgres::Transaction& tx, const std::map<std::string, Rating>& ratings, const List& seen) {
  std::map<std::string, List> by_period;
  for (const v1::Evaluation& evaluation : seen)
    by_period[evaluation.period()].push_back(evaluation);
  std::map<std::string, domain::UnitContext> contexts;
  for (const auto& [period, evaluations] : by_period) {
    RETURN_IF_ERROR(CheckScored(tx, evaluations.front()));
    contexts.merge(UnitResultStore(tx).ContextOf(evaluations));
  }
  const CallContext& call = tx.call();
  std::map<std::string, v1::Evaluation> rated;
  for (const auto& [id, rating] : ratings) {
    const domain::Ratings values = RatingsOf(*rating.request, rating.path);
    const domain::UnitContext& units = contexts[id];
    const std::string by = PersonName(rating.key.agency, call.principal().subject);
    ASSIGN_OR_RETURN(rated[id],
                     EvaluationStore(tx).Update(rating.key,
                                                api::Precondition::FromEtag(rating.request->etag()),
                                                [&](v1::Evaluation& evaluation) {
                                                  return domain::RateEvaluation(
                                                      evaluation, values, units, by, call.time());
                                                }));
    RecordChange(tx, rated[id].name(), "evaluation.rated");
  }
  return rated;
}

absl::Status Twice(const std::string& path) {
  errors::FieldViolations violations;
  violations.Add(path + "name",
                 "DUPLICATE",
                 "Evaluasi ini disebut dua kali.",
                 "This evaluation is named twice.");
  return violations.ToStatus();
}

}  // namespace

absl::StatusOr<v1::Evaluation> EvaluationsService::AuthorizeEvaluation(const CallContext& call,
                                                                       const Key& key) {
  ASSIGN_OR_RETURN(
      std::optional<v1::Evaluation> found,
      database_.Read(
          call, [&](postgres::Transaction& tx) -> absl::StatusOr<std::optional<v1::Evaluation>> {
            return EvaluationStore(tx).Find(key);
          }));
  return Authorized(
      call, key.agency, kEvaluationName.Format({key.agency, key.id}), std::move(found));
}

grpc::ServerUnaryReactor* EvaluationsService::GetEvaluation(grpc::CallbackServerContext* context,
                                                            const v1::GetEvaluationRequest* request,
                                                            v1::Evaluation* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::Evaluation> {
        ASSIGN_OR_RETURN(const Key key, ParseKey(kEvaluationName, request->name(), "name"));
        ASSIGN_OR_RETURN(v1::Evaluation evaluation, AuthorizeEvaluation(call, key));
        RETURN_IF_ERROR(CheckReader(call, evaluation));
        if (evaluation.has_local_result()) {
          ASSIGN_OR_RETURN(const std::optional<domain::LocalPack> pack,
                           ReadPinnedPack(database_, call, evaluation.local_result().pack()));
          RETURN_IF_ERROR(domain::AddAccount(*pack, *evaluation.mutable_local_result()));
        }
        RETURN_IF_ERROR(RecordReading(database_, call, evaluation.snapshot(), evaluation.name()));
        return evaluation;
      });
}

grpc::ServerUnaryReactor* EvaluationsService::ListEvaluations(
    grpc::CallbackServerContext* context,
    const v1::ListEvaluationsRequest* request,
    v1::ListEvaluationsResponse* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::ListEvaluationsResponse> {
        ASSIGN_OR_RETURN(const EvaluationQuery query, QueryOf(call, *request));
        const std::string agency = IdOf(request->parent());
        ASSIGN_OR_RETURN(
            List evaluations,
            database_.Read(call, [&](postgres::Transaction& tx) -> absl::StatusOr<List> {
              return EvaluationStore(tx).List(agency, query);
            }));
        v1::ListEvaluationsResponse reply;
        reply.set_next_page_token(
            FillPage(*request, query.page, std::move(evaluations), *reply.mutable_evaluations()));
        RETURN_IF_ERROR(RecordReadings(database_, call, ReadingsOf(reply.evaluations())));
        return reply;
      });
}

grpc::ServerUnaryReactor* EvaluationsService::SubmitSelfEvaluation(
    grpc::CallbackServerContext* context,
    const v1::SubmitSelfEvaluationRequest* request,
    v1::Evaluation* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::Evaluation> {
        ASSIGN_OR_RETURN(const Key key, ParseKey(kEvaluationName, request->name(), "name"));
        RETURN_IF_ERROR(AuthorizeEvaluation(call, key).status());
        return database_.Write(call,
                               [&](postgres::Transaction& tx) -> absl::StatusOr<v1::Evaluation> {
                                 RecordChange(tx, request->name(), "evaluation.selfSubmitted");
                                 return EvaluationStore(tx).Update(
                                     key,
                                     api::Precondition::FromEtag(request->etag()),
                                     [&](v1::Evaluation& evaluation) -> absl::Status {
                                       RETURN_IF_ERROR(CheckInTime(tx, evaluation));
                                       return domain::SubmitSelf(evaluation, request->note());
                                     });
                               });
      });
}

grpc::ServerUnaryReactor* EvaluationsService::RateEvaluation(
    grpc::CallbackServerContext* context,
    const v1::RateEvaluationRequest* request,
    v1::Evaluation* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::Evaluation> {
        ASSIGN_OR_RETURN(const Key key, ParseKey(kEvaluationName, request->name(), "name"));
        ASSIGN_OR_RETURN(const v1::Evaluation seen, AuthorizeEvaluation(call, key));
        return database_.Write(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::Evaluation> {
              ASSIGN_OR_RETURN(auto rated, RateAll(tx, {{key.id, {key, request, ""}}}, {seen}));
              return std::move(rated.begin()->second);
            });
      });
}

grpc::ServerUnaryReactor* EvaluationsService::BatchRateEvaluations(
    grpc::CallbackServerContext* context,
    const v1::BatchRateEvaluationsRequest* request,
    v1::BatchRateEvaluationsResponse* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::BatchRateEvaluationsResponse> {
        ASSIGN_OR_RETURN(const std::string agency, ParseAgency(request->parent(), "parent"));
        std::map<std::string, Rating> ratings;
        std::vector<std::string> ids;
        for (int i = 0; i < request->requests_size(); ++i) {
          const v1::RateEvaluationRequest& one = request->requests(i);
          const std::string path = absl::StrCat("requests[", i, "].");
          ASSIGN_OR_RETURN(const Key key, ParseKey(kEvaluationName, one.name(), path + "name"));
          if (key.agency != agency) return errors::Denied(call.permission(), one.name());
          if (!ratings.emplace(key.id, Rating{key, &one, path}).second) return Twice(path);
          ids.push_back(key.id);
        }
        ASSIGN_OR_RETURN(
            const List seen,
            database_.Read(call, [&](postgres::Transaction& tx) -> absl::StatusOr<List> {
              return EvaluationStore(tx).FindAll(agency, ids);
            }));
        std::map<std::string, v1::Evaluation> found;
        for (const v1::Evaluation& evaluation : seen) found[IdOf(evaluation.name())] = evaluation;
        for (const std::string& id : ids) {
          const auto one = found.find(id);
          RETURN_IF_ERROR(Authorized(call,
                                     agency,
                                     kEvaluationName.Format({agency, id}),
                                     one == found.end() ? std::nullopt : std::optional(one->second))
                              .status());
        }
        return database_.Write(
            call,
            [&](postgres::Transaction& tx) -> absl::StatusOr<v1::BatchRateEvaluationsResponse> {
              ASSIGN_OR_RETURN(auto rated, RateAll(tx, ratings, seen));
              v1::BatchRateEvaluationsResponse reply;
              for (const std::string& id : ids) *reply.add_evaluations() = std::move(rated[id]);
              return reply;
            });
      });
}

grpc::ServerUnaryReactor* EvaluationsService::SetEvaluationFigures(
    grpc::CallbackServerContext* context,
    const v1::SetEvaluationFiguresRequest* request,
    v1::SetEvaluationFiguresResponse* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::SetEvaluationFiguresResponse> {
        ASSIGN_OR_RETURN(const Key key, ParseKey(kEvaluationName, request->name(), "name"));
        ASSIGN_OR_RETURN(const v1::Evaluation seen, AuthorizeEvaluation(call, key));
        RETURN_IF_ERROR(CheckOthers(call, seen));
        return database_.Write(
            call, [&](postgres::Transaction& tx) { return EnterFigures(tx, key, *request); });
      });
}

grpc::ServerUnaryReactor* EvaluationsService::BatchSetFigures(
    grpc::CallbackServerContext* context,
    const v1::BatchSetFiguresRequest* request,
    v1::BatchSetFiguresResponse* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::BatchSetFiguresResponse> {
        ASSIGN_OR_RETURN(const PeriodKey period, ParsePeriod(request->parent(), "parent"));
        RETURN_IF_ERROR(AuthorizePeople(database_, call, period, *request));
        return database_.Write(call, [&](postgres::Transaction& tx) {
          return EnterFiguresOfMany(tx, period, *request);
        });
      });
}

grpc::ServerUnaryReactor* EvaluationsService::AcknowledgeEvaluation(
    grpc::CallbackServerContext* context,
    const v1::AcknowledgeEvaluationRequest* request,
    v1::Evaluation* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::Evaluation> {
        ASSIGN_OR_RETURN(const Key key, ParseKey(kEvaluationName, request->name(), "name"));
        RETURN_IF_ERROR(AuthorizeEvaluation(call, key).status());
        return database_.Write(call,
                               [&](postgres::Transaction& tx) -> absl::StatusOr<v1::Evaluation> {
                                 RecordChange(tx, request->name(), "evaluation.acknowledged");
                                 return EvaluationStore(tx).Update(
                                     key,
                                     api::Precondition::FromEtag(request->etag()),
                                     [&](v1::Evaluation& evaluation) {
                                       return domain::Acknowledge(evaluation, call.time());
                                     });
                               });
      });
}

absl::StatusOr<v1::ScoreReceipt> EvaluationsService::ReadReceipt(const CallContext& call,
                                                                 const std::string& name,
                                                                 bool as_file) {
  ASSIGN_OR_RETURN(const Key key, ParseKey(kReceiptName, name, "name"));
  ASSIGN_OR_RETURN(const v1::Evaluation evaluation, AuthorizeEvaluation(call, key));
  RETURN_IF_ERROR(CheckReader(call, evaluation));
  if (as_file) RETURN_IF_ERROR(CheckFiled(evaluation.rehearsal(), evaluation.period()));
  using Found = std::optional<v1::ScoreReceipt>;
  ASSIGN_OR_RETURN(Found receipt,
                   database_.Read(call, [&](postgres::Transaction& tx) -> absl::StatusOr<Found> {
                     return EvaluationStore(tx).FindReceipt(key);
                   }));
  if (!receipt.has_value())
    return errors::FailedPrecondition(v1::EVALUATION_NOT_FINAL, "The result is not final.");
  RETURN_IF_ERROR(RecordReading(database_, call, evaluation.snapshot(), evaluation.name()));
  return *std::move(receipt);
}

grpc::ServerUnaryReactor* EvaluationsService::GetScoreReceipt(
    grpc::CallbackServerContext* context,
    const v1::GetScoreReceiptRequest* request,
    v1::ScoreReceipt* response) {
  return pipeline_.Unary(context, request, response, [this, request](const CallContext& call) {
    return ReadReceipt(call, request->name(), false);
  });
}

grpc::ServerUnaryReactor* EvaluationsService::DrawScoreReceipt(
    grpc::CallbackServerContext* context,
    const v1::DrawScoreReceiptRequest* request,
    google::api::HttpBody* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<google::api::HttpBody> {
        ASSIGN_OR_RETURN(const Language language, domain::ParseLanguage(request->language_code()));
        ASSIGN_OR_RETURN(const v1::ScoreReceipt receipt, ReadReceipt(call, request->name(), true));
        google::api::HttpBody page;
        page.set_content_type("text/html; charset=utf-8");
        page.set_data(domain::DrawReceipt(receipt, language));
        return page;
      });
}

grpc::ServerUnaryReactor* EvaluationsService::ExportScoreReceipt(
    grpc::CallbackServerContext* context,
    const v1::ExportScoreReceiptRequest* request,
    v1::ReceiptFile* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::ReceiptFile> {
        ASSIGN_OR_RETURN(const Key key, ParseKey(kReceiptName, request->name(), "name"));
        ASSIGN_OR_RETURN(const v1::Evaluation evaluation, AuthorizeEvaluation(call, key));
        RETURN_IF_ERROR(CheckReader(call, evaluation));
        RETURN_IF_ERROR(CheckFiled(evaluation.rehearsal(), evaluation.period()));
        // One state: record, head and nodes of the tree belong together.
        ASSIGN_OR_RETURN(v1::ReceiptFile file,
                         database_.ReadSnapshot(call, [&](postgres::Transaction& tx) {
                           return MakeEvaluationFile(tx, key);
                         }));
        RETURN_IF_ERROR(RecordReading(database_, call, evaluation.snapshot(), evaluation.name()));
        return file;
      });
}

}  // namespace teraju::evaluation
