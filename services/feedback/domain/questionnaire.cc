#include "services/feedback/domain/questionnaire.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>

#include "common/errors/error.h"
#include "common/errors/field_violations.h"
#include "teraju/feedback/v1/error_reason.pb.h"

namespace teraju::feedback::domain {
namespace {

// PermenPANRB 14/2017: the scale of a citizen survey.
constexpr int kCitizenMinimum = 1;
constexpr int kCitizenMaximum = 4;

bool IsElement(std::string_view topic) {
  return topic.size() == 2 && topic[0] == 'U' && topic[1] >= '1' && topic[1] <= '9';
}

void CheckScale(const v1::Questionnaire& questionnaire, errors::FieldViolations& violations) {
  const int low = questionnaire.scale_minimum();
  const int high = questionnaire.scale_maximum();
  if (questionnaire.kind() == v1::Questionnaire::CITIZEN) {
    if (low != kCitizenMinimum || high != kCitizenMaximum) {
      violations.Add("questionnaire.scaleMaximum",
                     "SCALE_INVALID",
                     "Skala survei masyarakat adalah 1 sampai 4.",
                     "The scale of a citizen survey is 1 to 4.");
    }
  } else if (low < 1 || high > 10 || low >= high) {
    violations.Add("questionnaire.scaleMaximum",
                   "SCALE_INVALID",
                   "Skala harus di antara 1 dan 10, nilai terendah di bawah nilai tertinggi.",
                   "The scale must lie within 1 to 10, the lowest below the highest answer.");
  }
}

void CheckItems(const v1::Questionnaire& questionnaire, errors::FieldViolations& violations) {
  std::set<std::string_view> ids;
  std::set<std::string_view> elements;
  for (int i = 0; i < questionnaire.items_size(); ++i) {
    const v1::QuestionnaireItem& item = questionnaire.items(i);
    const std::string path = fmt::format("questionnaire.items[{}]", i);
    if (!ids.insert(item.item_id()).second) {
      violations.Add(path + ".itemId",
                     "ITEM_REPEATED",
                     "Kode butir sudah dipakai; beri kode lain.",
                     "The item id is used twice; choose another.");
    }
    if (questionnaire.kind() != v1::Questionnaire::CITIZEN) continue;
    if (!IsElement(item.topic()) || !elements.insert(item.topic()).second) {
      violations.Add(path + ".topic",
                     "ELEMENT_INVALID",
                     "Setiap butir menilai satu unsur lain, U1 sampai U9.",
                     "Each item is about another element, U1 to U9.");
    }
  }
}

errors::Error AnswerInvalid(std::string_view item) {
  return errors::InvalidArgument(v1::ANSWER_INVALID, "An answer does not fit the questionnaire.")
      .With("item", item);
}

}  // namespace

absl::Status CheckQuestionnaire(const v1::Questionnaire& questionnaire) {
  errors::FieldViolations violations;
  CheckScale(questionnaire, violations);
  CheckItems(questionnaire, violations);
  return violations.ToStatus();
}

absl::Status PublishQuestionnaire(v1::Questionnaire& questionnaire) {
  if (questionnaire.state() != v1::Questionnaire::DRAFT) {
    return errors::FailedPrecondition(v1::QUESTIONNAIRE_PUBLISHED,
                                      "The questionnaire is published.");
  }
  questionnaire.set_state(v1::Questionnaire::PUBLISHED);
  return absl::OkStatus();
}

absl::Status RequireUsable(const v1::Questionnaire& questionnaire, v1::Questionnaire::Kind kind) {
  if (questionnaire.kind() != kind) {
    return errors::InvalidArgument(v1::QUESTIONNAIRE_KIND_WRONG,
                                   "The questionnaire is of another kind.")
        .With("kind", v1::Questionnaire::Kind_Name(questionnaire.kind()));
  }
  if (questionnaire.state() != v1::Questionnaire::PUBLISHED) {
    return errors::FailedPrecondition(v1::QUESTIONNAIRE_NOT_PUBLISHED,
                                      "The questionnaire is not published.");
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<int>> ReadAnswers(
    const v1::Questionnaire& questionnaire,
    const google::protobuf::RepeatedPtrField<v1::Answer>& answers,
    bool draft) {
  const auto& items = questionnaire.items();
  std::vector<int> values(items.size(), 0);
  for (int i = 0; i < answers.size(); ++i) {
    const v1::Answer& answer = answers[i];
    const auto item = std::find_if(items.begin(), items.end(), [&](const auto& candidate) {
      return candidate.item_id() == answer.item_id();
    });
    if (item == items.end()) return AnswerInvalid(fmt::format("answers[{}]", i));
    int& value = values[item - items.begin()];
    if (value != 0 || answer.value() < questionnaire.scale_minimum() ||
        answer.value() > questionnaire.scale_maximum()) {
      return AnswerInvalid(item->item_id());
    }
    value = answer.value();
  }
  const auto missing = std::find(values.begin(), values.end(), 0);
  if (!draft && missing != values.end()) {
    return errors::InvalidArgument(v1::ANSWER_MISSING, "An item has no answer.")
        .With("item", items[static_cast<int>(missing - values.begin())].item_id());
  }
  return values;
}

absl::Status CheckComment(const v1::Questionnaire& questionnaire, std::string_view comment) {
  errors::FieldViolations violations;
  if (!comment.empty() && !questionnaire.comments()) {
    violations.Add("comment",
                   "COMMENT_NOT_ASKED",
                   "Kuesioner ini tidak meminta komentar; kosongkan.",
                   "This questionnaire asks for no comment; leave it empty.");
  }
  return violations.ToStatus();
}

}  // namespace teraju::feedback::domain
