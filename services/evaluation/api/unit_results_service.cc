#include "services/evaluation/api/unit_results_service.h"

#include <optional>
#include <utility>
#include <vector>

#include "common/api/field_mask.h"
#include "common/api/strong_id.h"
#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "services/evaluation/api/access.h"
#include "services/evaluation/api/paging.h"
#include "services/evaluation/domain/cycle.h"
#include "services/evaluation/domain/distribution_simulation.h"
#include "services/evaluation/domain/unit_result.h"
#include "services/evaluation/store/calibration_store.h"
#include "services/evaluation/store/cycle_store.h"
#include "services/evaluation/store/evaluation_store.h"
#include "teraju/evaluation/v1/error_reason.pb.h"

namespace teraju::evaluation {
namespace {

// The higher leader may set a result; who sees the unit may see it.
auth::Object ObjectOf(const std::string& agency,
                      const UnitPosition& position,
                      const std::string& resource) {
  auth::Object object = AgencyObject(agency, resource);
  for (const std::string& unit : position.unit_path)
    object.unit_path.push_back(UnitName(agency, unit));
  object.appraiser = position.appraiser;
  return object;
}

// FAILED_PRECONDITION: as CheckScorable.
absl::Status CheckPeriod(postgres::Transaction& tx, const PeriodKey& key) {
  ASSIGN_OR_RETURN(v1::Cycle cycle, CycleStore(tx).Get(key.cycle_key()));
  const v1::Period* period = FindPeriod(cycle, key.period);
  if (period == nullptr) return errors::ResourceNotFound(key.ToName());
  return domain::CheckScorable(cycle, *period);
}

// The head's rating of results follows from the unit's predicate.
absl::Status BindHead(postgres::Transaction& tx,
                      const PeriodKey& period,
                      const v1::UnitResult& result) {
  for (const std::string& id : UnitResultStore(tx).EvaluationsOfHead(period, IdOf(result.unit()))) {
    bool changed = false;
    const Key key{period.agency, id};
    ASSIGN_OR_RETURN(
        const v1::Evaluation evaluation,
        EvaluationStore(tx).Update(key, api::Precondition::None(), [&](v1::Evaluation& head) {
          changed = domain::FollowUnitPredicate(head, result.predicate());
          return absl::OkStatus();
        }));
    if (changed) RecordChange(tx, evaluation.name(), "evaluation.rated");
  }
  return absl::OkStatus();
}

// FAILED_PRECONDITION (CALIBRATION_OPEN). Under the lock of the unit result.
absl::Status CheckCalibrated(postgres::Transaction& tx, const Key& key) {
  const std::string session = CalibrationStore(tx).FindOpen(key);
  if (session.empty()) return absl::OkStatus();
  return errors::FailedPrecondition(v1::CALIBRATION_OPEN, "A calibration session is open.")
      .With("session", session);
}

}  // namespace

absl::StatusOr<v1::UnitResult> UnitResultsService::AuthorizeResult(const CallContext& call,
                                                                   const Key& key) {
  const std::string name = kUnitResultName.Format({key.agency, key.id});
  ASSIGN_OR_RETURN(
      std::optional<StoredUnitResult> found,
      database_.Read(
          call, [&](postgres::Transaction& tx) -> absl::StatusOr<std::optional<StoredUnitResult>> {
            return UnitResultStore(tx).Find(key);
          }));
  RETURN_IF_ERROR(
      call.Authorize(ObjectOf(key.agency, found ? found->position : UnitPosition{}, name)));
  if (!found.has_value()) return errors::ResourceNotFound(name);
  // Exact counts of a rehearsal are for the higher leader, who needs them to confirm.
  const bool leads = call.principal().subject == found->position.appraiser;
  if (found->rehearsal && (!leads || found->result.state() == v1::UnitResult::PUBLISHED))
    return errors::Denied(call.permission(), name);
  domain::CheckDistribution(found->result);
  return std::move(found->result);
}

grpc::ServerUnaryReactor* UnitResultsService::GetUnitResult(grpc::CallbackServerContext* context,
                                                            const v1::GetUnitResultRequest* request,
                                                            v1::UnitResult* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::UnitResult> {
        ASSIGN_OR_RETURN(const Key key, ParseKey(kUnitResultName, request->name(), "name"));
        return AuthorizeResult(call, key);
      });
}

grpc::ServerUnaryReactor* UnitResultsService::ListUnitResults(
    grpc::CallbackServerContext* context,
    const v1::ListUnitResultsRequest* request,
    v1::ListUnitResultsResponse* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::ListUnitResultsResponse> {
        ASSIGN_OR_RETURN(const std::string agency, ParseAgency(request->parent(), "parent"));
        UnitResultQuery query;
        ASSIGN_OR_RETURN(query.scope, call.AuthorizeList(AgencyId(agency), request->parent()));
        ASSIGN_OR_RETURN(query.page, PageOf(*request));
        if (!request->period().empty()) {
          ASSIGN_OR_RETURN(query.period, ParsePeriod(request->period(), "period"));
        }
        query.caller = call.principal().subject;
        query.unit = IdOf(request->unit());
        using Results = std::vector<v1::UnitResult>;
        ASSIGN_OR_RETURN(
            Results results,
            database_.ReadSnapshot(call, [&](postgres::Transaction& tx) -> absl::StatusOr<Results> {
              return UnitResultStore(tx).List(agency, query);
            }));
        for (v1::UnitResult& result : results) domain::CheckDistribution(result);
        v1::ListUnitResultsResponse reply;
        reply.set_next_page_token(
            FillPage(*request, query.page, std::move(results), *reply.mutable_unit_results()));
        return reply;
      });
}

