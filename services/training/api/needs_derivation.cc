#include "services/training/api/needs_derivation.h"

#include <string>

#include "common/api/resource_name.h"
#include "common/errors/field_violations.h"
#include "common/errors/status_macros.h"
#include "common/postgres/record_change.h"
#include "services/training/domain/derivation.h"
#include "services/training/store/need_store.h"

namespace teraju::training {
namespace {

void CheckField(const std::string& name,
                const char* field,
                const AgencyId& agency,
                errors::FieldViolations& violations) {
  if (name.empty() || api::AgencyOf(name) == agency.value()) return;
  violations.Add(
      field, "OTHER_AGENCY", "Harus milik instansi yang sama.", "Must belong to the same agency.");
}

}  // namespace

absl::Status NeedsDerivation::CheckAgency(const v1::DeriveNeedsRequest& request,
                                          const AgencyId& agency) {
  errors::FieldViolations violations;
  CheckField(request.period(), "period", agency, violations);
  CheckField(request.feedback_campaign(), "feedbackCampaign", agency, violations);
  return violations.ToStatus();
}

absl::StatusOr<std::unique_ptr<google::protobuf::Message>> NeedsDerivation::Run(
    operations::Work& work) const {
  auto response = std::make_unique<v1::DeriveNeedsResponse>();
  v1::DeriveNeedsRequest request;
  work.request().UnpackTo(&request);
  ASSIGN_OR_RETURN(const auto appraisals,
                   evaluation_.ListAppraisals(work.call(), request.period()));
  std::vector<domain::TopicFeedback> feedback;
  if (!request.feedback_campaign().empty()) {
    ASSIGN_OR_RETURN(feedback, feedback_.ListTopics(work.call(), request.feedback_campaign()));
  }
  ASSIGN_OR_RETURN(const auto gaps, evaluation_.ListCompetencyGaps(work.call(), request.period()));
  ASSIGN_OR_RETURN(const std::vector<v1::Need> needs,
                   domain::DeriveNeeds(appraisals, feedback, gaps));
  const auto count = static_cast<std::int64_t>(needs.size());
  RETURN_IF_ERROR(work.Step("", count, count, [&](postgres::Transaction& tx) {
    const DerivationCounts counts =
        NeedStore(tx).Derive(AgencyId(work.agency()), request.fiscal_year(), needs);
    response->set_from_results(counts.from_results);
    response->set_from_feedback(counts.from_feedback);
    response->set_from_competencies(counts.from_competencies);
    response->set_unchanged(counts.unchanged);
    RecordChange(tx, request.parent(), "needs.derived");
    return absl::OkStatus();
  }));
  return response;
}

}  // namespace teraju::training
