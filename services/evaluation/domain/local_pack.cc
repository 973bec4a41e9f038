#include "services/evaluation/domain/local_pack.h"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/decimal/proto_decimal.h"
#include "common/engines/rules/bound_inputs.h"
#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "common/time/period.h"
#include "services/evaluation/domain/cycle.h"

namespace teraju::evaluation::domain {
namespace {

using Kind = rules::InputField::Kind;
using rules::Json;

struct ComputedInput {
  std::string_view name;
  Kind kind;
};
constexpr ComputedInput kComputed[] = {{"indicators", Kind::kList},
                                       {"goals", Kind::kList},
                                       {"result_rating", Kind::kChoice},
                                       {"behavior_rating", Kind::kChoice},
                                       {"superior", Kind::kNumber},
                                       {"peers", Kind::kNumber},
                                       {"subordinates", Kind::kNumber},
                                       {"days", Kind::kNumber}};

// A number keeps every digit; what is none is kept as text, which no number input takes.
Json NumberInput(const google::type::Decimal& number) {
  const absl::StatusOr<Decimal> value = FromProto(number);
  return value.ok() ? Json(*value) : Json(number.value());
}

Json ListInput(const v1::FigureList& list) {
  Json entries = Json::Array();
  for (const v1::FigureEntry& entry : list.entries()) {
    Json one = Json::Object();
    if (!entry.key().empty()) one.Set("key", entry.key());
    for (const v1::FigureValue& value : entry.values()) {
      if (value.has_number()) one.Set(value.name(), NumberInput(value.number()));
      if (value.has_choice()) one.Set(value.name(), value.choice());
      if (value.has_flag()) one.Set(value.name(), value.flag());
    }
    entries.items.push_back(std::move(one));
  }
  return entries;
}

// The member of the figure that an input of this kind is given by.
std::pair<v1::Figure::ValueCase, std::string> MemberFor(Kind kind) {
  switch (kind) {
    case Kind::kNumber:
      return {v1::Figure::kNumber, "number"};
    case Kind::kChoice:
      return {v1::Figure::kChoice, "choice"};
    case Kind::kFlag:
      return {v1::Figure::kFlag, "flag"};
    case Kind::kList:
      return {v1::Figure::kList, "list"};
  }
  return {v1::Figure::VALUE_NOT_SET, ""};
}

class FigureChecker {
 public:
  FigureChecker(const LocalPack& pack,
                const rules::Method& method,
                errors::FieldViolations& violations)
      : pack_(pack), method_(method), violations_(violations) {}

  void Check(const v1::Figure& figure, const std::string& path) {
    const auto input = std::find_if(
        method_.inputs.begin(), method_.inputs.end(), [&](const rules::InputField& one) {
          return one.name == figure.name();
        });
    if (input == method_.inputs.end()) {
      const std::string known = Enterable();
      violations_.Add(path + ".name",
                      "UNKNOWN_FIGURE",
                      "Paket tidak mengenal angka ini. Yang dikenal: " + known + ".",
                      "The pack does not know this figure. It knows: " + known + ".");
    } else if (IsComputed(*input)) {
      violations_.Add(path + ".name",
                      "COMPUTED_FIGURE",
                      "Angka ini dihitung dari SKP, penilaian atau umpan balik. Hapus dari sini.",
                      "This figure is computed from plan, ratings or feedback. Remove it here.");
    } else if (!names_.insert(figure.name()).second) {
      violations_.Add(path + ".name",
                      "DUPLICATE",
                      "Angka ini disebut dua kali. Hapus salah satu.",
                      "This figure stands twice. Remove one.");
    } else if (figure.value_case() != v1::Figure::VALUE_NOT_SET) {
      CheckValue(*input, figure, path);
    }
  }

 private:
  std::string Enterable() const {
    std::vector<std::string> names;
    for (const rules::InputField& input : method_.inputs) {
      if (!IsComputed(input)) names.push_back(input.name);
    }
    return names.empty() ? "-" : absl::StrJoin(names, ", ");
  }

  void CheckValue(const rules::InputField& input,
                  const v1::Figure& figure,
                  const std::string& path) {
    const auto [wanted, member] = MemberFor(input.kind);
    if (figure.value_case() != wanted) {
      violations_.Add(path,
                      "WRONG_KIND",
                      absl::StrCat("Angka ini diisi pada `", member, "`."),
                      absl::StrCat("Give this figure as `", member, "`."));
      return;
    }
    Json inputs = Json::Object();
    inputs.Set(input.name, ToInput(figure));
    errors::FieldViolations found;
    rules::BindInputs(pack_.rules, {input}, inputs, "", found);
    const auto faults = errors::GetDetail<google::rpc::BadRequest>(found.ToStatus());
    if (!faults.has_value()) return;
    for (const auto& fault : faults->field_violations()) {
      // `contributions[0].level` is `list.entries[0].level` of the request.
      const std::string inner = fault.field().substr(input.name.size());
      violations_.Add(absl::StrCat(path, ".", member, inner.empty() ? "" : ".entries", inner),
                      fault.reason(),
                      fault.localized_message().message(),
                      fault.description());
    }
  }