grpc::ServerUnaryReactor* UnitResultsService::CreateUnitResult(
    grpc::CallbackServerContext* context,
    const v1::CreateUnitResultRequest* request,
    v1::UnitResult* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::UnitResult> {
        const v1::UnitResult& wanted = request->unit_result();
        ASSIGN_OR_RETURN(const std::string agency, ParseAgency(request->parent(), "parent"));
        ASSIGN_OR_RETURN(const PeriodKey period, ParsePeriod(wanted.period(), "unitResult.period"));
        ASSIGN_OR_RETURN(const std::vector<std::string> unit,
                         kUnitName.Parse(wanted.unit(), "unitResult.unit"));
        if (period.agency != agency || unit[0] != agency)
          return errors::Denied(call.permission(), wanted.unit());
        ASSIGN_OR_RETURN(
            const std::optional<UnitPosition> position,
            database_.Read(
                call,
                [&](postgres::Transaction& tx) -> absl::StatusOr<std::optional<UnitPosition>> {
                  return UnitResultStore(tx).FindPosition(period, unit[1]);
                }));
        RETURN_IF_ERROR(
            call.Authorize(ObjectOf(agency, position.value_or(UnitPosition{}), wanted.unit())));
        if (!position.has_value()) return errors::ResourceNotFound(wanted.unit());
        return database_.Write(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::UnitResult> {
              RETURN_IF_ERROR(CheckPeriod(tx, period));
              ASSIGN_OR_RETURN(v1::UnitResult result,
                               UnitResultStore(tx).Insert(
                                   {agency, NewUuid7(call.time())}, period, *position, wanted));
              RETURN_IF_ERROR(BindHead(tx, period, result));
              RecordChange(tx, result.name(), "unitResult.created");
              domain::CheckDistribution(result);
              return result;
            });
      });
}

grpc::ServerUnaryReactor* UnitResultsService::UpdateUnitResult(
    grpc::CallbackServerContext* context,
    const v1::UpdateUnitResultRequest* request,
    v1::UnitResult* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::UnitResult> {
        const v1::UnitResult& update = request->unit_result();
        ASSIGN_OR_RETURN(const Key key,
                         ParseKey(kUnitResultName, update.name(), "unitResult.name"));
        ASSIGN_OR_RETURN(const v1::UnitResult seen, AuthorizeResult(call, key));
        ASSIGN_OR_RETURN(const PeriodKey period, ParsePeriod(seen.period(), "period"));
        return database_.Write(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::UnitResult> {
              ASSIGN_OR_RETURN(
                  v1::UnitResult result,
                  UnitResultStore(tx).Update(key,
                                             api::Precondition::FromEtag(update.etag()),
                                             [&](v1::UnitResult& changed) -> absl::Status {
                                               RETURN_IF_ERROR(domain::UpdateUnitResult(changed));
                                               return api::MergeByMask(
                                                   request->update_mask(), update, changed);
                                             }));
              RETURN_IF_ERROR(BindHead(tx, period, result));
              RecordChange(tx, result.name(), "unitResult.updated");
              domain::CheckDistribution(result);
              return result;
            });
      });
}

grpc::ServerUnaryReactor* UnitResultsService::ConfirmUnitResult(
    grpc::CallbackServerContext* context,
    const v1::ConfirmUnitResultRequest* request,
    v1::UnitResult* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::UnitResult> {
        ASSIGN_OR_RETURN(const Key key, ParseKey(kUnitResultName, request->name(), "name"));
        RETURN_IF_ERROR(AuthorizeResult(call, key).status());
        return database_.Write(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::UnitResult> {
              RecordChange(tx, request->name(), "unitResult.confirmed");
              return UnitResultStore(tx).Update(key,
                                                api::Precondition::FromEtag(request->etag()),
                                                [&](v1::UnitResult& result) -> absl::Status {
                                                  RETURN_IF_ERROR(CheckCalibrated(tx, key));
                                                  return domain::ConfirmUnitResult(
                                                      result, request->justification());
                                                });
            });
      });
}

grpc::ServerUnaryReactor* UnitResultsService::SimulateUnitResult(
    grpc::CallbackServerContext* context,
    const v1::SimulateUnitResultRequest* request,
    v1::UnitResultSimulation* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::UnitResultSimulation> {
        ASSIGN_OR_RETURN(const Key key, ParseKey(kUnitResultName, request->name(), "name"));
        RETURN_IF_ERROR(AuthorizeResult(call, key).status());
        std::vector<std::string> names;
        for (const v1::ProposedChange& change : request->changes())
          names.push_back(change.result());
        domain::CountedPeople people;
        ASSIGN_OR_RETURN(
            v1::UnitResultSimulation simulation,
            database_.ReadSnapshot(
                call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::UnitResultSimulation> {
                  const UnitResultStore store(tx);
                  const std::optional<StoredUnitResult> found = store.Find(key);
                  if (!found.has_value()) return errors::ResourceNotFound(request->name());
                  people = store.FindCounted(key, names);
                  return domain::SimulateDistribution(found->result, people, *request);
                }));
        std::vector<Reading> readings;
        for (const std::string& name : names) readings.push_back({people.at(name).employee, name});
        RETURN_IF_ERROR(RecordReadings(database_, call, readings));
        return simulation;
      });
}

}  // namespace teraju::evaluation
