#include "services/evaluation/api/recomputations_service.h"

#include <optional>
#include <utility>

#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "common/operations/operations.h"
#include "services/evaluation/api/access.h"
#include "services/evaluation/api/long_work.h"
#include "services/evaluation/api/recompute_cycle.h"
#include "services/evaluation/domain/cycle.h"
#include "services/evaluation/domain/recomputation.h"
#include "services/evaluation/store/annual_result_store.h"
#include "services/evaluation/store/cycle_store.h"
#include "services/evaluation/store/evaluation_store.h"
#include "services/evaluation/store/recomputation_store.h"
#include "teraju/evaluation/v1/error_reason.pb.h"

namespace teraju::evaluation {
namespace {

constexpr char kOwner[] = "evaluation";

absl::Status NotFinal() {
  return errors::FailedPrecondition(v1::EVALUATION_NOT_FINAL, "The result is not final.");
}

// The cycle of a result, by the name of its period.
absl::StatusOr<v1::Cycle> CycleOf(postgres::Database& database,
                                  const CallContext& call,
                                  const std::string& period) {
  ASSIGN_OR_RETURN(const PeriodKey key, ParsePeriod(period, "period"));
  return database.Read(
      call, [&](postgres::Transaction& tx) { return CycleStore(tx).Get(key.cycle_key()); });
}

}  // namespace

grpc::ServerUnaryReactor* RecomputationsService::RecomputeScoreReceipt(
    grpc::CallbackServerContext* context,
    const v1::RecomputeScoreReceiptRequest* request,
    v1::Recomputation* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::Recomputation> {
        ASSIGN_OR_RETURN(const Key key, ParseKey(kReceiptName, request->name(), "name"));
        using Found = std::optional<v1::Evaluation>;
        ASSIGN_OR_RETURN(
            Found found,
            database_.Read(call, [&](postgres::Transaction& tx) -> absl::StatusOr<Found> {
              return EvaluationStore(tx).Find(key);
            }));
        ASSIGN_OR_RETURN(
            const v1::Evaluation evaluation,
            Authorized(
                call, key.agency, kEvaluationName.Format({key.agency, key.id}), std::move(found)));
        RETURN_IF_ERROR(CheckReader(call, evaluation));
        ASSIGN_OR_RETURN(v1::Cycle cycle, CycleOf(database_, call, evaluation.period()));
        ASSIGN_OR_RETURN(const std::optional<domain::LocalPack> pack,
                         FindPinnedPack(database_, call, cycle.local_pack()));
        using Stored = std::optional<domain::StoredEvaluation>;
        ASSIGN_OR_RETURN(
            const Stored stored,
            database_.Read(call, [&](postgres::Transaction& tx) -> absl::StatusOr<Stored> {
              return RecomputationStore(tx).FindEvaluation(key);
            }));
        if (!stored.has_value()) return NotFinal();
        RETURN_IF_ERROR(RecordReading(database_, call, evaluation.snapshot(), evaluation.name()));
        const v1::Period* period = FindPeriod(cycle, IdOf(evaluation.period()));
        if (period == nullptr) return errors::ResourceNotFound(evaluation.period());
        ASSIGN_OR_RETURN(const time::Period days, domain::DaysOf(*period));
        return domain::RecomputeEvaluation(*stored, days, pack.has_value() ? &*pack : nullptr);
      });
}

grpc::ServerUnaryReactor* RecomputationsService::RecomputeAnnualResult(
    grpc::CallbackServerContext* context,
    const v1::RecomputeAnnualResultRequest* request,
    v1::Recomputation* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::Recomputation> {
        ASSIGN_OR_RETURN(const Key key, ParseKey(kAnnualResultName, request->name(), "name"));
        using Found = std::optional<v1::AnnualResult>;
        ASSIGN_OR_RETURN(
            Found found,
            database_.Read(call, [&](postgres::Transaction& tx) -> absl::StatusOr<Found> {
              return AnnualResultStore(tx).Find(key);
            }));
        ASSIGN_OR_RETURN(const v1::AnnualResult result,
                         Authorized(call, key.agency, request->name(), std::move(found)));
        RETURN_IF_ERROR(CheckReader(call, result));
        ASSIGN_OR_RETURN(const v1::Cycle cycle, CycleOf(database_, call, result.period()));
        ASSIGN_OR_RETURN(const std::optional<domain::LocalPack> pack,
                         FindPinnedPack(database_, call, cycle.local_pack()));
        using Stored = std::optional<domain::StoredYear>;
        ASSIGN_OR_RETURN(
            const Stored stored,
            database_.ReadSnapshot(call, [&](postgres::Transaction& tx) -> absl::StatusOr<Stored> {
              return RecomputationStore(tx).FindYear(key);
            }));
        if (!stored.has_value()) return NotFinal();
        RETURN_IF_ERROR(RecordReading(database_, call, result.snapshot(), result.name()));
        ASSIGN_OR_RETURN(const time::Period year, domain::DaysOf(cycle));
        return domain::RecomputeYear(*stored, year, pack.has_value() ? &*pack : nullptr);
      });
}

grpc::ServerUnaryReactor* RecomputationsService::RecomputeCycle(
    grpc::CallbackServerContext* context,
    const v1::RecomputeCycleRequest* request,
    google::longrunning::Operation* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<google::longrunning::Operation> {
        ASSIGN_OR_RETURN(const CycleKey key, ParseCycle(request->name(), "name"));
        RETURN_IF_ERROR(call.Authorize(AgencyObject(key.agency, request->name())));
        return database_.Write(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<google::longrunning::Operation> {
              RETURN_IF_ERROR(CycleStore(tx).Get(key).status());
              return operations::Start(tx,
                                       kOwner,
                                       kRecomputeCycle,
                                       key.agency,
                                       request->name() + ":recompute",
                                       *request);
            });
      });
}

}  // namespace teraju::evaluation
