#include "services/evaluation/api/overviews_service.h"

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "common/time/period.h"
#include "services/evaluation/api/access.h"
#include "services/evaluation/api/paging.h"
#include "services/evaluation/domain/lateness.h"
#include "services/evaluation/store/cycle_store.h"
#include "services/evaluation/store/objection_store.h"
#include "services/evaluation/store/overview_store.h"
#include "services/evaluation/store/reminder_store.h"

namespace teraju::evaluation {
namespace {

constexpr int kLeadersShown = 1000;  // all of them are reminded

std::set<std::string> ScoredPeriods(const v1::Cycle& cycle) {
  std::set<std::string> ids;
  for (const v1::Period& period : cycle.periods()) {
    if (period.state() != v1::Period::OPEN) ids.insert(IdOf(period.name()));
  }
  return ids;
}

absl::StatusOr<std::vector<v1::Subordinate>> TeamOf(postgres::Transaction& tx,
                                                    const CycleKey& key,
                                                    const std::string& appraiser,
                                                    const PageQuery& page) {
  ASSIGN_OR_RETURN(const v1::Cycle cycle, CycleStore(tx).Get(key));
  domain::LatenessFacts facts{.today = TodayOf(tx, key.agency),
                              .scored_periods = ScoredPeriods(cycle)};
  std::vector<v1::Subordinate> team;
  for (OverviewStore::Row& row :
       OverviewStore(tx).ListTeam(key, appraiser, time::ToDate(facts.today), page)) {
    ASSIGN_OR_RETURN(facts.segment_start, time::ToCivilDay(row.segment_start));
    ASSIGN_OR_RETURN(facts.segment_end, time::ToCivilDay(row.segment_end));
    facts.support_overdue = row.support_overdue;
    for (const v1::Lateness late : domain::LatenessOf(row.subordinate, facts))
      row.subordinate.add_late(late);
    team.push_back(std::move(row.subordinate));
  }
  return team;
}

google::type::Date Since(postgres::Transaction& tx, const std::string& agency) {
  return time::ToDate(TodayOf(tx, agency) - domain::kCheckInDays);
}

absl::StatusOr<CycleKey> CycleOfParticipation(const std::string& name) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, kParticipationName.Parse(name, "name"));
  return CycleKey{ids[0], ids[1]};
}

}  // namespace

int RemindLateLeaders(postgres::Transaction& tx, const CycleKey& key) {
  int reminded = 0;
  for (const v1::ParticipationCounts& leader :
       OverviewStore(tx).CountByLeader(key, Since(tx, key.agency), std::nullopt)) {
    const bool late = leader.approved() < leader.plans() || leader.checked_in() < leader.plans() ||
                      leader.rated() < leader.to_rate();
    if (!late) continue;
    RecordChange(tx, leader.subject(), "leader.reminded");
    ReminderStore(tx).Queue(key.agency, {SubjectOf(leader.subject())}, domain::ReminderKind::kTeam);
    ++reminded;
  }
  return reminded;
}

grpc::ServerUnaryReactor* OverviewsService::ListSubordinates(
    grpc::CallbackServerContext* context,
    const v1::ListSubordinatesRequest* request,
    v1::ListSubordinatesResponse* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::ListSubordinatesResponse> {
        ASSIGN_OR_RETURN(const CycleKey key, ParseCycle(request->parent(), "parent"));
        const std::string& caller = call.principal().subject;
        const std::string leader =
            request->appraiser().empty() ? caller : SubjectOf(request->appraiser());
        auth::Object object = AgencyObject(key.agency, request->parent());
        object.appraiser = leader;
        RETURN_IF_ERROR(call.Authorize(object));
        ASSIGN_OR_RETURN(const PageQuery page, PageOf(*request));
        using Team = std::vector<v1::Subordinate>;
        ASSIGN_OR_RETURN(
            Team team,
            database_.Write(call, [&](postgres::Transaction& tx) -> absl::StatusOr<Team> {
              if (leader != caller) {
                tx.Audit({.agency = key.agency,
                          .resource = request->parent(),
                          .type = "subordinates.listed"});
              }
              return TeamOf(tx, key, leader, page);
            }));
        v1::ListSubordinatesResponse reply;
        reply.set_next_page_token(
            FillPage(*request, page, std::move(team), *reply.mutable_subordinates()));
        return reply;
      });
}

grpc::ServerUnaryReactor* OverviewsService::GetParticipation(
    grpc::CallbackServerContext* context,
    const v1::GetParticipationRequest* request,
    v1::Participation* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::Participation> {
        ASSIGN_OR_RETURN(const CycleKey key, CycleOfParticipation(request->name()));
        RETURN_IF_ERROR(call.Authorize(AgencyObject(key.agency, request->name())));
        return database_.Read(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::Participation> {
              RETURN_IF_ERROR(CycleStore(tx).Get(key).status());
              const google::type::Date since = Since(tx, key.agency);
              v1::Participation reply;
              reply.set_name(request->name());
              for (v1::ParticipationCounts& unit : OverviewStore(tx).CountByUnit(key, since))
                *reply.add_units() = std::move(unit);
              for (v1::ParticipationCounts& leader :
                   OverviewStore(tx).CountByLeader(key, since, kLeadersShown))
                *reply.add_leaders() = std::move(leader);
              return reply;
            });
      });
}

grpc::ServerUnaryReactor* OverviewsService::RemindLeaders(grpc::CallbackServerContext* context,
                                                          const v1::RemindLeadersRequest* request,
                                                          v1::RemindLeadersResponse* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::RemindLeadersResponse> {
        ASSIGN_OR_RETURN(const CycleKey key, CycleOfParticipation(request->name()));
        RETURN_IF_ERROR(call.Authorize(AgencyObject(key.agency, request->name())));
        return database_.Write(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::RemindLeadersResponse> {
              RETURN_IF_ERROR(CycleStore(tx).Get(key).status());
              v1::RemindLeadersResponse reply;
              reply.set_leaders(RemindLateLeaders(tx, key));
              return reply;
            });
      });
}

}  // namespace teraju::evaluation
