#include "services/evaluation/api/annual_results_service.h"

#include <optional>
#include <utility>
#include <vector>

#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "services/evaluation/api/access.h"
#include "services/evaluation/api/paging.h"
#include "services/evaluation/api/pinned_pack.h"
#include "services/evaluation/api/receipt_file.h"
#include "services/evaluation/domain/cycle.h"
#include "services/evaluation/store/annual_result_store.h"
#include "services/evaluation/store/cycle_store.h"
#include "services/evaluation/store/unit_result_store.h"
#include "teraju/evaluation/v1/error_reason.pb.h"

namespace teraju::evaluation {
namespace {

absl::Status DecideOne(postgres::Transaction& tx,
                       const domain::Deciding& deciding,
                       v1::AnnualResult& result) {
  ASSIGN_OR_RETURN(const PeriodKey year, ParsePeriod(result.period(), "period"));
  const std::string employee = SubjectOf(result.snapshot().employee());
  const std::size_t segments = AnnualResultStore(tx).Parts(year, {employee})[employee].size();
  // The units of the last segment count the person, as they count ratings.
  v1::Evaluation last;
  last.set_name(result.name());
  last.set_period(result.period());
  *last.mutable_snapshot() = result.snapshot();
  const bool confirmed = UnitResultStore(tx).ContextOf({last}).at(IdOf(result.name())).confirmed;
  return domain::DecideYear(result,
                            {.segments = static_cast<int>(segments), .confirmed = confirmed},
                            deciding,
                            tx.call().time());
}

}  // namespace

absl::StatusOr<v1::AnnualResult> AnnualResultsService::AuthorizeResult(const CallContext& call,
                                                                       const Key& key) {
  using Found = std::optional<v1::AnnualResult>;
  ASSIGN_OR_RETURN(Found found,
                   database_.Read(call, [&](postgres::Transaction& tx) -> absl::StatusOr<Found> {
                     return AnnualResultStore(tx).Find(key);
                   }));
  return Authorized(
      call, key.agency, kAnnualResultName.Format({key.agency, key.id}), std::move(found));
}

absl::StatusOr<v1::AnnualResult> AnnualResultsService::Shown(const CallContext& call,
                                                             v1::AnnualResult result) {
  if (result.state() == v1::AnnualResult::FINAL) return result;
  ASSIGN_OR_RETURN(const PeriodKey key, ParsePeriod(result.period(), "period"));
  struct Stand {
    v1::Cycle cycle;
    std::vector<domain::AnnualPart> parts;
  };
  ASSIGN_OR_RETURN(
      Stand stand,
      database_.ReadSnapshot(call, [&](postgres::Transaction& tx) -> absl::StatusOr<Stand> {
        Stand read;
        ASSIGN_OR_RETURN(read.cycle, CycleStore(tx).Get(key.cycle_key()));
        const std::string employee = SubjectOf(result.snapshot().employee());
        read.parts = AnnualResultStore(tx).Parts(key, {employee})[employee];
        return read;
      }));
  ASSIGN_OR_RETURN(const std::optional<domain::LocalPack> pack,
                   ReadPinnedPack(database_, call, stand.cycle.local_pack()));
  ASSIGN_OR_RETURN(const time::Period year, domain::DaysOf(stand.cycle));
  RETURN_IF_ERROR(domain::Combine(
      result, std::move(stand.parts), year, pack.has_value() ? &*pack : nullptr, call.time()));
  return result;
}

grpc::ServerUnaryReactor* AnnualResultsService::GetAnnualResult(
    grpc::CallbackServerContext* context,
    const v1::GetAnnualResultRequest* request,
    v1::AnnualResult* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::AnnualResult> {
        ASSIGN_OR_RETURN(const Key key, ParseKey(kAnnualResultName, request->name(), "name"));
        ASSIGN_OR_RETURN(v1::AnnualResult result, AuthorizeResult(call, key));
        RETURN_IF_ERROR(CheckReader(call, result));
        RETURN_IF_ERROR(RecordReading(database_, call, result.snapshot(), result.name()));
        return Shown(call, std::move(result));
      });
}

