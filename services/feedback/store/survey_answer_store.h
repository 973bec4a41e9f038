// One-time codes and answers of citizens as rows. A used code leaves nothing behind, and an answer
// keeps nothing of its code. Bound to the transaction it is given.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "common/postgres/transaction.h"
#include "services/feedback/domain/survey_screening.h"
#include "services/feedback/store/names.h"
#include "teraju/feedback/v1/feedback.pb.h"

namespace teraju::feedback {

using AnswersByUnit = std::map<std::string, std::vector<domain::CitizenAnswer>>;

class SurveyAnswerStore {
 public:
  explicit SurveyAnswerStore(postgres::Transaction& tx) : tx_(tx) {}

  // Makes the survey's own tables.
  void Open(const SurveyKey& key);
  // Adds codes of a unit as one batch and counts them. False when the unit is not part of the
  // survey.
  bool InsertTokens(const SurveyKey& key,
                    const std::string& unit,
                    const std::vector<std::string>& token_hashes);

  // The questionnaire of an open survey; nullopt for any other.
  std::optional<v1::Questionnaire> FindForm(const SurveyId& survey) const;
  // Takes the code away and stores the answer. False when the code is unknown or used, the survey
  // not open or its time over at `now`.
  bool Submit(const SurveyId& survey,
              const std::string& token_hash,
              const std::vector<int>& values,
              const std::string& comment,
              absl::Time now);
  // Whether Submit would take the code.
  bool Accepts(const SurveyId& survey, const std::string& token_hash, absl::Time now) const;

  // Waits until no statement runs that saw a survey open which is not open any more.
  void AwaitRunning();
  AnswersByUnit ListOpen(const SurveyKey& key) const;
  // Copies the answers of these units in random order under fresh random ids.
  void Keep(const SurveyKey& key, const std::vector<std::string>& units);
  // Drops the survey's own tables: unused codes, answers in the order they came.
  void Drop(const SurveyKey& key);

 private:
  postgres::Transaction& tx_;
};

}  // namespace teraju::feedback
