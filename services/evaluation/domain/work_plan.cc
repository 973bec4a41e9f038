#include "services/evaluation/domain/work_plan.h"

#include <algorithm>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/api/resource_name.h"
#include "common/decimal/decimal.h"
#include "common/decimal/proto_decimal.h"
#include "common/errors/error.h"
#include "common/errors/field_violations.h"
#include "common/errors/status_macros.h"
#include "services/evaluation/domain/timestamps.h"
#include "teraju/evaluation/v1/error_reason.pb.h"

namespace teraju::evaluation::domain {
namespace {

std::string StateName(v1::WorkPlan::State state) { return v1::WorkPlan::State_Name(state); }

absl::Status WrongState(const v1::WorkPlan& plan, PlanAction action) {
  if (action == PlanAction::kEdit) {
    return errors::FailedPrecondition(v1::WORK_PLAN_NOT_EDITABLE,
                                      "The plan cannot be changed in this state.")
        .With("state", StateName(plan.state()));
  }
  return errors::FailedPrecondition(v1::WORK_PLAN_WRONG_STATE, "The plan is in another state.")
      .With("state", StateName(plan.state()))
      .With("allowed",
            AllowedStates(std::span<const PlanTransition>(kPlanTransitions), action, StateName));
}

absl::Status Move(v1::WorkPlan& plan, PlanAction action) {
  const auto next = Next(std::span<const PlanTransition>(kPlanTransitions), plan.state(), action);
  if (!next.has_value()) return WrongState(plan, action);
  plan.set_state(*next);
  return absl::OkStatus();
}

// Gives `prefix` and a number above all that are in use to elements without an id; reports ids that
// stand twice.
template <typename Elements, typename GetId, typename SetId>
void CompleteIds(Elements& elements,
                 char prefix,
                 GetId get,
                 SetId set,
                 const std::string& path,
                 errors::FieldViolations& violations) {
  std::set<std::string> used;
  for (int i = 0; i < elements.size(); ++i) {
    const std::string& id = get(elements[i]);
    if (id.empty() || used.insert(id).second) continue;
    violations.Add(absl::StrCat(path, "[", i, "]"),
                   "DUPLICATE_ID",
                   "Pengenal ini dipakai dua kali. Kosongkan agar diberi oleh sistem.",
                   "This id stands twice. Leave it empty to have it given.");
  }
  int number = 0;
  for (auto& element : elements) {
    if (!get(element).empty()) continue;
    std::string id;
    do {
      id = absl::StrCat(std::string(1, prefix), ++number);
    } while (!used.insert(id).second);
    set(element, std::move(id));
  }
}

void CheckTarget(const v1::ItemIndicator& indicator,
                 const std::string& path,
                 errors::FieldViolations& violations) {
  const absl::StatusOr<Decimal> target = FromProto(indicator.target());
  if (!target.ok() || target->sign() < 0) {
    violations.Add(path + ".target",
                   "OUT_OF_RANGE",
                   "Target harus angka nol atau lebih.",
                   "The target must be a number of zero or more.");
    return;
  }
  if (target->sign() == 0 && indicator.polarity() == v1::ItemIndicator::HIGHER_IS_BETTER &&
      !indicator.has_target_upper()) {
    violations.Add(path + ".target",
                   "OUT_OF_RANGE",
                   "Target nol hanya untuk indikator yang makin rendah makin baik.",
                   "A target of zero is only for an indicator where lower is better.");
  }
  if (!indicator.has_target_upper()) return;
  const absl::StatusOr<Decimal> upper = FromProto(indicator.target_upper());
  if (!upper.ok() || *upper <= *target || target->sign() == 0) {
    violations.Add(
        path + ".targetUpper",
        "OUT_OF_RANGE",
        "Batas atas target harus lebih besar dari batas bawah, dan batas bawah lebih dari nol.",
        "The upper end of the target must be above the lower end, and the lower end above zero.");
  }
}

void CheckWeight(const v1::ItemIndicator& indicator,
                 const std::string& path,
                 errors::FieldViolations& violations) {
  if (!indicator.has_weight()) return;
  const absl::StatusOr<Decimal> weight = FromProto(indicator.weight());
  if (weight.ok() && weight->sign() > 0) return;
  violations.Add(path + ".weight",
                 "OUT_OF_RANGE",
                 "Bobot harus angka lebih dari nol. Kosongkan bila semua sama.",
                 "The weight must be a number above zero. Leave it out where all count alike.");
}

// Which part of the superior's target an item is.
void CheckShare(const google::type::Decimal& share,
                bool given,
                v1::WorkPlanItem::SupportsKind kind,
                const std::string& path,
                errors::FieldViolations& violations) {
  if (!given) return;
  const absl::StatusOr<Decimal> value = FromProto(share);
  if (kind == v1::WorkPlanItem::DIRECT && value.ok() && value->sign() > 0 && *value <= Decimal(100))
    return;
  violations.Add(path + "supportsShare",
                 "OUT_OF_RANGE",
                 "Porsi hanya untuk dukungan langsung, lebih dari 0 sampai 100 persen.",
                 "A share is for direct support only, above 0 and up to 100 percent.");
}

// What the plan's style asks of an item.
void CheckStyle(const v1::WorkPlan& plan,
                const v1::WorkPlanItem& item,
                const std::string& path,
                errors::FieldViolations& violations) {
  if (plan.style() == v1::WorkPlan::QUALITATIVE) {
    if (!item.expectation().empty()) return;
    violations.Add(path + ".expectation",
                   "REQUIRED",
                   "SKP kualitatif: tuliskan ekspektasi pimpinan atas hasil kerja ini.",
                   "A qualitative plan: say what the leader expects of this result.");
  } else if (item.indicators().empty()) {
    violations.Add(path + ".indicators",
                   "REQUIRED",
                   "Tambahkan sedikitnya satu indikator dengan target.",
                   "Add at least one indicator with a target.");
  }
}

}  // namespace

std::string_view ActionName(PlanAction action) {
  switch (action) {
    case PlanAction::kEdit:
      return "update";
    case PlanAction::kExpect:
      return "setExpectations";
    case PlanAction::kOfferHelp:
      return "offerHelp";
    case PlanAction::kConfirmSupport:
      return "confirmSupport";
    case PlanAction::kAmend:
      return "amend";
    case PlanAction::kSubmit:
      return "submit";
    case PlanAction::kReturn:
      return "return";
    case PlanAction::kApprove:
      return "approve";
  }
  return "";
}

absl::Status EditWorkPlan(v1::WorkPlan& plan) {
  RETURN_IF_ERROR(Move(plan, PlanAction::kEdit));
  for (v1::WorkPlanItem& item : *plan.mutable_items()) {
    item.clear_supports_revision();
    item.clear_supports_state();
  }
  return CheckContents(plan, "workPlan");
}

absl::Status CheckContents(v1::WorkPlan& plan, const std::string& root) {
  errors::FieldViolations violations;
  CompleteIds(
      *plan.mutable_items(),
      'h',
      [](const v1::WorkPlanItem& i) -> const std::string& { return i.item_id(); },
      [](v1::WorkPlanItem& i, std::string id) { i.set_item_id(std::move(id)); },
      root + ".items",
      violations);
  for (int i = 0; i < plan.items_size(); ++i) {
    v1::WorkPlanItem& item = *plan.mutable_items(i);
    const std::string own = absl::StrCat(root, ".items[", i, "]");
    CheckStyle(plan, item, own, violations);
    CheckShare(item.supports_share(),
               item.has_supports_share(),
               item.supports_kind(),
               own + ".",
               violations);
    const std::string path = own + ".indicators";
    CompleteIds(
        *item.mutable_indicators(),
        'k',
        [](const v1::ItemIndicator& k) -> const std::string& { return k.indicator_id(); },
        [](v1::ItemIndicator& k, std::string id) { k.set_indicator_id(std::move(id)); },
        path,
        violations);
    for (int k = 0; k < item.indicators_size(); ++k) {
      const std::string place = absl::StrCat(path, "[", k, "]");
      CheckTarget(item.indicators(k), place, violations);
      CheckWeight(item.indicators(k), place, violations);
    }
  }
  return violations.ToStatus();
}

absl::Status CheckHasMain(const v1::WorkPlan& plan) {
  const bool has_main =
      std::any_of(plan.items().begin(), plan.items().end(), [](const v1::WorkPlanItem& item) {
        return item.kind() == v1::WorkPlanItem::MAIN;
      });
  if (!has_main)
    return errors::FailedPrecondition(v1::WORK_PLAN_EMPTY, "The plan has no main result.");
  return absl::OkStatus();
}

absl::Status SubmitWorkPlan(v1::WorkPlan& plan, absl::Time now) {
  RETURN_IF_ERROR(Move(plan, PlanAction::kSubmit));
  RETURN_IF_ERROR(CheckHasMain(plan));
  plan.set_revision(plan.revision() + 1);
  SetTime(*plan.mutable_submit_time(), now);
  return absl::OkStatus();
}

absl::Status SetExpectations(v1::WorkPlan& plan) { return Move(plan, PlanAction::kExpect); }

absl::Status OfferHelp(v1::WorkPlan& plan, const v1::HelpOffer& offer, absl::Time now) {
  RETURN_IF_ERROR(Move(plan, PlanAction::kOfferHelp));
  errors::FieldViolations violations;
  const std::string employees =
      absl::StrCat("agencies/", std::string(api::AgencyOf(plan.name())), "/employees/");
  if (offer.helper().empty() == offer.course().empty()) {
    violations.Add("helper",
                   "INVALID",
                   "Sebutkan satu saja: siapa yang membantu, atau kursusnya.",
                   "Name one of both: who helps, or the course.");
  } else if (!offer.helper().empty() && (!absl::StartsWith(offer.helper(), employees) ||
                                         offer.helper() == plan.snapshot().employee())) {
    violations.Add("helper",
                   "INVALID",
                   "Sebutkan pegawai lain dari instansi ini.",
                   "Name another employee of this agency.");
  }
  RETURN_IF_ERROR(violations.ToStatus());
  *plan.mutable_help_offer() = offer;
  SetTime(*plan.mutable_help_offer()->mutable_offer_time(), now);
  return absl::OkStatus();
}

absl::Status ConfirmSupport(v1::WorkPlan& plan,
                            const v1::ConfirmSupportRequest& request,
                            const IndicatorRevisions& revisions) {
  RETURN_IF_ERROR(Move(plan, PlanAction::kConfirmSupport));
  errors::FieldViolations violations;
  CheckShare(request.supports_share(),
             request.has_supports_share(),
             request.supports_kind(),
             "",
             violations);
  RETURN_IF_ERROR(violations.ToStatus());
  for (v1::WorkPlanItem& item : *plan.mutable_items()) {
    if (item.item_id() != request.item_id()) continue;
    item.set_supports(request.supports());
    item.set_supports_kind(request.supports_kind());
    item.clear_supports_share();
    if (request.has_supports_share()) *item.mutable_supports_share() = request.supports_share();
    item.set_supports_state(v1::WorkPlanItem::CONFIRMED);
    const auto found = revisions.find(request.supports());
    item.set_supports_revision(found == revisions.end() ? "" : found->second);
    return absl::OkStatus();
  }
  return errors::InvalidArgument(v1::ITEM_UNKNOWN, "The plan has no such item.")
      .With("item", request.item_id());
}

absl::Status ReturnWorkPlan(v1::WorkPlan& plan, std::string_view comment) {
  RETURN_IF_ERROR(Move(plan, PlanAction::kReturn));
  plan.set_return_comment(std::string(comment));
  return absl::OkStatus();
}

absl::Status ApproveWorkPlan(v1::WorkPlan& plan,
                             const IndicatorRevisions& revisions,
                             absl::Time now) {
  RETURN_IF_ERROR(Move(plan, PlanAction::kApprove));
  for (v1::WorkPlanItem& item : *plan.mutable_items()) {
    const auto found = revisions.find(item.supports());
    if (found != revisions.end()) item.set_supports_revision(found->second);
  }
  SetTime(*plan.mutable_approve_time(), now);
  return absl::OkStatus();
}

const v1::WorkPlanItem* FindItem(const v1::WorkPlan& plan, std::string_view item_id) {
  const auto found =
      std::find_if(plan.items().begin(), plan.items().end(), [&](const v1::WorkPlanItem& item) {
        return item.item_id() == item_id;
      });
  return found == plan.items().end() ? nullptr : &*found;
}

const v1::ItemIndicator* FindIndicator(const v1::WorkPlanItem& item,
                                       std::string_view indicator_id) {
  const auto found = std::find_if(
      item.indicators().begin(), item.indicators().end(), [&](const v1::ItemIndicator& indicator) {
        return indicator.indicator_id() == indicator_id;
      });
  return found == item.indicators().end() ? nullptr : &*found;
}

}  // namespace teraju::evaluation::domain
