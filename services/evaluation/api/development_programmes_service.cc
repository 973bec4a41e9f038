#include "services/evaluation/api/development_programmes_service.h"

#include <optional>
#include <utility>
#include <vector>

#include "common/api/strong_id.h"
#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "services/evaluation/api/access.h"
#include "services/evaluation/api/paging.h"
#include "services/evaluation/domain/cycle.h"
#include "services/evaluation/domain/development.h"
#include "services/evaluation/domain/timestamps.h"
#include "services/evaluation/store/annual_result_store.h"
#include "services/evaluation/store/cycle_store.h"
#include "services/evaluation/store/development_store.h"

namespace teraju::evaluation {
namespace {

using domain::Programme;
using Programmes = std::vector<Programme>;

absl::StatusOr<std::optional<v1::AnnualResult>> FindResult(postgres::Database& database,
                                                           const CallContext& call,
                                                           const Key& key) {
  using Found = std::optional<v1::AnnualResult>;
  return database.Read(call, [&](postgres::Transaction& tx) -> absl::StatusOr<Found> {
    return AnnualResultStore(tx).Find(key);
  });
}

}  // namespace

absl::StatusOr<Programme> DevelopmentProgrammesService::AuthorizeProgramme(const CallContext& call,
                                                                           const Key& key) {
  using Found = std::optional<Programme>;
  ASSIGN_OR_RETURN(Found found,
                   database_.Read(call, [&](postgres::Transaction& tx) -> absl::StatusOr<Found> {
                     return DevelopmentStore(tx).Find(key);
                   }));
  return Authorized(
      call, key.agency, kDevelopmentProgrammeName.Format({key.agency, key.id}), std::move(found));
}

absl::StatusOr<Programme> DevelopmentProgrammesService::Change(const CallContext& call,
                                                               const std::string& name,
                                                               const std::string& etag,
                                                               const std::string& type,
                                                               Rule rule) {
  ASSIGN_OR_RETURN(const Key key, ParseKey(kDevelopmentProgrammeName, name, "name"));
  RETURN_IF_ERROR(AuthorizeProgramme(call, key).status());
  return database_.Write(call, [&](postgres::Transaction& tx) -> absl::StatusOr<Programme> {
    RecordChange(tx, name, type);
    return DevelopmentStore(tx).Update(key,
                                       api::Precondition::FromEtag(etag),
                                       [&](Programme& programme) { return rule(tx, programme); });
  });
}

grpc::ServerUnaryReactor* DevelopmentProgrammesService::GetDevelopmentProgramme(
    grpc::CallbackServerContext* context,
    const v1::GetDevelopmentProgrammeRequest* request,
    v1::DevelopmentProgramme* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<Programme> {
        ASSIGN_OR_RETURN(const Key key,
                         ParseKey(kDevelopmentProgrammeName, request->name(), "name"));
        ASSIGN_OR_RETURN(Programme programme, AuthorizeProgramme(call, key));
        RETURN_IF_ERROR(RecordReading(database_, call, programme.snapshot(), programme.name()));
        return programme;
      });
}

grpc::ServerUnaryReactor* DevelopmentProgrammesService::ListDevelopmentProgrammes(
    grpc::CallbackServerContext* context,
    const v1::ListDevelopmentProgrammesRequest* request,
    v1::ListDevelopmentProgrammesResponse* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this,
       request](const CallContext& call) -> absl::StatusOr<v1::ListDevelopmentProgrammesResponse> {
        ASSIGN_OR_RETURN(const std::string agency, ParseAgency(request->parent(), "parent"));
        ProgrammeQuery query;
        ASSIGN_OR_RETURN(query.scope, call.AuthorizeList(AgencyId(agency), request->parent()));
        ASSIGN_OR_RETURN(query.page, PageOf(*request));
        query.caller = call.principal().subject;
        query.employee = SubjectOf(request->employee());
        query.state = request->state();
        ASSIGN_OR_RETURN(
            Programmes programmes,
            database_.Read(call, [&](postgres::Transaction& tx) -> absl::StatusOr<Programmes> {
              return DevelopmentStore(tx).List(agency, query);
            }));
        v1::ListDevelopmentProgrammesResponse reply;
        reply.set_next_page_token(FillPage(
            *request, query.page, std::move(programmes), *reply.mutable_development_programmes()));
        return reply;
      });
}

