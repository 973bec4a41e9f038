// The reference of R20: what people may do with a plan, a result and an objection, and what comes
// of it.
#pragma once

#include <string>

namespace teraju::resilience {

inline constexpr char kDone[] = "";

enum class Command {
  kEdit,
  kSubmit,
  kReturn,
  kApprove,
  kApproveOwn,
  kSubmitSelf,
  kRate,
  kAcknowledge,
  kObject,
  kRespond,
  kUphold,
  kOverride,
  kWithdraw
};
inline constexpr int kKinds = 13;
inline constexpr int kKindsWithoutObjection = static_cast<int>(Command::kRespond);

// One person's plan, result and objection.
struct Life {
  bool planted_fault = false;  // believes that a returned plan can be approved
  std::string plan = "DRAFT";
  bool written = false;
  bool scored = false;
  std::string result = "OPEN";
  std::string rating;
  std::string objection;  // none yet

  bool final_result() const { return result == "FINAL" || result == "ACKNOWLEDGED"; }
  bool disputed() const { return objection == "FILED" || objection == "HEARD"; }

  std::string Move(bool allowed, const char* to, const char* refusal, std::string& state) {
    if (!allowed) return refusal;
    state = to;
    return kDone;
  }

  // Does it: kDone, or the reason of the refusal. `set` is the rating that a rating or override
  // sets.
  std::string Apply(Command command, const std::string& set) {
    const bool draft = plan == "DRAFT" || plan == "RETURNED";
    switch (command) {
      case Command::kEdit:
        written = written || draft;
        return draft ? kDone : "WORK_PLAN_NOT_EDITABLE";
      case Command::kSubmit:
        if (draft && !written) return "WORK_PLAN_EMPTY";
        return Move(draft, "SUBMITTED", "WORK_PLAN_WRONG_STATE", plan);
      case Command::kReturn:
        return Move(plan == "SUBMITTED", "RETURNED", "WORK_PLAN_WRONG_STATE", plan);
      case Command::kApprove:
        return Move(plan == "SUBMITTED" || (planted_fault && plan == "RETURNED"),
                    "APPROVED",
                    "WORK_PLAN_WRONG_STATE",
                    plan);
      case Command::kApproveOwn:
        return "PERMISSION_DENIED";
      case Command::kSubmitSelf:
        if (final_result()) return "EVALUATION_FINAL";
        return result == "OPEN" ? kDone : "EVALUATION_RATED";
      case Command::kRate:
        if (!scored) return "PERIOD_NOT_SCORED";
        if (final_result()) return "EVALUATION_FINAL";
        rating = set;
        result = "RATED";
        return kDone;
      case Command::kAcknowledge:
        return Move(final_result(), "ACKNOWLEDGED", "EVALUATION_NOT_FINAL", result);
      case Command::kObject:
        if (!final_result()) return "EVALUATION_NOT_FINAL";
        return Move(
            objection.empty() || objection == "WITHDRAWN", "FILED", "OBJECTION_EXISTS", objection);
      case Command::kRespond:
        return Move(disputed(), "HEARD", "OBJECTION_WRONG_STATE", objection);
      case Command::kUphold:
      case Command::kOverride:
        if (!disputed()) return "OBJECTION_WRONG_STATE";
        if (objection == "FILED") return "OBJECTION_NOT_HEARD";
        if (command == Command::kOverride && set == rating) return "OBJECTION_CHANGES_NOTHING";
        objection = command == Command::kUphold ? "RESULT_UPHELD" : "RESULT_CHANGED";
        if (command == Command::kUphold) return kDone;
        rating = set;
        result = "FINAL";
        return kDone;
      case Command::kWithdraw:
        return Move(disputed(), "WITHDRAWN", "OBJECTION_WRONG_STATE", objection);
    }
    return "";
  }
};

}  // namespace teraju::resilience
