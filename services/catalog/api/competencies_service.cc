#include "services/catalog/api/competencies_service.h"

#include "common/api/list_page.h"
#include "common/errors/status_macros.h"
#include "common/postgres/record_change.h"
#include "services/catalog/api/objects.h"
#include "services/catalog/domain/competency_standard.h"
#include "services/catalog/domain/national_sets.h"
#include "services/catalog/store/competency_store.h"

namespace teraju::catalog {
namespace {

template <typename Message>
std::vector<std::string> KeyOf(const Message& last) {
  return {api::IdOf(last.name())};
}

}  // namespace

grpc::ServerUnaryReactor* CompetenciesService::ListCompetencies(
    grpc::CallbackServerContext* context,
    const v1::ListCompetenciesRequest* request,
    v1::ListCompetenciesResponse* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::ListCompetenciesResponse> {
        ASSIGN_OR_RETURN(const AgencyId agency, api::ParseAgencyName(request->parent(), "parent"));
        RETURN_IF_ERROR(call.Authorize(AgencyObject(agency, request->parent())));
        ASSIGN_OR_RETURN(const api::ListPage page, api::ParseListPage(*request));
        ASSIGN_OR_RETURN(auto competencies, database_.Read(call, [&](postgres::Transaction& tx) {
          return CompetencyStore(tx).List(agency, page.after_or_empty(0), page.limit());
        }));
        v1::ListCompetenciesResponse list;
        api::FinishListPage(*request,
                            page,
                            std::move(competencies),
                            list.mutable_competencies(),
                            list,
                            KeyOf<v1::Competency>);
        return list;
      });
}

grpc::ServerUnaryReactor* CompetenciesService::CreateCompetency(
    grpc::CallbackServerContext* context,
    const v1::CreateCompetencyRequest* request,
    v1::Competency* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::Competency> {
        ASSIGN_OR_RETURN(const AgencyId agency, api::ParseAgencyName(request->parent(), "parent"));
        RETURN_IF_ERROR(call.Authorize(AgencyObject(agency, request->parent())));
        const CompetencyKey key{
            agency,
            StrongId<CompetencyTag>(request->competency_id().empty() ? NewUuid7(call.time())
                                                                     : request->competency_id())};
        return database_.Write(call, [&](postgres::Transaction& tx) {
          RecordChange(tx, key.Name(), "competency.created");
          return CompetencyStore(tx).Insert(key, request->competency());
        });
      });
}

grpc::ServerUnaryReactor* CompetenciesService::AdoptCompetencies(
    grpc::CallbackServerContext* context,
    const v1::AdoptCompetenciesRequest* request,
    v1::AdoptCompetenciesResponse* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::AdoptCompetenciesResponse> {
        ASSIGN_OR_RETURN(const AgencyId agency, api::ParseAgencyName(request->parent(), "parent"));
        RETURN_IF_ERROR(call.Authorize(AgencyObject(agency, request->parent())));
        return database_.Write(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::AdoptCompetenciesResponse> {
              v1::AdoptCompetenciesResponse adopted;
              CompetencyStore competencies(tx);
              for (const v1::Competency& competency : domain::NationalCompetencies()) {
                const CompetencyKey key{agency, StrongId<CompetencyTag>(competency.name())};
                auto stored = competencies.Insert(key, competency);
                if (stored.ok()) {
                  RecordChange(tx, key.Name(), "competency.created");
                } else if (absl::IsAlreadyExists(stored.status())) {
                  stored = competencies.Get(key);
                }
                RETURN_IF_ERROR(stored.status());
                *adopted.add_competencies() = *std::move(stored);
              }
              return adopted;
            });
      });
}

grpc::ServerUnaryReactor* CompetenciesService::ListCompetencyStandards(
    grpc::CallbackServerContext* context,
    const v1::ListCompetencyStandardsRequest* request,
    v1::ListCompetencyStandardsResponse* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this,
       request](const CallContext& call) -> absl::StatusOr<v1::ListCompetencyStandardsResponse> {
        ASSIGN_OR_RETURN(const AgencyId agency, api::ParseAgencyName(request->parent(), "parent"));
        RETURN_IF_ERROR(call.Authorize(AgencyObject(agency, request->parent())));
        ASSIGN_OR_RETURN(const api::ListPage page, api::ParseListPage(*request));
        ASSIGN_OR_RETURN(auto standards, database_.Read(call, [&](postgres::Transaction& tx) {
          return CompetencyStore(tx).ListStandards(agency, page.after_or_empty(0), page.limit());
        }));
        v1::ListCompetencyStandardsResponse list;
        api::FinishListPage(*request,
                            page,
                            std::move(standards),
                            list.mutable_competency_standards(),
                            list,
                            KeyOf<v1::CompetencyStandard>);
        return list;
      });
}

grpc::ServerUnaryReactor* CompetenciesService::CreateCompetencyStandard(
    grpc::CallbackServerContext* context,
    const v1::CreateCompetencyStandardRequest* request,
    v1::CompetencyStandard* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::CompetencyStandard> {
        ASSIGN_OR_RETURN(const AgencyId agency, api::ParseAgencyName(request->parent(), "parent"));
        RETURN_IF_ERROR(call.Authorize(AgencyObject(agency, request->parent())));
        RETURN_IF_ERROR(domain::CheckStandard(request->competency_standard()));
        for (const v1::RequiredLevel& required : request->competency_standard().required_levels()) {
          RETURN_IF_ERROR(CompetencyKey::Parse(required.competency(),
                                               "competencyStandard.requiredLevels.competency")
                              .status());
        }
        const StandardKey key{agency,
                              StrongId<StandardTag>(request->competency_standard_id().empty()
                                                        ? NewUuid7(call.time())
                                                        : request->competency_standard_id())};
        return database_.Write(call, [&](postgres::Transaction& tx) {
          RecordChange(tx, key.Name(), "competencyStandard.created");
          return CompetencyStore(tx).InsertStandard(key, request->competency_standard());
        });
      });
}

}  // namespace teraju::catalog