grpc::ServerUnaryReactor* DevelopmentProgrammesService::CreateDevelopmentProgramme(
    grpc::CallbackServerContext* context,
    const v1::CreateDevelopmentProgrammeRequest* request,
    v1::DevelopmentProgramme* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<Programme> {
        const std::string& name = request->development_programme().annual_result();
        ASSIGN_OR_RETURN(const std::string agency, ParseAgency(request->parent(), "parent"));
        ASSIGN_OR_RETURN(const Key key,
                         ParseKey(kAnnualResultName, name, "developmentProgramme.annualResult"));
        if (key.agency != agency) return errors::Denied(call.permission(), name);
        ASSIGN_OR_RETURN(std::optional<v1::AnnualResult> found, FindResult(database_, call, key));
        RETURN_IF_ERROR(Authorized(call, agency, name, std::move(found)).status());
        return database_.Write(call, [&](postgres::Transaction& tx) -> absl::StatusOr<Programme> {
          std::optional<v1::AnnualResult> result = AnnualResultStore(tx).Find(key);
          if (!result.has_value()) return errors::ResourceNotFound(name);
          ASSIGN_OR_RETURN(const PeriodKey year, ParsePeriod(result->period(), "period"));
          ASSIGN_OR_RETURN(const v1::Cycle cycle, CycleStore(tx).Get(year.cycle_key()));
          RETURN_IF_ERROR(domain::CheckBinding(cycle));
          Programme programme = request->development_programme();
          RETURN_IF_ERROR(
              domain::OpenProgramme(*result, TodayOf(tx, agency), call.time(), programme));
          ASSIGN_OR_RETURN(Programme opened,
                           DevelopmentStore(tx).Insert({agency, NewUuid7(call.time())}, programme));
          RecordChange(tx, opened.name(), "developmentProgramme.opened");
          return opened;
        });
      });
}

grpc::ServerUnaryReactor* DevelopmentProgrammesService::AcknowledgeDevelopmentProgramme(
    grpc::CallbackServerContext* context,
    const v1::AcknowledgeDevelopmentProgrammeRequest* request,
    v1::DevelopmentProgramme* response) {
  return pipeline_.Unary(context, request, response, [this, request](const CallContext& call) {
    return Change(call,
                  request->name(),
                  request->etag(),
                  "developmentProgramme.acknowledged",
                  [&](postgres::Transaction&, Programme& programme) {
                    return domain::AcknowledgeProgramme(programme, request->comment(), call.time());
                  });
  });
}

grpc::ServerUnaryReactor* DevelopmentProgrammesService::ReviewDevelopmentProgramme(
    grpc::CallbackServerContext* context,
    const v1::ReviewDevelopmentProgrammeRequest* request,
    v1::DevelopmentProgramme* response) {
  return pipeline_.Unary(context, request, response, [this, request](const CallContext& call) {
    return Change(call,
                  request->name(),
                  request->etag(),
                  "developmentProgramme.reviewed",
                  [&](postgres::Transaction& tx, Programme& programme) {
                    const std::string agency(api::AgencyOf(request->name()));
                    v1::DevelopmentReview review;
                    *review.mutable_date() = request->date();
                    review.set_note(request->note());
                    *review.mutable_reached_goals() = request->reached_goals();
                    review.set_reviewed_by(PersonName(agency, call.principal().subject));
                    domain::SetTime(*review.mutable_create_time(), call.time());
                    return domain::ReviewProgramme(programme, review, TodayOf(tx, agency));
                  });
  });
}

grpc::ServerUnaryReactor* DevelopmentProgrammesService::ExtendDevelopmentProgramme(
    grpc::CallbackServerContext* context,
    const v1::ExtendDevelopmentProgrammeRequest* request,
    v1::DevelopmentProgramme* response) {
  return pipeline_.Unary(context, request, response, [this, request](const CallContext& call) {
    return Change(call,
                  request->name(),
                  request->etag(),
                  "developmentProgramme.extended",
                  [&](postgres::Transaction&, Programme& programme) {
                    return domain::ExtendProgramme(
                        programme, request->end_date(), request->reason());
                  });
  });
}

grpc::ServerUnaryReactor* DevelopmentProgrammesService::ConcludeDevelopmentProgramme(
    grpc::CallbackServerContext* context,
    const v1::ConcludeDevelopmentProgrammeRequest* request,
    v1::DevelopmentProgramme* response) {
  return pipeline_.Unary(context, request, response, [this, request](const CallContext& call) {
    return Change(
        call,
        request->name(),
        request->etag(),
        request->improved() ? "developmentProgramme.improved" : "developmentProgramme.notImproved",
        [&](postgres::Transaction& tx, Programme& programme) {
          const std::string agency(api::AgencyOf(request->name()));
          return domain::ConcludeProgramme(
              programme, request->improved(), request->reason(), TodayOf(tx, agency), call.time());
        });
  });
}

grpc::ServerUnaryReactor* DevelopmentProgrammesService::CancelDevelopmentProgramme(
    grpc::CallbackServerContext* context,
    const v1::CancelDevelopmentProgrammeRequest* request,
    v1::DevelopmentProgramme* response) {
  return pipeline_.Unary(context, request, response, [this, request](const CallContext& call) {
    return Change(call,
                  request->name(),
                  request->etag(),
                  "developmentProgramme.cancelled",
                  [&](postgres::Transaction&, Programme& programme) {
                    return domain::CancelProgramme(programme, request->reason(), call.time());
                  });
  });
}

}  // namespace teraju::evaluation
