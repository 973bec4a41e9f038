// What an answer is checked against: the items, scale and comments of a questionnaire.
#pragma once

#include "common/postgres/codec.h"
#include "teraju/feedback/v1/feedback.pb.h"

namespace teraju::feedback {

// From the columns items, scale_minimum, scale_maximum, comments.
inline v1::Questionnaire ToForm(const pqxx::row& row) {
  v1::Questionnaire form;
  // Written by QuestionnaireStore: it parses.
  form.ParseFromString(postgres::FromBytes(row["items"]));
  form.set_scale_minimum(row["scale_minimum"].as<int>());
  form.set_scale_maximum(row["scale_maximum"].as<int>());
  form.set_comments(row["comments"].as<bool>());
  return form;
}

}  // namespace teraju::feedback
