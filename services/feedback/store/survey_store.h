// Citizen surveys with their units and results as rows. Bound to the transaction it is given.
#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "common/api/etag.h"
#include "common/postgres/transaction.h"
#include "services/feedback/store/names.h"
#include "teraju/feedback/v1/feedback.pb.h"

namespace teraju::feedback {

class SurveyStore {
 public:
  explicit SurveyStore(postgres::Transaction& tx) : tx_(tx) {}

  // `unit_paths`: for each of the survey's units, it and every unit above it.
  v1::CitizenSurvey Insert(const SurveyKey& key,
                           const QuestionnaireKey& questionnaire,
                           std::span<const std::vector<std::string>> unit_paths,
                           v1::CitizenSurvey survey);
  // NOT_FOUND.
  absl::StatusOr<v1::CitizenSurvey> Get(const SurveyKey& key) const;
  // As Get, and the survey cannot change before this transaction ends.
  absl::StatusOr<v1::CitizenSurvey> GetForShare(const SurveyKey& key) const;
  // Up to `limit` behind the id `after`, in the order of ids.
  std::vector<v1::CitizenSurvey> List(const AgencyId& agency,
                                      const std::string& after,
                                      int limit) const;
  // Loads the row locked, checks `precondition` (ABORTED), runs `change`, stores state, closing
  // time and overall index with the next version.
  absl::StatusOr<v1::CitizenSurvey> Update(
      const SurveyKey& key,
      const api::Precondition& precondition,
      absl::FunctionRef<absl::Status(v1::CitizenSurvey&)> change);

  // The unit and every unit above it; empty when it is not part of the survey.
  std::vector<std::string> FindUnitPath(const SurveyKey& key, const std::string& unit) const;

  // One per unit; name and time are filled in when read.
  void InsertResults(const SurveyKey& key, std::span<const v1::SurveyResult> results);
  std::vector<v1::SurveyResult> ListResults(const SurveyKey& key,
                                            const std::string& after,
                                            int limit) const;
  // One per unit with a result; units come in the order of their names.
  void InsertScreenings(const SurveyKey& key, std::span<const v1::SurveyScreening> screenings);
  std::vector<v1::SurveyScreening> ListScreenings(const SurveyKey& key,
                                                  const std::string& after_unit,
                                                  int limit) const;
  // Results of the unit in the last `limit` closed surveys that asked about it, the oldest first,
  // with the surveys' display names.
  std::vector<std::pair<std::string, v1::SurveyResult>> ListResultsOf(const AgencyId& agency,
                                                                      const std::string& unit,
                                                                      int limit) const;

 private:
  std::vector<v1::CitizenSurvey> FromRows(const AgencyId& agency, const pqxx::result& rows) const;

  postgres::Transaction& tx_;
};

}  // namespace teraju::feedback
