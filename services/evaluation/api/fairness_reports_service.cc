#include "services/evaluation/api/fairness_reports_service.h"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "services/evaluation/api/access.h"
#include "services/evaluation/domain/cycle.h"
#include "services/evaluation/domain/fairness.h"
#include "services/evaluation/domain/fairness_picture.h"
#include "services/evaluation/domain/page.h"
#include "services/evaluation/domain/timestamps.h"
#include "services/evaluation/store/cycle_store.h"
#include "services/evaluation/store/fairness_store.h"

namespace teraju::evaluation {
namespace {

absl::StatusOr<CycleKey> ParseFairnessReport(const std::string& name) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, kFairnessReportName.Parse(name, "name"));
  return CycleKey{ids[0], ids[1]};
}

// FAILED_PRECONDITION: SHADOW_CYCLE, PERIODS_OPEN.
absl::StatusOr<v1::Cycle> ReadCountable(postgres::Transaction& tx, const CycleKey& key) {
  ASSIGN_OR_RETURN(v1::Cycle cycle, CycleStore(tx).Get(key));
  RETURN_IF_ERROR(domain::CheckBinding(cycle));
  RETURN_IF_ERROR(domain::CheckYearPublished(cycle));
  return cycle;
}

}  // namespace

grpc::ServerUnaryReactor* FairnessReportsService::PublishFairnessReport(
    grpc::CallbackServerContext* context,
    const v1::PublishFairnessReportRequest* request,
    v1::FairnessReport* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::FairnessReport> {
        ASSIGN_OR_RETURN(const CycleKey key, ParseFairnessReport(request->name()));
        RETURN_IF_ERROR(call.Authorize(AgencyObject(key.agency, request->name())));
        ASSIGN_OR_RETURN(const v1::Cycle cycle,
                         database_.Read(call, [&](postgres::Transaction& tx) {
                           return ReadCountable(tx, key);
                         }));
        using Traits = std::map<std::string, domain::PersonTraits>;
        ASSIGN_OR_RETURN(const Traits traits,
                         people_.ListTraits(call, kAgencyName.Format({key.agency})));
        // Counting takes longer than a transaction should.
        using People = std::vector<domain::FairnessPerson>;
        ASSIGN_OR_RETURN(
            const People people,
            database_.ReadSnapshot(call, [&](postgres::Transaction& tx) -> absl::StatusOr<People> {
              return FairnessStore(tx).ListPeople(key, traits);
            }));
        v1::FairnessReport report;
        report.set_name(request->name());
        report.set_threshold(cycle.public_threshold());
        for (v1::FairnessGroup& group : domain::CountFairness(people, report.threshold()))
          *report.add_groups() = std::move(group);
        domain::SetTime(*report.mutable_publish_time(), call.time());
        return database_.Write(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::FairnessReport> {
              RecordChange(tx, report.name(), "fairnessReport.published");
              RETURN_IF_ERROR(FairnessStore(tx).InsertReport(key, report));
              return report;
            });
      });
}

absl::StatusOr<FairnessReportsService::Published> FairnessReportsService::Find(
    const CallContext& call, const std::string& name) {
  ASSIGN_OR_RETURN(const CycleKey key, ParseFairnessReport(name));
  RETURN_IF_ERROR(call.Authorize(AgencyObject(key.agency, name)));
  return database_.Read(call, [&](postgres::Transaction& tx) -> absl::StatusOr<Published> {
    std::optional<v1::FairnessReport> found = FairnessStore(tx).FindReport(key);
    if (!found.has_value()) return errors::ResourceNotFound(name);
    ASSIGN_OR_RETURN(v1::Cycle cycle, CycleStore(tx).Get(key));
    return Published{key, std::move(cycle), *std::move(found)};
  });
}

grpc::ServerUnaryReactor* FairnessReportsService::GetFairnessReport(
    grpc::CallbackServerContext* context,
    const v1::GetFairnessReportRequest* request,
    v1::FairnessReport* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::FairnessReport> {
        ASSIGN_OR_RETURN(Published found, Find(call, request->name()));
        return std::move(found.report);
      });
}

grpc::ServerUnaryReactor* FairnessReportsService::DrawFairnessReport(
    grpc::CallbackServerContext* context,
    const v1::DrawFairnessReportRequest* request,
    google::api::HttpBody* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<google::api::HttpBody> {
        ASSIGN_OR_RETURN(const Language language, domain::ParseLanguage(request->language_code()));
        ASSIGN_OR_RETURN(const Published found, Find(call, request->name()));
        using Names = std::map<std::string, std::string>;
        ASSIGN_OR_RETURN(const Names units,
                         people_.ListUnitNames(
                             call, kAgencyName.Format({found.key.agency}), found.cycle.end_date()));
        google::api::HttpBody picture;
        picture.set_content_type("image/svg+xml");
        picture.set_data(domain::DrawFairness(found.report, units, language));
        return picture;
      });
}

}  // namespace teraju::evaluation
