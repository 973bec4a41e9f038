#include "tests/contract/methods.h"

#include "google/api/annotations.pb.h"
#include "teraju/audit/v1/audit_events.pb.h"
#include "teraju/audit/v1/audit_logs.pb.h"
#include "teraju/catalog/v1/catalog_service.pb.h"
#include "teraju/catalog/v1/method_service.pb.h"
#include "teraju/changes/v1/changes.pb.h"
#include "teraju/evaluation/v1/annual_results_service.pb.h"
#include "teraju/evaluation/v1/calibration_service.pb.h"
#include "teraju/evaluation/v1/cascade_service.pb.h"
#include "teraju/evaluation/v1/competencies_service.pb.h"
#include "teraju/evaluation/v1/cycles_service.pb.h"
#include "teraju/evaluation/v1/deadlines_service.pb.h"
#include "teraju/evaluation/v1/development_service.pb.h"
#include "teraju/evaluation/v1/evaluations_service.pb.h"
#include "teraju/evaluation/v1/fairness_service.pb.h"
#include "teraju/evaluation/v1/guidance_service.pb.h"
#include "teraju/evaluation/v1/measurements_service.pb.h"
#include "teraju/evaluation/v1/objections_service.pb.h"
#include "teraju/evaluation/v1/overview_service.pb.h"
#include "teraju/evaluation/v1/plan_changes_service.pb.h"
#include "teraju/evaluation/v1/public_reports_service.pb.h"
#include "teraju/evaluation/v1/rating_practices_service.pb.h"
#include "teraju/evaluation/v1/recomputations_service.pb.h"
#include "teraju/evaluation/v1/rehearsals_service.pb.h"
#include "teraju/evaluation/v1/sharing_service.pb.h"
#include "teraju/evaluation/v1/vacancies_service.pb.h"
#include "teraju/evaluation/v1/weakness_service.pb.h"
#include "teraju/evaluation/v1/work_plans_service.pb.h"
#include "teraju/feedback/v1/feedback_service.pb.h"
#include "teraju/feedback/v1/improvements_service.pb.h"
#include "teraju/identity/v1/access_service.pb.h"
#include "teraju/identity/v1/delegations_service.pb.h"
#include "teraju/identity/v1/employees_service.pb.h"
#include "teraju/identity/v1/imports_service.pb.h"
#include "teraju/identity/v1/organisation_service.pb.h"
#include "teraju/identity/v1/revisions_service.pb.h"
#include "teraju/training/v1/mentoring_preferences_service.pb.h"
#include "teraju/training/v1/training_service.pb.h"

namespace teraju::contract {

using google::protobuf::FileDescriptor;
using google::protobuf::MethodDescriptor;

std::vector<const FileDescriptor*> Files() {
  return {audit::v1::AuditEvent::descriptor()->file(),
          audit::v1::CheckAuditLogRequest::descriptor()->file(),
          catalog::v1::GetGoalRequest::descriptor()->file(),
          catalog::v1::Method::descriptor()->file(),
          changes::v1::Change::descriptor()->file(),
          evaluation::v1::GetAnnualResultRequest::descriptor()->file(),
          evaluation::v1::CalibrationSession::descriptor()->file(),
          evaluation::v1::GetCascadeReportRequest::descriptor()->file(),
          evaluation::v1::CompetencyAssessment::descriptor()->file(),
          evaluation::v1::GetCycleRequest::descriptor()->file(),
          evaluation::v1::Deadline::descriptor()->file(),
          evaluation::v1::DevelopmentProgramme::descriptor()->file(),
          evaluation::v1::GetEvaluationRequest::descriptor()->file(),
          evaluation::v1::FairnessReport::descriptor()->file(),
          evaluation::v1::Measurement::descriptor()->file(),
          evaluation::v1::GetMeetingRequest::descriptor()->file(),
          evaluation::v1::GetObjectionRequest::descriptor()->file(),
          evaluation::v1::Participation::descriptor()->file(),
          evaluation::v1::PlanAmendment::descriptor()->file(),
          evaluation::v1::PublicReport::descriptor()->file(),
          evaluation::v1::RatingPractice::descriptor()->file(),
          evaluation::v1::Recomputation::descriptor()->file(),
          evaluation::v1::RehearsalReport::descriptor()->file(),
          evaluation::v1::SharingAgreement::descriptor()->file(),
          evaluation::v1::Vacancy::descriptor()->file(),
          evaluation::v1::WeaknessAccess::descriptor()->file(),
          evaluation::v1::GetWorkPlanRequest::descriptor()->file(),
          feedback::v1::GetCampaignRequest::descriptor()->file(),
          feedback::v1::GetImprovementActionRequest::descriptor()->file(),
          identity::v1::SignInRequest::descriptor()->file(),
          identity::v1::GetEmployeeRequest::descriptor()->file(),
          identity::v1::GetImportJobRequest::descriptor()->file(),
          identity::v1::Delegation::descriptor()->file(),
          identity::v1::GetAgencyRequest::descriptor()->file(),
          identity::v1::ListRevisionsRequest::descriptor()->file(),
          training::v1::GetCourseRequest::descriptor()->file(),
          training::v1::MentoringPreference::descriptor()->file()};
}

std::vector<const MethodDescriptor*> Methods() {
  std::vector<const MethodDescriptor*> methods;
  for (const FileDescriptor* file : Files()) {
    for (int i = 0; i < file->service_count(); ++i) {
      for (int j = 0; j < file->service(i)->method_count(); ++j) {
        methods.push_back(file->service(i)->method(j));
      }
    }
  }
  return methods;
}

const options::v1::Access& AccessOf(const MethodDescriptor& method) {
  return method.options().GetExtension(options::v1::access);
}

std::pair<std::string, std::string> RouteOf(const MethodDescriptor& method) {
  const auto& rule = method.options().GetExtension(google::api::http);
  switch (rule.pattern_case()) {
    case google::api::HttpRule::kGet:
      return {"GET", rule.get()};
    case google::api::HttpRule::kPost:
      return {"POST", rule.post()};
    case google::api::HttpRule::kPatch:
      return {"PATCH", rule.patch()};
    case google::api::HttpRule::kDelete:
      return {"DELETE", rule.delete_()};
    default:
      return {};
  }
}

}  // namespace teraju::contract
