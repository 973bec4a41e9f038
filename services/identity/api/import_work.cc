#include "services/identity/api/import_work.h"

#include "absl/strings/str_cat.h"
#include "common/errors/status_macros.h"
#include "services/identity/api/access_objects.h"
#include "services/identity/api/importer.h"
#include "services/identity/api/line_watch.h"
#include "services/identity/store/agency_store.h"
#include "services/identity/store/import_rollback.h"
#include "services/identity/store/names.h"
#include "teraju/identity/v1/imports_service.pb.h"

namespace teraju::identity {
namespace {

using operations::Work;

struct Order {
  ImportJobKey key;
  bool rehearsal = false;
  bool rollback = false;
};

// What the operation's request asks for.
absl::StatusOr<Order> OrderOf(const Work& work) {
  v1::ValidateImportJobRequest validate;
  v1::RunImportJobRequest run;
  v1::RollBackImportJobRequest rollback;
  Order order;
  std::string name;
  if (work.request().UnpackTo(&validate)) {
    order.rehearsal = true;
    name = validate.name();
  } else if (work.request().UnpackTo(&rollback)) {
    order.rollback = true;
    name = rollback.name();
  } else if (work.request().UnpackTo(&run)) {
    name = run.name();
  } else {
    return absl::InternalError("a request of another type");
  }
  ASSIGN_OR_RETURN(const auto ids, kImportJobName.Parse(name, "name"));
  order.key = {AgencyId(ids[0]), ids[1]};
  return order;
}

absl::StatusOr<v1::ImportJob> Load(postgres::Database& database,
                                   const Work& work,
                                   const ImportJobKey& key) {
  return database.Read(work.call(),
                       [&](postgres::Transaction& tx) { return ImportJobStore(tx).Get(key); });
}

// Whether the job can end well only by another run of its own: not when the replica stops or has
// lost the lease.
bool IsFinal(const absl::Status& status) {
  return absl::IsInvalidArgument(status) || absl::IsFailedPrecondition(status) ||
         absl::IsNotFound(status) || absl::IsCancelled(status) || absl::IsInternal(status);
}

// Records the failure of the job where it is final, unless it was about taking the job back; its
// present state otherwise.
absl::StatusOr<std::unique_ptr<google::protobuf::Message>> Finish(postgres::Database& database,
                                                                  const Work& work,
                                                                  const Order& order,
                                                                  const absl::Status& done) {
  const ImportJobKey& key = order.key;
  if (!done.ok()) {
    if (IsFinal(done) && !order.rollback) {
      RETURN_IF_ERROR(database.Write(work.call(), [&](postgres::Transaction& tx) {
        ImportJobStore(tx).SetState(key, v1::ImportJob::FAILED);
        tx.Audit({.agency = key.agency.value(),
                  .resource = kImportJobName.Format({key.agency.value(), key.job}),
                  .type = "importJob.failed"});
        return absl::OkStatus();
      }));
    }
    return done;
  }
  ASSIGN_OR_RETURN(v1::ImportJob job, Load(database, work, key));
  return std::make_unique<v1::ImportJob>(std::move(job));
}

Importer ImporterFor(postgres::Transaction& tx, const ImportJobKey& key) {
  return {tx, key, tx.call().time(), Today(tx, key.agency)};
}

// The limit of a session is for calls. Nobody waits for this one, and its statements are as long as
// the file: what ends it is the lease or a cancellation.
void TakeTime(postgres::Transaction& tx) { tx.raw().exec("SET LOCAL statement_timeout = 0"); }

absl::Status Validate(postgres::Database& database, Work& work, const ImportJobKey& key) {
  ASSIGN_OR_RETURN(const v1::ImportJob job, Load(database, work, key));
  const int total = job.files_size();
  return work.Step("validated", total, total, [&](postgres::Transaction& tx) -> absl::Status {
    TakeTime(tx);
    RETURN_IF_ERROR(AgencyStore(tx).Lock(key.agency));
    tx.raw().exec("SAVEPOINT rehearsal");
    std::vector<ImportOutcome> outcomes;
    for (const v1::ImportFile& file : job.files()) {
      ASSIGN_OR_RETURN(ImportOutcome outcome, ImporterFor(tx, key).Import(file));
      outcomes.push_back(std::move(outcome));
    }
    tx.raw().exec("ROLLBACK TO SAVEPOINT rehearsal");
    ImportJobStore store(tx);
    for (const ImportOutcome& outcome : outcomes)
      store.StoreOutcome(key, outcome.file, outcome.results);
    store.SetState(key, v1::ImportJob::VALIDATED);
    return absl::OkStatus();
  });
}

absl::Status RunFiles(postgres::Database& database, Work& work, const ImportJobKey& key) {
  ASSIGN_OR_RETURN(const v1::ImportJob job, Load(database, work, key));
  const std::int64_t total = job.files_size() + 1;
  // The checkpoint is the number of files that are done.
  int done = work.checkpoint().empty() ? 0 : std::stoi(work.checkpoint());
  for (; done < job.files_size(); ++done) {
    const v1::ImportFile& file = job.files(done);
    work.Say(v1::ImportFile::Kind_Name(file.kind()));
    RETURN_IF_ERROR(work.Step(
        std::to_string(done + 1), done + 1, total, [&](postgres::Transaction& tx) -> absl::Status {
          TakeTime(tx);
          // Employees without assignments have no line.
          const auto scope = [&] {
            return file.kind() == v1::ImportFile::EMPLOYEES ? LineScope{} : Everybody();
          };
          ASSIGN_OR_RETURN(const ImportOutcome outcome, WithLineChanges(tx, key.agency, scope, [&] {
                             return ImporterFor(tx, key).Import(file);
                           }));
          ImportJobStore(tx).StoreOutcome(key, outcome.file, outcome.results);
          return absl::OkStatus();
        }));
  }
  if (done > job.files_size()) return absl::OkStatus();
  return work.Step(std::to_string(total), total, total, [&](postgres::Transaction& tx) {
    ImportJobStore(tx).SetState(key, v1::ImportJob::SUCCEEDED);
    tx.Audit({.agency = key.agency.value(), .resource = job.name(), .type = "importJob.succeeded"});
    return absl::OkStatus();
  });
}

// What changed is told by what is read of it now.
const char* TypeOf(const std::string& resource) {
  if (resource.find("/assignments/") != std::string::npos) return "assignment.changed";
  return resource.starts_with("units/") ? "unit.changed" : "employee.changed";
}

absl::Status RollBack(Work& work, const ImportJobKey& key) {
  return work.Step("rolled back", 1, 1, [&](postgres::Transaction& tx) {
    TakeTime(tx);
    return WithLineChanges(tx, key.agency, Everybody, [&]() -> absl::Status {
      ImportRollback rollback(tx, key);
      RETURN_IF_ERROR(rollback.Check());
      const std::string agency = kAgencyName.Format({key.agency.value()});
      for (const std::string& resource : rollback.Run()) {
        tx.Emit({.agency = key.agency.value(),
                 .resource = absl::StrCat(agency, "/", resource),
                 .type = TypeOf(resource)});
      }
      ImportJobStore(tx).SetState(key, v1::ImportJob::ROLLED_BACK);
      tx.Audit({.agency = key.agency.value(),
                .resource = kImportJobName.Format({key.agency.value(), key.job}),
                .type = "importJob.rolledBack"});
      return absl::OkStatus();
    });
  });
}

}  // namespace

operations::Handler Import(postgres::Database& database) {
  return [&database](Work& work) -> absl::StatusOr<std::unique_ptr<google::protobuf::Message>> {
    ASSIGN_OR_RETURN(const Order order, OrderOf(work));
    const bool validated = (order.rehearsal || order.rollback) && !work.checkpoint().empty();
    const absl::Status done = validated         ? absl::OkStatus()
                              : order.rehearsal ? Validate(database, work, order.key)
                              : order.rollback  ? RollBack(work, order.key)
                                                : RunFiles(database, work, order.key);
    return Finish(database, work, order, done);
  };
}

}  // namespace teraju::identity