grpc::ServerUnaryReactor* AnnualResultsService::ListAnnualResults(
    grpc::CallbackServerContext* context,
    const v1::ListAnnualResultsRequest* request,
    v1::ListAnnualResultsResponse* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::ListAnnualResultsResponse> {
        ASSIGN_OR_RETURN(const std::string agency, ParseAgency(request->parent(), "parent"));
        AnnualResultQuery query;
        ASSIGN_OR_RETURN(query.snapshot.scope,
                         call.AuthorizeList(AgencyId(agency), request->parent()));
        ASSIGN_OR_RETURN(query.page, PageOf(*request));
        if (!request->period().empty()) {
          ASSIGN_OR_RETURN(query.period, ParsePeriod(request->period(), "period"));
        }
        query.snapshot.caller = call.principal().subject;
        query.snapshot.employee = SubjectOf(request->employee());
        query.snapshot.appraiser = SubjectOf(request->appraiser());
        query.snapshot.unit = IdOf(request->unit());
        using Results = std::vector<v1::AnnualResult>;
        ASSIGN_OR_RETURN(
            Results results,
            database_.Read(call, [&](postgres::Transaction& tx) -> absl::StatusOr<Results> {
              return AnnualResultStore(tx).List(agency, query);
            }));
        v1::ListAnnualResultsResponse reply;
        reply.set_next_page_token(
            FillPage(*request, query.page, std::move(results), *reply.mutable_annual_results()));
        RETURN_IF_ERROR(RecordReadings(database_, call, ReadingsOf(reply.annual_results())));
        return reply;
      });
}

grpc::ServerUnaryReactor* AnnualResultsService::DecideAnnualResult(
    grpc::CallbackServerContext* context,
    const v1::DecideAnnualResultRequest* request,
    v1::AnnualResult* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::AnnualResult> {
        ASSIGN_OR_RETURN(const Key key, ParseKey(kAnnualResultName, request->name(), "name"));
        RETURN_IF_ERROR(AuthorizeResult(call, key).status());
        ASSIGN_OR_RETURN(
            v1::AnnualResult decided,
            database_.Write(
                call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::AnnualResult> {
                  RecordChange(tx, request->name(), "annualResult.decided");
                  return AnnualResultStore(tx).UpdateDecision(
                      key,
                      api::Precondition::FromEtag(request->etag()),
                      [&](v1::AnnualResult& result) {
                        return DecideOne(tx,
                                         {.predicate = request->predicate(),
                                          .reason = request->reason(),
                                          .by = PersonName(key.agency, call.principal().subject)},
                                         result);
                      });
                }));
        return Shown(call, std::move(decided));
      });
}

grpc::ServerUnaryReactor* AnnualResultsService::ExportAnnualResult(
    grpc::CallbackServerContext* context,
    const v1::ExportAnnualResultRequest* request,
    v1::ReceiptFile* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::ReceiptFile> {
        ASSIGN_OR_RETURN(const Key key, ParseKey(kAnnualResultName, request->name(), "name"));
        ASSIGN_OR_RETURN(const v1::AnnualResult result, AuthorizeResult(call, key));
        RETURN_IF_ERROR(CheckReader(call, result));
        RETURN_IF_ERROR(CheckFiled(result.rehearsal(), result.period()));
        ASSIGN_OR_RETURN(
            v1::ReceiptFile file,
            database_.ReadSnapshot(
                call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::ReceiptFile> {
                  const auto receipt = AnnualResultStore(tx).FindReceipt(key);
                  if (!receipt.has_value()) {
                    return errors::FailedPrecondition(v1::EVALUATION_NOT_FINAL,
                                                      "The result is not final.");
                  }
                  return MakeReceiptFile(tx,
                                         {.agency = key.agency,
                                          .document = receipt->document,
                                          .event = receipt->event,
                                          .local_pack = result.local_result().pack(),
                                          .credits = result.has_credits()});
                }));
        RETURN_IF_ERROR(RecordReading(database_, call, result.snapshot(), result.name()));
        return file;
      });
}

}  // namespace teraju::evaluation
