#include "services/evaluation/api/cycles_service.h"

#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "common/operations/operations.h"
#include "services/evaluation/api/access.h"
#include "services/evaluation/api/long_work.h"
#include "services/evaluation/api/paging.h"
#include "services/evaluation/api/publish_period.h"
#include "services/evaluation/api/publish_report.h"
#include "services/evaluation/domain/cycle.h"
#include "services/evaluation/domain/local_pack.h"
#include "services/evaluation/domain/rehearsal.h"
#include "services/evaluation/store/cycle_store.h"
#include "services/evaluation/store/following_store.h"
#include "services/evaluation/store/local_pack_store.h"
#include "services/evaluation/store/public_report_store.h"
#include "services/evaluation/store/rehearsal_store.h"

namespace teraju::evaluation {
namespace {

constexpr char kService[] = "evaluation";

struct Pin {
  PackKey key;
  PackRevision revision;
};

// What the catalog has under the cycle's `local_pack`; nothing where it names none.
// INVALID_ARGUMENT unless the cycle may be pinned to it, UNAVAILABLE.
absl::StatusOr<std::optional<Pin>> AskForPack(CatalogClient& catalog,
                                              const CallContext& call,
                                              const CycleKey& cycle_key,
                                              const v1::Cycle& cycle) {
  if (cycle.local_pack().empty()) return std::nullopt;
  ASSIGN_OR_RETURN(PackKey key, ParsePackRevision(cycle.local_pack(), "cycle.localPack"));
  std::optional<PackRevision> revision;
  // Packs of another agency are as unknown as packs that do not exist.
  if (key.agency == cycle_key.agency) {
    ASSIGN_OR_RETURN(revision, catalog.FindPackRevision(call, cycle.local_pack()));
  }
  if (!revision.has_value() || !revision->active) {
    return domain::RefusePin(
        "PACK_NOT_ACTIVE",
        "Instansi tidak memiliki revisi paket ini yang aktif. Aktifkan paketnya di katalog.",
        "The agency has no active revision of this pack. Activate the pack in the catalog.");
  }
  ASSIGN_OR_RETURN(
      const domain::LocalPack pack,
      domain::ReadLocalPack(cycle.local_pack(), revision->definition, revision->digest));
  RETURN_IF_ERROR(domain::CheckPin(pack.rules, cycle));
  return Pin{std::move(key), *std::move(revision)};
}

std::string PinDetails(const std::optional<Pin>& pin) {
  if (!pin.has_value()) return "";
  return absl::StrCat(
      R"({"pack":")", pin->key.ToName(), R"(","pack_digest":")", pin->revision.digest, R"("})");
}

absl::Status Publish(postgres::Transaction& tx,
                     const CycleKey& key,
                     const std::optional<v1::PublicReport>& report) {
  // Its last period was published after the report was looked for.
  if (!report.has_value()) {
    return errors::Aborted(errors::reasons::CONCURRENT_CHANGE,
                           "The cycle became ready to close a moment ago.");
  }
  PublicReportStore(tx).Insert(key, *report);
  RecordChange(tx,
               report->name(),
               "publicReport.published",
               absl::StrCat(R"({"digest":")", report->digest(), R"("})"));
  return absl::OkStatus();
}

}  // namespace

grpc::ServerUnaryReactor* CyclesService::GetCycle(grpc::CallbackServerContext* context,
                                                  const v1::GetCycleRequest* request,
                                                  v1::Cycle* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::Cycle> {
        ASSIGN_OR_RETURN(const CycleKey key, ParseCycle(request->name(), "name"));
        RETURN_IF_ERROR(call.Authorize(AgencyObject(key.agency, request->name())));
        return database_.Read(call,
                              [&](postgres::Transaction& tx) { return CycleStore(tx).Get(key); });
      });
}

grpc::ServerUnaryReactor* CyclesService::ListCycles(grpc::CallbackServerContext* context,
                                                    const v1::ListCyclesRequest* request,
                                                    v1::ListCyclesResponse* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::ListCyclesResponse> {
        ASSIGN_OR_RETURN(const std::string agency, ParseAgency(request->parent(), "parent"));
        RETURN_IF_ERROR(call.Authorize(AgencyObject(agency, request->parent())));
        ASSIGN_OR_RETURN(const PageQuery page, PageOf(*request));
        ASSIGN_OR_RETURN(
            std::vector<v1::Cycle> cycles,
            database_.Read(
                call, [&](postgres::Transaction& tx) -> absl::StatusOr<std::vector<v1::Cycle>> {
                  return CycleStore(tx).List(agency, page);
                }));
        v1::ListCyclesResponse reply;
        reply.set_next_page_token(
            FillPage(*request, page, std::move(cycles), *reply.mutable_cycles()));
        return reply;
      });
}

