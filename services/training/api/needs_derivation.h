// The operation that derives needs from results, feedback and competency assessments.
#pragma once

#include <memory>

#include "common/operations/operations.h"
#include "services/training/clients/evaluation_client.h"
#include "services/training/clients/feedback_client.h"
#include "teraju/training/v1/training_service.pb.h"

namespace teraju::training {

class NeedsDerivation {
 public:
  static constexpr char kKind[] = "needs.derive";

  NeedsDerivation(EvaluationClient& evaluation, FeedbackClient& feedback)
      : evaluation_(evaluation), feedback_(feedback) {}

  // FIELD_INVALID when the results or the feedback are another agency's.
  static absl::Status CheckAgency(const v1::DeriveNeedsRequest& request, const AgencyId& agency);

  // Reads both peers page by page, derives, and stores all of it in one step. A run that was cut
  // off begins again and finds unchanged what was stored before.
  absl::StatusOr<std::unique_ptr<google::protobuf::Message>> Run(operations::Work& work) const;

 private:
  EvaluationClient& evaluation_;
  FeedbackClient& feedback_;
};

}  // namespace teraju::training
