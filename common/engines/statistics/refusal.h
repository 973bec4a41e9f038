// Why there is no number: a statistic that the data cannot carry is refused, never made up.
#pragma once

#include <string>
#include <utility>
#include <variant>

namespace teraju::statistics {

enum class RefusalReason {
  kTooFew,           // too few ratees, raters or answers
  kOneRater,         // nobody to compare the rater with
  kMissingAnswers,   // the statistic needs a complete table
  kConstantAnswers,  // all answers are the same
  kZeroVariance,     // the quantity under the fraction line is zero
  kUnconnected,      // groups of raters share no ratee
  kNotSeparable,     // effects are the same columns: no data tells them apart
  kNotANumber,       // a value is not finite, or outside what the statistic is made for
};

// CONSTANT_ANSWERS and so on: for programs.
std::string ReasonName(RefusalReason reason);

struct Refusal {
  RefusalReason reason = RefusalReason::kTooFew;
  std::string en;  // what is wrong and what helps
  std::string id;
};

// A value, or why there is none.
template <typename T>
class [[nodiscard]] Outcome {
 public:
  Outcome(T value) : result_(std::move(value)) {}            // NOLINT(google-explicit-constructor)
  Outcome(Refusal refusal) : result_(std::move(refusal)) {}  // NOLINT(google-explicit-constructor)

  bool ok() const { return result_.index() == 0; }
  // Only if ok().
  const T& value() const { return std::get<0>(result_); }
  T& value() { return std::get<0>(result_); }
  const T& operator*() const { return value(); }
  const T* operator->() const { return &value(); }
  // Only if not ok().
  const Refusal& refusal() const { return std::get<1>(result_); }

 private:
  std::variant<T, Refusal> result_;
};

// The refusals that several statistics give in the same words.
Refusal TooFew(const std::string& en, const std::string& id);
Refusal ConstantAnswers();
Refusal ZeroVariance();
Refusal MissingAnswers();
Refusal NotANumber();

}  // namespace teraju::statistics
