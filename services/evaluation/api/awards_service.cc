#include "services/evaluation/api/awards_service.h"

#include <optional>
#include <utility>
#include <vector>

#include "common/api/strong_id.h"
#include "common/errors/error.h"
#include "common/errors/field_violations.h"
#include "common/errors/status_macros.h"
#include "services/evaluation/api/access.h"
#include "services/evaluation/api/paging.h"
#include "services/evaluation/domain/cycle.h"
#include "services/evaluation/domain/timestamps.h"
#include "services/evaluation/domain/unit_result.h"
#include "services/evaluation/store/award_store.h"
#include "services/evaluation/store/cycle_store.h"
#include "teraju/evaluation/v1/error_reason.pb.h"

namespace teraju::evaluation {
namespace {

using Awards = std::vector<v1::Award>;

absl::Status CheckAnnual(const PeriodKey& period) {
  if (period.period == domain::kYear) return absl::OkStatus();
  errors::FieldViolations violations;
  violations.Add("period",
                 "NOT_ANNUAL",
                 "Penghargaan hanya diusulkan atas hasil tahunan (periods/year).",
                 "Awards are nominated on annual results only (periods/year).");
  return violations.ToStatus();
}

// FAILED_PRECONDITION: PERIODS_OPEN until the results are final, SHADOW_CYCLE.
absl::Status CheckPublished(postgres::Transaction& tx, const PeriodKey& key) {
  ASSIGN_OR_RETURN(v1::Cycle cycle, CycleStore(tx).Get(key.cycle_key()));
  RETURN_IF_ERROR(domain::CheckBinding(cycle));
  const v1::Period* period = FindPeriod(cycle, key.period);
  if (period != nullptr && period->state() == v1::Period::PUBLISHED) return absl::OkStatus();
  return errors::FailedPrecondition(v1::PERIODS_OPEN, "The results are not final.")
      .With("periods", key.period);
}

v1::Award ToAward(const PeriodKey& period, const AwardStore::Candidate& candidate, absl::Time now) {
  v1::Award award;
  award.set_name(kAwardName.Format({period.agency, NewUuid7(now)}));
  award.set_employee(PersonName(period.agency, candidate.employee));
  award.set_unit(UnitName(period.agency, candidate.unit));
  award.set_period(period.ToName());
  award.set_state(v1::Award::NOMINATED);
  award.set_evaluation(kEvaluationName.Format({period.agency, candidate.evaluation}));
  domain::SetTime(*award.mutable_create_time(), now);
  award.set_etag(api::MakeEtag(1));
  domain::ExplainAward(award, candidate.ground);
  return award;
}

}  // namespace

grpc::ServerUnaryReactor* AwardsService::ListAwards(grpc::CallbackServerContext* context,
                                                    const v1::ListAwardsRequest* request,
                                                    v1::ListAwardsResponse* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::ListAwardsResponse> {
        ASSIGN_OR_RETURN(const std::string agency, ParseAgency(request->parent(), "parent"));
        AwardQuery query;
        ASSIGN_OR_RETURN(query.scope, call.AuthorizeList(AgencyId(agency), request->parent()));
        ASSIGN_OR_RETURN(query.page, PageOf(*request));
        if (!request->period().empty()) {
          ASSIGN_OR_RETURN(query.period, ParsePeriod(request->period(), "period"));
        }
        query.caller = call.principal().subject;
        ASSIGN_OR_RETURN(
            Awards awards,
            database_.Read(call, [&](postgres::Transaction& tx) -> absl::StatusOr<Awards> {
              return AwardStore(tx).List(agency, query);
            }));
        v1::ListAwardsResponse reply;
        reply.set_next_page_token(
            FillPage(*request, query.page, std::move(awards), *reply.mutable_awards()));
        return reply;
      });
}

grpc::ServerUnaryReactor* AwardsService::NominateAwards(grpc::CallbackServerContext* context,
                                                        const v1::NominateAwardsRequest* request,
                                                        v1::NominateAwardsResponse* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::NominateAwardsResponse> {
        ASSIGN_OR_RETURN(const std::string agency, ParseAgency(request->parent(), "parent"));
        RETURN_IF_ERROR(call.Authorize(AgencyObject(agency, request->parent())));
        ASSIGN_OR_RETURN(const PeriodKey period, ParsePeriod(request->period(), "period"));
        if (period.agency != agency) return errors::Denied(call.permission(), request->period());
        RETURN_IF_ERROR(CheckAnnual(period));
        return database_.Write(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::NominateAwardsResponse> {
              RETURN_IF_ERROR(CheckPublished(tx, period));
              AwardStore store(tx);
              Awards awards;
              for (const AwardStore::Candidate& candidate :
                   store.FindCandidates(period, request->share_percent())) {
                awards.push_back(ToAward(period, candidate, call.time()));
                RecordChange(tx, awards.back().name(), "award.nominated");
              }
              store.Insert(period, awards);
              v1::NominateAwardsResponse reply;
              for (v1::Award& award : awards) *reply.add_awards() = std::move(award);
              return reply;
            });
      });
}

grpc::ServerUnaryReactor* AwardsService::ConfirmAward(grpc::CallbackServerContext* context,
                                                      const v1::ConfirmAwardRequest* request,
                                                      v1::Award* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::Award> {
        ASSIGN_OR_RETURN(const Key key, ParseKey(kAwardName, request->name(), "name"));
        RETURN_IF_ERROR(call.Authorize(AgencyObject(key.agency, request->name())));
        const std::string by = PersonName(key.agency, call.principal().subject);
        return database_.Write(call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::Award> {
          RecordChange(
              tx, request->name(), request->confirmed() ? "award.confirmed" : "award.declined");
          return AwardStore(tx).Update(
              key, api::Precondition::FromEtag(request->etag()), [&](v1::Award& award) {
                return domain::DecideAward(award, request->confirmed(), by, request->comment());
              });
        });
      });
}

}  // namespace teraju::evaluation
