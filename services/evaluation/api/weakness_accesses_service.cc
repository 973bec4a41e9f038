#include "services/evaluation/api/weakness_accesses_service.h"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/errors/status_macros.h"
#include "services/evaluation/api/access.h"
#include "services/evaluation/api/weakness_readers.h"
#include "services/evaluation/store/weakness_store.h"

namespace teraju::evaluation {
namespace {

struct ReadAbout {
  // Who stands in which relation now.
  std::optional<Superiors> superiors;
  std::map<std::string, std::vector<v1::WeaknessReading>> readings;  // by collection
};

void NameReader(const Superiors& superiors, v1::WeaknessReader& reader) {
  const std::string& name = reader.reach() == "appraiser" ? superiors.appraiser
                            : reader.reach() == "next"    ? superiors.next_appraiser
                                                          : std::string();
  // An employee is not an official, and the table has a line for each.
  const bool same =
      name.find(reader.role() == "official" ? "/officials/" : "/employees/") != std::string::npos;
  if (same) reader.set_person(name);
}

v1::WeaknessKind KindOf(const WeaknessSource& source, const ReadAbout& about) {
  v1::WeaknessKind kind;
  kind.set_kind(source.kind);
  kind.set_title_id(std::string(source.title_id));
  kind.set_title_en(std::string(source.title_en));
  kind.set_permission(std::string(source.permission));
  kind.set_data_reads("dataReads/" + std::string(source.service));
  for (v1::WeaknessReader& reader :
       ReadersOf(auth::PermissionTable::Default(), source.permission)) {
    if (about.superiors.has_value()) NameReader(*about.superiors, reader);
    *kind.add_readers() = std::move(reader);
  }
  if (const auto found = about.readings.find(std::string(source.collection));
      found != about.readings.end()) {
    for (const v1::WeaknessReading& reading : found->second) *kind.add_readings() = reading;
  }
  return kind;
}

}  // namespace

grpc::ServerUnaryReactor* WeaknessAccessesService::GetWeaknessAccess(
    grpc::CallbackServerContext* context,
    const v1::GetWeaknessAccessRequest* request,
    v1::WeaknessAccess* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::WeaknessAccess> {
        ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                         kWeaknessAccessName.Parse(request->name(), "name"));
        const std::string name = kEmployeeName.Format({ids[0], ids[1]});
        const std::string person = SubjectOf(name);
        auth::Object object = AgencyObject(ids[0], request->name());
        object.person = person;
        RETURN_IF_ERROR(call.Authorize(object));
        ASSIGN_OR_RETURN(
            const ReadAbout about,
            database_.Read(call, [&](postgres::Transaction& tx) -> absl::StatusOr<ReadAbout> {
              ReadAbout read;
              const WeaknessStore store(tx);
              read.superiors = store.FindSuperiors(ids[0], person);
              for (const WeaknessSource& source : WeaknessSources()) {
                if (source.collection.empty()) continue;
                const std::string collection(source.collection);
                read.readings[collection] = store.ListReadings(name, collection);
              }
              return read;
            }));
        v1::WeaknessAccess reply;
        reply.set_name(request->name());
        for (const WeaknessSource& source : WeaknessSources())
          *reply.add_kinds() = KindOf(source, about);
        return reply;
      });
}

}  // namespace teraju::evaluation