grpc::ServerUnaryReactor* CyclesService::CreateCycle(grpc::CallbackServerContext* context,
                                                     const v1::CreateCycleRequest* request,
                                                     v1::Cycle* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::Cycle> {
        ASSIGN_OR_RETURN(const std::string agency, ParseAgency(request->parent(), "parent"));
        RETURN_IF_ERROR(call.Authorize(AgencyObject(agency, request->parent())));
        const CycleKey key{agency, request->cycle_id()};
        v1::Cycle cycle = request->cycle();
        cycle.set_name(key.ToName());
        RETURN_IF_ERROR(domain::PrepareCycle(cycle));
        ASSIGN_OR_RETURN(const std::optional<Pin> pin, AskForPack(catalog_, call, key, cycle));
        return database_.Write(call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::Cycle> {
          if (pin.has_value()) {
            LocalPackStore(tx).Insert(pin->key, pin->revision.definition, pin->revision.digest);
          }
          RecordChange(tx, cycle.name(), "cycle.created", PinDetails(pin));
          return CycleStore(tx).Insert(key, cycle);
        });
      });
}

grpc::ServerUnaryReactor* CyclesService::OpenCycle(grpc::CallbackServerContext* context,
                                                   const v1::OpenCycleRequest* request,
                                                   google::longrunning::Operation* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<google::longrunning::Operation> {
        ASSIGN_OR_RETURN(const CycleKey key, ParseCycle(request->name(), "name"));
        RETURN_IF_ERROR(call.Authorize(AgencyObject(key.agency, request->name())));
        if (!request->unit().empty())
          RETURN_IF_ERROR(kUnitName.Parse(request->unit(), "unit").status());
        return database_.Write(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<google::longrunning::Operation> {
              ASSIGN_OR_RETURN(const v1::Cycle cycle, CycleStore(tx).Get(key));
              RETURN_IF_ERROR(domain::CheckOpenable(cycle));
              RETURN_IF_ERROR(domain::CheckSwitched(cycle, RehearsalStore(tx).StandBeside(key)));
              FollowingStore(tx).NoteOpening(key, IdOf(request->unit()));
              return operations::Start(
                  tx, kService, kOpenCycle, key.agency, cycle.name(), *request);
            });
      });
}

grpc::ServerUnaryReactor* CyclesService::ScorePeriod(grpc::CallbackServerContext* context,
                                                     const v1::ScorePeriodRequest* request,
                                                     google::longrunning::Operation* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<google::longrunning::Operation> {
        ASSIGN_OR_RETURN(const PeriodKey key, ParsePeriod(request->name(), "name"));
        RETURN_IF_ERROR(call.Authorize(AgencyObject(key.agency, request->name())));
        return database_.Write(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<google::longrunning::Operation> {
              ASSIGN_OR_RETURN(v1::Cycle cycle, CycleStore(tx).Get(key.cycle_key()));
              const v1::Period* period = FindPeriod(cycle, key.period);
              if (period == nullptr) return errors::ResourceNotFound(request->name());
              RETURN_IF_ERROR(domain::CheckScorable(cycle, *period));
              return operations::Start(
                  tx, kService, kScorePeriod, key.agency, request->name(), *request);
            });
      });
}

grpc::ServerUnaryReactor* CyclesService::PublishPeriod(grpc::CallbackServerContext* context,
                                                       const v1::PublishPeriodRequest* request,
                                                       google::longrunning::Operation* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<google::longrunning::Operation> {
        ASSIGN_OR_RETURN(const PeriodKey key, ParsePeriod(request->name(), "name"));
        RETURN_IF_ERROR(call.Authorize(AgencyObject(key.agency, request->name())));
        return database_.Write(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<google::longrunning::Operation> {
              RETURN_IF_ERROR(CheckPublishable(tx, key));
              return operations::Start(
                  tx, kService, kPublishPeriod, key.agency, request->name(), *request);
            });
      });
}

grpc::ServerUnaryReactor* CyclesService::CloseCycle(grpc::CallbackServerContext* context,
                                                    const v1::CloseCycleRequest* request,
                                                    v1::Cycle* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::Cycle> {
        ASSIGN_OR_RETURN(const CycleKey key, ParseCycle(request->name(), "name"));
        RETURN_IF_ERROR(call.Authorize(AgencyObject(key.agency, request->name())));
        using Report = std::optional<v1::PublicReport>;
        ASSIGN_OR_RETURN(const Report report, PrepareReport(database_, people_, call, key));
        return database_.Write(call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::Cycle> {
          RecordChange(tx, request->name(), "cycle.closed");
          ASSIGN_OR_RETURN(
              v1::Cycle cycle,
              CycleStore(tx).Update(
                  key, api::Precondition::FromEtag(request->etag()), domain::CloseCycle));
          if (cycle.kind() == v1::Cycle::ANNUAL) RETURN_IF_ERROR(Publish(tx, key, report));
          return cycle;
        });
      });
}

}  // namespace teraju::evaluation
