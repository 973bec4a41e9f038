#include "services/evaluation/api/talent_placements_service.h"

#include <string>
#include <utility>
#include <vector>

#include "common/errors/status_macros.h"
#include "services/evaluation/api/access.h"
#include "services/evaluation/api/paging.h"
#include "services/evaluation/domain/cycle.h"
#include "services/evaluation/domain/talent.h"
#include "services/evaluation/store/cycle_store.h"
#include "services/evaluation/store/talent_store.h"

namespace teraju::evaluation {
namespace {

using Placements = std::vector<v1::TalentPlacement>;

absl::StatusOr<TalentQuery> ParseTalentQuery(const CallContext& call,
                                             const v1::ListTalentPlacementsRequest& request) {
  TalentQuery query;
  ASSIGN_OR_RETURN(query.cycle, ParseCycle(request.parent(), "parent"));
  ASSIGN_OR_RETURN(query.scope, call.AuthorizeList(AgencyId(query.cycle.agency), request.parent()));
  ASSIGN_OR_RETURN(query.page, PageOf(request));
  query.caller = call.principal().subject;
  if (!request.unit().empty()) {
    ASSIGN_OR_RETURN(const std::vector<std::string> ids, kUnitName.Parse(request.unit(), "unit"));
    query.unit = ids[1];
  }
  return query;
}

}  // namespace

grpc::ServerUnaryReactor* TalentPlacementsService::ListTalentPlacements(
    grpc::CallbackServerContext* context,
    const v1::ListTalentPlacementsRequest* request,
    v1::ListTalentPlacementsResponse* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::ListTalentPlacementsResponse> {
        ASSIGN_OR_RETURN(const TalentQuery query, ParseTalentQuery(call, *request));
        ASSIGN_OR_RETURN(const domain::TalentCutoffs cutoffs, domain::CutoffsOf(*request));
        ASSIGN_OR_RETURN(
            Placements placements,
            database_.Read(call, [&](postgres::Transaction& tx) -> absl::StatusOr<Placements> {
              ASSIGN_OR_RETURN(const v1::Cycle cycle, CycleStore(tx).Get(query.cycle));
              RETURN_IF_ERROR(domain::CheckBinding(cycle));
              return TalentStore(tx).List(query);
            }));
        v1::ListTalentPlacementsResponse reply;
        const bool more = static_cast<int>(placements.size()) == query.page.size;
        if (more) placements.pop_back();
        std::vector<Reading> readings;
        for (v1::TalentPlacement& placement : placements) {
          RETURN_IF_ERROR(domain::Place(cutoffs, placement));
          readings.push_back({placement.employee(), placement.annual_result()});
          *reply.add_talent_placements() = std::move(placement);
        }
        if (more) {
          const std::string last = IdOf(reply.talent_placements().rbegin()->annual_result());
          reply.set_next_page_token(api::MakePageToken(*request, {last}));
        }
        RETURN_IF_ERROR(RecordReadings(database_, call, readings));
        return reply;
      });
}

}  // namespace teraju::evaluation
