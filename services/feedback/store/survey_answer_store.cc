#include "services/feedback/store/survey_answer_store.h"

#include "absl/strings/escaping.h"
#include "common/api/strong_id.h"
#include "services/feedback/store/bulk.h"
#include "services/feedback/store/form.h"

namespace teraju::feedback {
namespace {

constexpr postgres::Statement kCreateOpen{"survey_create_open", "SELECT create_open_survey($1)"};
constexpr postgres::Statement kCountTokens{
    "survey_count_tokens",
    "UPDATE survey_units SET tokens_issued = tokens_issued + $4"
    " WHERE agency_id = $1 AND survey_id = $2 AND unit = $3"};
constexpr postgres::Statement kInsertTokens{
    "survey_insert_tokens",
    "INSERT INTO survey_tokens (agency_id, survey_id, token_hash, unit, batch)"
    " SELECT $1, $2, decode(token_hash, 'hex'), $3, $5 FROM unnest($4::text[]) AS t (token_hash)"};
constexpr postgres::Statement kSelectForm{
    "survey_select_form",
    "SELECT q.items, q.scale_minimum, q.scale_maximum, q.comments"
    " FROM citizen_surveys s JOIN questionnaires q USING (agency_id, questionnaire_id)"
    " WHERE s.survey_id = $1 AND s.state = 'OPEN'"};
constexpr postgres::Statement kSubmit{
    "survey_submit",
    "WITH used AS ("
    " DELETE FROM survey_tokens t USING citizen_surveys s"
    " WHERE s.survey_id = $1 AND s.state = 'OPEN' AND s.end_time > $6"
    " AND t.agency_id = s.agency_id AND t.survey_id = $1 AND t.token_hash = $2"
    " RETURNING t.agency_id, t.unit, t.batch),"
    // What comes more than ten minutes after the first answer of an occasion begins the next one.
    " occasion AS ("
    " INSERT INTO survey_occasions AS o (agency_id, survey_id, batch, begin_time, occasion)"
    " SELECT agency_id, $1, batch, $6, $7::uuid FROM used"
    " ON CONFLICT (agency_id, survey_id, batch) DO UPDATE SET"
    " (begin_time, occasion) = (SELECT CASE WHEN running THEN o.begin_time"
    " ELSE excluded.begin_time END, CASE WHEN running THEN o.occasion ELSE excluded.occasion END"
    " FROM (SELECT excluded.begin_time < o.begin_time + interval '10 minutes') AS c (running))"
    " RETURNING o.occasion)"
    " INSERT INTO open_citizen_answers (agency_id, survey_id, answer_id, unit, item_values,"
    " comment, occasion)"
    " SELECT agency_id, $1, $3, unit, $4::smallint[], $5, occasion FROM used, occasion"};
constexpr postgres::Statement kAccepts{
    "survey_accepts",
    "SELECT 1 FROM citizen_surveys s JOIN survey_tokens t ON t.agency_id = s.agency_id"
    " AND t.survey_id = $1 AND t.token_hash = $2"
    " WHERE s.survey_id = $1 AND s.state = 'OPEN' AND s.end_time > $3"};
constexpr postgres::Statement kAwaitRunning{"survey_await_running",
                                            "SELECT await_open_citizen_answers()"};
constexpr postgres::Statement kListOpen{
    "survey_list_open",
    "SELECT unit, array_to_string(item_values, ',') AS item_values, comment, occasion"
    " FROM open_citizen_answers"
    " WHERE agency_id = $1 AND survey_id = $2"};
// The order of fresh random ids is the random order.
constexpr postgres::Statement kKeep{
    "survey_keep",
    "INSERT INTO citizen_answers (agency_id, survey_id, answer_id, unit, item_values, comment)"
    " SELECT $1, $2, answer_id, unit, item_values, comment FROM"
    " (SELECT gen_random_uuid() AS answer_id, unit, item_values, comment"
    "  FROM open_citizen_answers WHERE agency_id = $1 AND survey_id = $2"
    "  AND unit = ANY ($3::text[]) ORDER BY 1) AS shuffled"};
constexpr postgres::Statement kDrop{"survey_drop_open", "SELECT drop_open_survey($1)"};

}  // namespace

void SurveyAnswerStore::Open(const SurveyKey& key) { tx_.Exec(kCreateOpen, key.id.value()); }

bool SurveyAnswerStore::InsertTokens(const SurveyKey& key,
                                     const std::string& unit,
                                     const std::vector<std::string>& token_hashes) {
  const bool known = tx_.Exec(kCountTokens,
                              key.agency.value(),
                              key.id.value(),
                              unit,
                              static_cast<int>(token_hashes.size()))
                         .affected_rows() == 1;
  if (!known) return false;
  tx_.Exec(kInsertTokens,
           key.agency.value(),
           key.id.value(),
           unit,
           ColumnOf(token_hashes, [](const auto& hash) { return absl::BytesToHexString(hash); }),
           NewUuid4());
  return true;
}

std::optional<v1::Questionnaire> SurveyAnswerStore::FindForm(const SurveyId& survey) const {
  const pqxx::result rows = tx_.Exec(kSelectForm, survey.value());
  if (rows.empty()) return std::nullopt;
  return ToForm(rows.front());
}

bool SurveyAnswerStore::Submit(const SurveyId& survey,
                               const std::string& token_hash,
                               const std::vector<int>& values,
                               const std::string& comment,
                               absl::Time now) {
  return tx_.Exec(kSubmit,
                  survey.value(),
                  postgres::ToBytes(token_hash),
                  NewUuid4(),
                  ToNumberArray(values),
                  comment,
                  postgres::ToText(now),
                  NewUuid4())
             .affected_rows() == 1;
}

bool SurveyAnswerStore::Accepts(const SurveyId& survey,
                                const std::string& token_hash,
                                absl::Time now) const {
  const pqxx::result rows =
      tx_.Exec(kAccepts, survey.value(), postgres::ToBytes(token_hash), postgres::ToText(now));
  return !rows.empty();
}

void SurveyAnswerStore::AwaitRunning() { tx_.Exec(kAwaitRunning); }

AnswersByUnit SurveyAnswerStore::ListOpen(const SurveyKey& key) const {
  AnswersByUnit answers;
  for (const pqxx::row& row : tx_.Exec(kListOpen, key.agency.value(), key.id.value())) {
    answers[row["unit"].c_str()].push_back({.values = ToNumbers(row["item_values"]),
                                            .comment = row["comment"].c_str(),
                                            .occasion = row["occasion"].c_str()});
  }
  return answers;
}

void SurveyAnswerStore::Keep(const SurveyKey& key, const std::vector<std::string>& units) {
  tx_.Exec(kKeep, key.agency.value(), key.id.value(), postgres::ToArray(units));
}

void SurveyAnswerStore::Drop(const SurveyKey& key) { tx_.Exec(kDrop, key.id.value()); }

}  // namespace teraju::feedback
