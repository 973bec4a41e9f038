#include "common/engines/rules/nearest_change.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <optional>
#include <set>

#include "common/engines/rules/evaluation.h"
#include "common/engines/rules/pack_reader.h"
#include "common/errors/error.h"
#include "common/errors/status_macros.h"

namespace teraju::rules {
namespace {

// A person's inputs need a few hundred; a list of thousands must not take minutes.
constexpr int kMostTrials = 20'000;

class Search {
 public:
  Search(const PolicyPack& pack, const Method& method, const Json& inputs)
      : pack_(pack), method_(method), inputs_(inputs) {}

  absl::StatusOr<std::vector<Change>> Run() {
    ASSIGN_OR_RETURN(const Outcome outcome, Score(pack_, method_, inputs_));
    rank_ = RankOf(*outcome.predicate);
    if (rank_ > 0) Visit(method_, method_.inputs, inputs_, "");
    std::stable_sort(changes_.begin(), changes_.end(), [](const Change& a, const Change& b) {
      return a.size < b.size;
    });
    return std::move(changes_);
  }

 private:
  std::size_t RankOf(int code) const {
    return static_cast<std::size_t>(pack_.FindPredicate(code) - pack_.predicates.data());
  }

  // What people call a code; a number as it is.
  Text WordsFor(const std::string& value) const {
    const auto code = pack_.code_numbers.find(value);
    return code == pack_.code_numbers.end() ? Text{value, value} : pack_.LabelOf(code->second);
  }

  // Whether the inputs as they are now give a better predicate; its code.
  std::optional<int> Better() {
    if (++trials_ > kMostTrials) return std::nullopt;
    const auto outcome = Score(pack_, method_, inputs_);
    if (!outcome.ok() || RankOf(*outcome->predicate) >= rank_) return std::nullopt;
    return outcome->predicate;
  }

  void Visit(const Method& method,
             const std::vector<InputField>& fields,
             Json& record,
             const std::string& path) {
    for (const InputField& field : fields) {
      Json* given = record.Find(field.name);
      if (given == nullptr) continue;
      if (field.kind == InputField::Kind::kList) {
        VisitList(method, field, *given, Join(path, field.name));
      } else if (field.what_if) {
        Try(field, fields, record, *given, Join(path, field.name));
      }
    }
  }

  void VisitList(const Method& method,
                 const InputField& field,
                 Json& list,
                 const std::string& path) {
    for (std::size_t i = 0; i < list.items.size(); ++i) {
      Json& entry = list.items[i];
      Json* open =
          method.combines.empty() || field.name != "segments" ? nullptr : entry.Find("inputs");
      if (open != nullptr) {
        const Method& part = *pack_.FindMethod(method.combines);
        Visit(part, part.inputs, *open, Join(Join(path, i), "inputs"));
      } else {
        Visit(method, field.fields, entry, Join(path, i));
      }
    }
  }

  void Try(const InputField& field,
           const std::vector<InputField>& siblings,
           const Json& record,
           Json& given,
           const std::string& path) {
    const Json kept = given;
    std::optional<Change> change;
    if (field.kind == InputField::Kind::kNumber) {
      if (const auto from = NumberIn(kept)) {
        change = TryNumber(field, Landmarks(siblings, record), *from, given);
      }
    } else {
      change = TryChoices(field, given);
    }
    given = kept;
    if (!change) return;
    change->input = path;
    change->label = field.label;
    const auto code = pack_.code_numbers.find(change->predicate);
    const Text predicate = pack_.LabelOf(code->second);
    const Text from = WordsFor(change->from);
    const Text to = WordsFor(change->to);
    // Of an entry of a list the label alone does not say which.
    const std::string place = path == field.name ? "" : fmt::format(" ({})", path);
    change->text = {fmt::format("Dengan {}{} {} alih-alih {}, predikatnya {}.",
                                field.label.id,
                                place,
                                to.id,
                                from.id,
                                predicate.id),
                    fmt::format("With {}{} {} instead of {}, the predicate is {}.",
                                field.label.en,
                                place,
                                to.en,
                                from.en,
                                predicate.en)};
    changes_.push_back(*std::move(change));
  }

  // Where the result may turn: the other numbers of the record.
  static std::vector<Decimal> Landmarks(const std::vector<InputField>& fields, const Json& record) {
    std::vector<Decimal> landmarks;
    for (const InputField& field : fields) {
      const Json* other = record.Find(field.name);
      const auto number = other != nullptr ? NumberIn(*other) : std::nullopt;
      if (number && field.kind == InputField::Kind::kNumber) landmarks.push_back(*number);
    }
    return landmarks;
  }

