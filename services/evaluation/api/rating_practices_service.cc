#include "services/evaluation/api/rating_practices_service.h"

#include <string>
#include <utility>
#include <vector>

#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "services/evaluation/api/access.h"
#include "services/evaluation/api/paging.h"
#include "services/evaluation/domain/rating_practice.h"
#include "services/evaluation/store/cycle_store.h"
#include "services/evaluation/store/rating_practice_store.h"

namespace teraju::evaluation {
namespace {

using Practices = std::vector<std::pair<std::string, v1::RatingPractice>>;  // by subject

v1::ListRatingPracticesResponse PageOfPractices(const v1::ListRatingPracticesRequest& request,
                                                const PracticeQuery& query,
                                                Practices practices) {
  v1::ListRatingPracticesResponse reply;
  const bool more = static_cast<int>(practices.size()) == query.page.size;
  if (more) practices.pop_back();
  for (auto& [subject, practice] : practices) {
    practice.set_appraiser(PersonName(query.period.agency, subject));
    *reply.add_rating_practices() = std::move(practice);
  }
  if (more) reply.set_next_page_token(api::MakePageToken(request, {practices.back().first}));
  return reply;
}

// Recorded where it shows somebody else's.
v1::ListRatingPracticesResponse Read(postgres::Transaction& tx,
                                     const v1::ListRatingPracticesRequest& request,
                                     const PracticeQuery& query) {
  Practices practices;
  bool others = false;
  for (const auto& [subject, people] : RatingPracticeStore(tx).ListPeople(query)) {
    others = others || subject != query.caller;
    practices.emplace_back(subject, domain::MakeRatingPractice(people));
  }
  if (others) {
    tx.Audit({.agency = query.period.agency,
              .resource = request.parent(),
              .type = "ratingPractices.listed"});
  }
  v1::ListRatingPracticesResponse reply = PageOfPractices(request, query, std::move(practices));
  auto agency = RatingPracticeStore(tx).OfAgency(query.period, domain::kFewestLeaders);
  if (agency.has_value()) *reply.mutable_agency() = *std::move(agency);
  return reply;
}

}  // namespace

grpc::ServerUnaryReactor* RatingPracticesService::ListRatingPractices(
    grpc::CallbackServerContext* context,
    const v1::ListRatingPracticesRequest* request,
    v1::ListRatingPracticesResponse* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::ListRatingPracticesResponse> {
        PracticeQuery query;
        ASSIGN_OR_RETURN(query.period, ParsePeriod(request->parent(), "parent"));
        query.caller = call.principal().subject;
        if (!request->appraiser().empty()) query.appraiser = SubjectOf(request->appraiser());
        ASSIGN_OR_RETURN(query.scope,
                         call.AuthorizeList(AgencyId(query.period.agency), request->parent()));
        ASSIGN_OR_RETURN(query.page, PageOf(*request));
        return database_.Write(
            call,
            [&](postgres::Transaction& tx) -> absl::StatusOr<v1::ListRatingPracticesResponse> {
              ASSIGN_OR_RETURN(v1::Cycle cycle,
                               CycleStore(tx).Get({query.period.agency, query.period.cycle}));
              if (FindPeriod(cycle, query.period.period) == nullptr)
                return errors::ResourceNotFound(request->parent());
              // How few people are rated in a rehearsal tells their results: leaders see their own.
              if (cycle.kind() == v1::Cycle::SHADOW) {
                query.scope.agency = false;
                query.scope.units.clear();
                v1::ListRatingPracticesResponse own = Read(tx, *request, query);
                own.clear_agency();
                return own;
              }
              return Read(tx, *request, query);
            });
      });
}

}  // namespace teraju::evaluation
