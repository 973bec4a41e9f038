#include "tests/security/text_fields.h"

#include "absl/strings/str_split.h"
#include "google/api/field_behavior.pb.h"
#include "google/api/field_info.pb.h"
#include "google/api/resource.pb.h"
#include "google/protobuf/descriptor.h"
#include "teraju/options/v1/options.pb.h"
#include "tests/contract/methods.h"

namespace teraju::security {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::MethodDescriptor;

bool IsOutput(const FieldDescriptor& field) {
  const auto& options = field.options();
  for (int i = 0; i < options.ExtensionSize(google::api::field_behavior); ++i) {
    if (options.GetExtension(google::api::field_behavior, i) == google::api::OUTPUT_ONLY)
      return true;
  }
  return false;
}

// Names of resources, codes, ids and secrets: fields without a length of their own that hold no
// prose. Any other such field may hold 1,000 characters and is a text.
const std::set<std::string>& Names() {
  static constexpr char kNames[] =
      "after_period agency agreement attendants before_period budget child_units choice "
      "citizen_survey client code competency competency_standard corrects course cycle "
      "cycle_period decider delegator dropped_offerings employee etag evaluation evidence "
      "external_id feedback_campaign goal helper indicator item_id key_id kind "
      "known_refresh_token languages lead local_pack login mandatary mandator method name needs "
      "new_password nip owner pack parent parent_goal password period persons portal_secret "
      "present_password provider questionnaire ratee rater reached_goals refresh_token "
      "response_token result set source state successor successors support_requests unit units";
  static const std::set<std::string>& names =
      *new std::set<std::string>(absl::StrSplit(kNames, ' '));
  return names;
}

// Whether somebody writes prose into it: what has a form of its own is shorter.
bool IsText(const FieldDescriptor& field) {
  constexpr int kShortestText = 50;
  const auto& options = field.options();
  if (field.type() != FieldDescriptor::TYPE_STRING || IsOutput(field)) return false;
  const options::v1::Rules& rules = options.GetExtension(options::v1::rules);
  if (rules.max_length() > 0) return rules.max_length() >= kShortestText;
  return rules.format() == options::v1::FORMAT_UNSPECIFIED &&
         !options.HasExtension(google::api::resource_reference) &&
         !options.HasExtension(google::api::field_info) && !Names().contains(field.name());
}

std::string Short(const std::string& full_name) {
  return full_name.substr(std::string("teraju.").size());
}

void Collect(const Descriptor& message,
             const std::string& path,
             std::set<const Descriptor*> above,
             std::vector<TextField>& fields) {
  if (!message.full_name().starts_with("teraju.") || !above.insert(&message).second) return;
  for (int i = 0; i < message.field_count(); ++i) {
    const FieldDescriptor& field = *message.field(i);
    const std::string place = path + field.name() + (field.is_repeated() ? "[]" : "");
    if (IsText(field)) fields.push_back({place, Short(field.full_name())});
    if (field.message_type() != nullptr && !IsOutput(field))
      Collect(*field.message_type(), place + ".", above, fields);
  }
}

}  // namespace

std::vector<TextField> TextFields() {
  std::vector<TextField> fields;
  for (const MethodDescriptor* method : contract::Methods()) {
    const std::string verb = contract::RouteOf(*method).first;
    if (verb != "POST" && verb != "PATCH") continue;
    Collect(*method->input_type(), Short(method->full_name()) + ":", {}, fields);
  }
  return fields;
}

const std::vector<Excuse>& Excuses() {
  static const std::vector<Excuse>& excuses = *new std::vector<Excuse>{
      // Names and codes of what is there: refused, or of no effect, as anything else.
      {"identity.v1.RoleBinding.subject", "the name of a person or program"},
      {"identity.v1.RoleBinding.role", "a role of the table of permissions"},
      {"identity.v1.Mandate.scopes", "permissions"},
      {"identity.v1.ApiClient.scopes", "permissions"},
      {"evaluation.v1.CalibrationSession.attendants", "names of persons"},
      {"evaluation.v1.WorkPlanItem.supports", "the name of a goal, an indicator or a result"},
      {"evaluation.v1.ConfirmSupportRequest.supports", "the name of a result"},
      {"evaluation.v1.ProjectTeam.supports", "the name of a goal, an indicator or a result"},
      {"evaluation.v1.BehaviorExpectation.behavior", "the code of a behaviour of the catalog"},
      {"evaluation.v1.FeedbackNote.behavior", "the code of a behaviour of the catalog"},
      {"evaluation.v1.Figure.name", "an input of the policy pack"},
      {"evaluation.v1.FigureValue.name", "a field of an input of the policy pack"},
      {"feedback.v1.ImprovementAction.element", "U1 to U9 of a survey"},
      {"feedback.v1.Responses.SubmitCitizenResponse:answers[].item_id", "one of nine of a survey"},
      // Not kept.
      {"catalog.v1.LintIndicatorRequest.title", "computes, keeps and repeats nothing"},
      {"catalog.v1.LintIndicatorRequest.unit_of_measure", "computes, keeps and repeats nothing"},
      {"catalog.v1.LintIndicatorRequest.data_source", "computes, keeps and repeats nothing"},
      {"catalog.v1.EvaluatePolicyPackRequest.inputs", "computes, keeps nothing; a document"},
      {"training.v1.AllocationPlans.SimulateAllocationPlan:focuses[].topic", "computes"},
      {"training.v1.AllocationPlans.SimulateAllocationPlan:added_offerings[].offering.partner",
       "computes, keeps nothing"},
      {"evaluation.v1.CompetencyAssessments.AssessOwnCompetencies:levels[].evidence",
       "of the person's own view it is not kept"},
      {"evaluation.v1.PlanAmendments.CreatePlanAmendment:amendment.contents."
       "behavior_expectations[].text",
       "what the leader expects stays as it is"},
      {"evaluation.v1.PlanAmendments.UpdatePlanAmendment:amendment.contents."
       "behavior_expectations[].text",
       "what the leader expects stays as it is"},
      {"evaluation.v1.PlanTemplates.CreatePlanTemplate:plan_template.contents."
       "behavior_expectations[].text",
       "a template does not say what a leader expects"}};
  return excuses;
}

Gaps FindGaps(const std::vector<TextField>& fields,
              const std::set<std::string>& tried,
              const std::vector<Excuse>& excuses) {
  Gaps gaps;
  std::set<std::string> used;
  for (const TextField& field : fields) {
    if (tried.contains(field.place)) continue;
    std::string excuse;
    for (const Excuse& one : excuses) {
      if (one.field == field.place || one.field == field.declared) excuse = one.field;
    }
    if (excuse.empty()) {
      gaps.forgotten.push_back(field.place);
    } else {
      ++gaps.excused;
      used.insert(excuse);
    }
  }
  for (const Excuse& one : excuses) {
    if (!used.contains(one.field)) gaps.needless.push_back(one.field);
  }
  return gaps;
}

}  // namespace teraju::security
