#include "services/evaluation/api/rehearsals_service.h"

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "services/evaluation/api/access.h"
#include "services/evaluation/domain/rehearsal.h"
#include "services/evaluation/domain/timestamps.h"
#include "services/evaluation/store/cycle_store.h"
#include "services/evaluation/store/rehearsal_store.h"
#include "teraju/evaluation/v1/error_reason.pb.h"

namespace teraju::evaluation {
namespace {

absl::StatusOr<CycleKey> ParseRehearsal(const std::string& name) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, kRehearsalReportName.Parse(name, "name"));
  return CycleKey{ids[0], ids[1]};
}

// What a report is counted from.
struct Rehearsed {
  int threshold = 0;
  std::vector<domain::ComparedPerson> people;
};

absl::StatusOr<Rehearsed> ReadRehearsed(postgres::Transaction& tx, const CycleKey& key) {
  ASSIGN_OR_RETURN(const v1::Cycle cycle, CycleStore(tx).Get(key));
  RETURN_IF_ERROR(domain::CheckComparable(cycle));
  Rehearsed rehearsed{.threshold = cycle.public_threshold(),
                      .people = RehearsalStore(tx).ListCompared(key)};
  if (rehearsed.people.empty()) {
    return errors::FailedPrecondition(v1::REHEARSAL_NOTHING_TO_COMPARE,
                                      "Nobody has both a result and a prior grade.");
  }
  return rehearsed;
}

absl::StatusOr<v1::ImportPriorGradesResponse> ImportGrades(
    postgres::Transaction& tx, const CycleKey& key, const v1::ImportPriorGradesRequest& request) {
  ASSIGN_OR_RETURN(const v1::Cycle cycle, CycleStore(tx).Get(key));
  RETURN_IF_ERROR(domain::CheckRehearsal(cycle));
  RehearsalStore store(tx);
  if (store.FindReport(key).has_value()) {
    return errors::FailedPrecondition(v1::REHEARSAL_REPORT_PUBLISHED,
                                      "The differences are published.");
  }
  const std::vector<std::string> stored = store.StoreGrades(key, request.grades());
  const std::set<std::string> known(stored.begin(), stored.end());
  v1::ImportPriorGradesResponse reply;
  reply.set_imported(static_cast<int>(known.size()));
  for (const v1::PriorGrade& grade : request.grades()) {
    if (!known.contains(SubjectOf(grade.employee()))) reply.add_unknown(grade.employee());
  }
  RecordChange(tx,
               request.parent(),
               "cycle.priorGradesImported",
               absl::StrCat(R"({"imported":)", reply.imported(), "}"));
  return reply;
}

}  // namespace

grpc::ServerUnaryReactor* RehearsalsService::ImportPriorGrades(
    grpc::CallbackServerContext* context,
    const v1::ImportPriorGradesRequest* request,
    v1::ImportPriorGradesResponse* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::ImportPriorGradesResponse> {
        ASSIGN_OR_RETURN(const CycleKey key, ParseCycle(request->parent(), "parent"));
        RETURN_IF_ERROR(call.Authorize(AgencyObject(key.agency, request->parent())));
        for (int i = 0; i < request->grades_size(); ++i) {
          RETURN_IF_ERROR(ParsePerson(request->grades(i).employee(),
                                      request->parent(),
                                      absl::StrCat("grades[", i, "].employee")));
        }
        return database_.Write(
            call, [&](postgres::Transaction& tx) { return ImportGrades(tx, key, *request); });
      });
}

grpc::ServerUnaryReactor* RehearsalsService::PublishRehearsalReport(
    grpc::CallbackServerContext* context,
    const v1::PublishRehearsalReportRequest* request,
    v1::RehearsalReport* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::RehearsalReport> {
        ASSIGN_OR_RETURN(const CycleKey key, ParseRehearsal(request->name()));
        RETURN_IF_ERROR(call.Authorize(AgencyObject(key.agency, request->name())));
        // Counting takes longer than a transaction should.
        ASSIGN_OR_RETURN(const Rehearsed rehearsed,
                         database_.ReadSnapshot(call, [&](postgres::Transaction& tx) {
                           return ReadRehearsed(tx, key);
                         }));
        v1::RehearsalReport report;
        report.set_name(request->name());
        report.set_threshold(rehearsed.threshold);
        for (v1::RehearsalCounts& counts :
             domain::CountDifferences(rehearsed.people, rehearsed.threshold))
          *report.add_counts() = std::move(counts);
        domain::SetTime(*report.mutable_publish_time(), call.time());
        return database_.Write(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::RehearsalReport> {
              RecordChange(tx, report.name(), "rehearsalReport.published");
              RETURN_IF_ERROR(RehearsalStore(tx).InsertReport(key, report));
              return report;
            });
      });
}

grpc::ServerUnaryReactor* RehearsalsService::GetRehearsalReport(
    grpc::CallbackServerContext* context,
    const v1::GetRehearsalReportRequest* request,
    v1::RehearsalReport* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::RehearsalReport> {
        ASSIGN_OR_RETURN(const CycleKey key, ParseRehearsal(request->name()));
        RETURN_IF_ERROR(call.Authorize(AgencyObject(key.agency, request->name())));
        using Found = std::optional<v1::RehearsalReport>;
        ASSIGN_OR_RETURN(
            Found found,
            database_.Read(call, [&](postgres::Transaction& tx) -> absl::StatusOr<Found> {
              return RehearsalStore(tx).FindReport(key);
            }));
        if (!found.has_value()) return errors::ResourceNotFound(request->name());
        return *std::move(found);
      });
}

grpc::ServerUnaryReactor* RehearsalsService::SwitchToBinding(
    grpc::CallbackServerContext* context,
    const v1::SwitchToBindingRequest* request,
    v1::RehearsalReport* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::RehearsalReport> {
        ASSIGN_OR_RETURN(const CycleKey key, ParseRehearsal(request->name()));
        RETURN_IF_ERROR(call.Authorize(AgencyObject(key.agency, request->name())));
        return database_.Write(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::RehearsalReport> {
              RecordChange(tx, request->name(), "rehearsalReport.switchedToBinding");
              ASSIGN_OR_RETURN(std::optional<v1::RehearsalReport> report,
                               RehearsalStore(tx).Decide(key, [&](v1::RehearsalReport& changed) {
                                 return domain::DecideRehearsal(
                                     changed,
                                     PersonName(key.agency, call.principal().subject),
                                     request->reason(),
                                     call.time());
                               }));
              if (report.has_value()) return *std::move(report);
              return errors::FailedPrecondition(v1::REHEARSAL_REPORT_MISSING,
                                                "The differences are not published.");
            });
      });
}

}  // namespace teraju::evaluation