  std::optional<Change> TryChoices(const InputField& field, Json& given) {
    const std::vector<int>& choices = field.choices;
    const std::string from = given.Is(Json::Kind::kBool) ? (given.flag ? "YES" : "NO") : given.text;
    const auto at = std::find_if(choices.begin(), choices.end(), [&](int code) {
      return pack_.codes[static_cast<std::size_t>(code)] == from;
    });
    const auto here = at - choices.begin();
    const auto count = static_cast<std::ptrdiff_t>(choices.size());
    for (std::ptrdiff_t distance = 1; distance < count; ++distance) {
      for (const std::ptrdiff_t there : {here - distance, here + distance}) {
        if (there < 0 || there >= count) continue;
        const std::string& to =
            pack_.codes[static_cast<std::size_t>(choices[static_cast<std::size_t>(there)])];
        given = Json(to);
        const std::optional<int> reached = Better();
        if (!reached) continue;
        return Change{.from = from,
                      .to = to,
                      .predicate = pack_.codes[static_cast<std::size_t>(*reached)],
                      .size = Rational(distance, count - 1)};
      }
    }
    return std::nullopt;
  }

  // The value after `steps` of the input's last digit.
  static Decimal After(const Decimal& from, const Integer& steps, int digits) {
    return from + Decimal(steps, digits);
  }

  static Integer StepsTo(const Decimal& from, const Decimal& to, int digits) {
    return Round((to - from) * Decimal(PowerOfTen(digits), 0), 0, Rounding::kUp).unscaled();
  }

  std::optional<Change> TryNumber(const InputField& field,
                                  const std::vector<Decimal>& landmarks,
                                  const Decimal& from,
                                  Json& given) {
    std::optional<Change> best;
    std::optional<Integer> fewest;
    for (const int sign : {1, -1}) {
      const auto is_better = [&](const Integer& steps) {
        given = Json(After(from, sign * steps, field.digits));
        return Better();
      };
      const std::optional<Integer> steps =
          FewestSteps(Probes(field, landmarks, from, sign), is_better);
      if (!steps || (fewest && *fewest <= *steps)) continue;
      fewest = steps;
      const Decimal to = After(from, sign * *steps, field.digits);
      best = Change{.from = from.Normalized().ToString(),
                    .to = to.Normalized().ToString(),
                    .predicate = pack_.codes[static_cast<std::size_t>(*is_better(*steps))],
                    .size = ToRational(sign > 0 ? to - from : from - to) / ScaleOf(field, from)};
    }
    return best;
  }

  static Rational ScaleOf(const InputField& field, const Decimal& from) {
    if (field.min && field.max && *field.max > *field.min) {
      return ToRational(*field.max - *field.min);
    }
    if (from.sign() == 0) return 1;
    return ToRational(from.sign() > 0 ? from : -from);
  }

  // Distances to look at, nearest first: doubling, the landmarks, the bound.
  static std::set<Integer> Probes(const InputField& field,
                                  const std::vector<Decimal>& landmarks,
                                  const Decimal& from,
                                  int sign) {
    const std::optional<Decimal>& bound = sign > 0 ? field.max : field.min;
    std::optional<Integer> most;
    if (bound) {
      most = Round((*bound - from) * Decimal(PowerOfTen(field.digits), 0), 0, Rounding::kDown)
                 .unscaled() *
             sign;
    }
    std::set<Integer> probes;
    const auto add = [&](const Integer& steps) {
      if (steps > 0 && (!most || steps <= *most)) probes.insert(steps);
    };
    // Without a bound: no further than a thousand times the largest number around.
    Decimal largest = 1;
    for (const Decimal& landmark : landmarks) {
      largest = std::max(largest, landmark.sign() < 0 ? -landmark : landmark);
    }
    const Integer farthest = StepsTo(0, largest * Decimal(1000), field.digits);
    for (Integer steps = 1; steps <= farthest; steps *= 2) add(steps);
    for (const Decimal& landmark : landmarks) add(sign * StepsTo(from, landmark, field.digits));
    if (most) add(*most);
    return probes;
  }

  // The first probe that is better, and then the fewest steps since the one before it.
  static std::optional<Integer> FewestSteps(
      const std::set<Integer>& probes,
      const std::function<std::optional<int>(const Integer&)>& is_better) {
    Integer worse = 0;
    for (const Integer& probe : probes) {
      if (!is_better(probe)) {
        worse = probe;
        continue;
      }
      Integer better = probe;
      while (better - worse > 1) {
        const Integer middle = (better + worse) / 2;
        (is_better(middle) ? better : worse) = middle;
      }
      return better;
    }
    return std::nullopt;
  }

  const PolicyPack& pack_;
  const Method& method_;
  Json inputs_;
  std::size_t rank_ = 0;
  int trials_ = 0;
  std::vector<Change> changes_;
};

}  // namespace

absl::StatusOr<std::vector<Change>> NearestChanges(const PolicyPack& pack,
                                                   std::string_view method,
                                                   const Json& inputs) {
  const Method* known = pack.FindMethod(method);
  if (known == nullptr || !known->predicate) {
    return errors::InvalidArgument(errors::reasons::FIELD_INVALID,
                                   "The pack has no such method with a predicate.");
  }
  return Search(pack, *known, inputs).Run();
}

}  // namespace teraju::rules