  const LocalPack& pack_;
  const rules::Method& method_;
  errors::FieldViolations& violations_;
  std::set<std::string> names_;
};

}  // namespace

absl::StatusOr<LocalPack> ReadLocalPack(std::string name,
                                        std::string definition,
                                        std::string_view digest) {
  absl::StatusOr<rules::PolicyPack> parsed = rules::ParsePack(definition);
  if (!parsed.ok() || parsed->digest != digest) {
    return errors::Internal(errors::reasons::INTERNAL_FAULT,
                            "The stored policy pack is not what the cycle was pinned to.")
        .With("pack", name);
  }
  return LocalPack{std::move(name), std::move(definition), *std::move(parsed)};
}

absl::Status RefusePin(std::string_view reason,
                       std::string_view text_id,
                       std::string_view text_en) {
  errors::FieldViolations violations;
  violations.Add("cycle.localPack", reason, text_id, text_en);
  return violations.ToStatus();
}

absl::Status CheckPin(const rules::PolicyPack& pack, const v1::Cycle& cycle) {
  ASSIGN_OR_RETURN(const time::Period days, DaysOf(cycle));
  // Days written as YYYY-MM-DD have the order of time.
  if (pack.valid_from > time::FormatDay(days.start()) ||
      (!pack.valid_until.empty() && pack.valid_until < time::FormatDay(days.last()))) {
    return RefusePin(
        "PACK_NOT_IN_FORCE",
        "Paket kebijakan tidak berlaku pada setiap hari siklus. Pilih revisi yang berlaku.",
        "The policy pack is not in force on every day of the cycle. Choose a revision that is.");
  }
  const bool useful =
      std::any_of(cycle.periods().begin(), cycle.periods().end(), [&](const v1::Period& period) {
        return LocalMethod(pack, PeriodId(period)) != nullptr;
      });
  if (useful) return absl::OkStatus();
  return RefusePin(
      "PACK_WITHOUT_METHOD",
      "Paket tidak memiliki cara untuk periode siklus ini: annual, quarter, month atau periodic.",
      "The pack has no method for a period of the cycle: annual, quarter, month or periodic.");
}

const rules::Method* LocalMethod(const rules::PolicyPack& pack, std::string_view period_id) {
  if (period_id == kYear) return pack.FindMethod("annual");
  const rules::Method* own = pack.FindMethod(period_id.starts_with("q") ? "quarter" : "month");
  return own != nullptr ? own : pack.FindMethod("periodic");
}

bool IsComputed(const rules::InputField& input) {
  return std::any_of(
      std::begin(kComputed), std::end(kComputed), [&](const ComputedInput& computed) {
        return computed.name == input.name && computed.kind == input.kind;
      });
}

void CheckFigures(const LocalPack& pack,
                  const rules::Method& method,
                  const Figures& figures,
                  const std::string& path,
                  errors::FieldViolations& violations) {
  FigureChecker checker(pack, method, violations);
  for (int i = 0; i < figures.size(); ++i)
    checker.Check(figures[i], absl::StrCat(path, "[", i, "]"));
}

Json ToInput(const v1::Figure& figure) {
  switch (figure.value_case()) {
    case v1::Figure::kNumber:
      return NumberInput(figure.number());
    case v1::Figure::kChoice:
      return figure.choice();
    case v1::Figure::kFlag:
      return figure.flag();
    case v1::Figure::kList:
      return ListInput(figure.list());
    case v1::Figure::VALUE_NOT_SET:
      return {};
  }
  return {};
}

void MergeFigures(const Figures& entered, const Entering& entering, Figures& figures) {
  for (const v1::Figure& figure : entered) {
    figures.erase(
        std::remove_if(figures.begin(),
                       figures.end(),
                       [&](const v1::Figure& old) { return old.name() == figure.name(); }),
        figures.end());
    if (figure.value_case() == v1::Figure::VALUE_NOT_SET) continue;
    v1::Figure& added = *figures.Add();
    added = figure;
    added.set_entered_by(entering.by);
    *added.mutable_enter_time() = entering.time;
  }
  std::sort(figures.begin(), figures.end(), [](const v1::Figure& a, const v1::Figure& b) {
    return a.name() < b.name();
  });
}

}  // namespace teraju::evaluation::domain
