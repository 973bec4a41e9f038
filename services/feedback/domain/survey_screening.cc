#include "services/feedback/domain/survey_screening.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "absl/strings/strip.h"
#include "common/engines/text.h"
#include "common/errors/status_macros.h"
#include "services/feedback/domain/citizen_survey.h"

namespace teraju::feedback::domain {
namespace {

struct Flags {
  std::vector<bool> burst;
  std::vector<bool> copy;
};

Flags FlagsOf(const std::vector<CitizenAnswer>& answers) {
  std::map<std::string, int> occasions;
  using Pattern = std::tuple<std::string, std::string, SurveyAnswer>;
  std::map<Pattern, std::vector<std::size_t>> patterns;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const CitizenAnswer& answer = answers[i];
    ++occasions[answer.occasion];
    const std::string words(absl::StripAsciiWhitespace(answer.comment));
    patterns[{answer.occasion, words, answer.values}].push_back(i);
  }
  Flags flags{std::vector<bool>(answers.size()), std::vector<bool>(answers.size())};
  for (std::size_t i = 0; i < answers.size(); ++i) {
    flags.burst[i] = occasions[answers[i].occasion] >= kBurstAnswers;
  }
  for (const auto& [pattern, same] : patterns) {
    const std::size_t fewest = std::get<1>(pattern).empty() ? kWordlessCopies : 2;
    if (same.size() < fewest) continue;
    // One of them may be the original.
    for (std::size_t i = 1; i < same.size(); ++i) flags.copy[same[i]] = true;
  }
  return flags;
}

Text TextOf(const v1::SurveyScreening& screening) {
  if (screening.flagged_answers() == 0) {
    return {"Tidak ada jawaban yang beruntun atau sama persis.",
            "No answers in bursts and no copies."};
  }
  const std::string difference =
      screening.has_index_without()
          ? fmt::format("{} / {}", screening.index().value(), screening.index_without().value())
          : "";
  return {fmt::format("{} dari {} jawaban perlu diperiksa: {} datang beruntun, {} sama persis. {}",
                      screening.flagged_answers(),
                      screening.answers(),
                      screening.burst_answers(),
                      screening.duplicate_answers(),
                      difference.empty() ? "Indeks tanpa jawaban itu tidak ditampilkan: terlalu "
                                           "sedikit untuk menjaga kerahasiaan."
                                         : "Indeks dengan / tanpa jawaban itu: " + difference +
                                               ". Tidak ada jawaban yang dihapus."),
          fmt::format("{} of {} answers ask for a look: {} in bursts, {} copies. {}",
                      screening.flagged_answers(),
                      screening.answers(),
                      screening.burst_answers(),
                      screening.duplicate_answers(),
                      difference.empty()
                          ? "The index without them is not shown: too few to stay anonymous."
                          : "Index with / without them: " + difference + ". None was dropped.")};
}

}  // namespace

std::vector<SurveyAnswer> ValuesOf(const std::vector<CitizenAnswer>& answers) {
  std::vector<SurveyAnswer> values;
  values.reserve(answers.size());
  for (const CitizenAnswer& answer : answers) values.push_back(answer.values);
  return values;
}

absl::StatusOr<v1::SurveyScreening> ScreenAnswers(const v1::Questionnaire& questionnaire,
                                                  const v1::CitizenSurvey& survey,
                                                  const v1::SurveyUnit& unit,
                                                  const v1::SurveyResult& result,
                                                  const std::vector<CitizenAnswer>& answers) {
  const Flags flags = FlagsOf(answers);
  v1::SurveyScreening screening;
  screening.set_unit(unit.unit());
  screening.set_answers(static_cast<int>(answers.size()));
  std::vector<SurveyAnswer> rest;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    screening.set_burst_answers(screening.burst_answers() + (flags.burst[i] ? 1 : 0));
    screening.set_duplicate_answers(screening.duplicate_answers() + (flags.copy[i] ? 1 : 0));
    if (!flags.burst[i] && !flags.copy[i]) rest.push_back(answers[i].values);
  }
  const int flagged = static_cast<int>(answers.size() - rest.size());
  screening.set_flagged_answers(flagged);
  if (!result.withheld() && flagged >= kSurveyThreshold && rest.size() >= kSurveyThreshold) {
    ASSIGN_OR_RETURN(const SurveyStratum without,
                     MakeSurveyResult(questionnaire, survey, unit, rest));
    *screening.mutable_index() = result.index();
    *screening.mutable_index_without() = without.result.index();
  }
  const Text text = TextOf(screening);
  screening.set_text_id(text.id);
  screening.set_text_en(text.en);
  return screening;
}

}  // namespace teraju::feedback::domain
