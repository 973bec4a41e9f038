// Matchers for messages.
#pragma once

#include <memory>
#include <string>
#include <type_traits>

#include "gmock/gmock.h"
#include "google/protobuf/message.h"
#include "google/protobuf/text_format.h"
#include "google/protobuf/util/message_differencer.h"

namespace teraju::testing {

// Compares `actual` with a message or with its text format; `difference` names the fields that
// differ.
inline bool SameProto(const google::protobuf::Message& actual,
                      const google::protobuf::Message& expected,
                      std::string& difference) {
  if (actual.GetDescriptor() != expected.GetDescriptor()) {
    difference = "which is a " + actual.GetDescriptor()->full_name() + ", not a " +
                 expected.GetDescriptor()->full_name();
    return false;
  }
  google::protobuf::util::MessageDifferencer differencer;
  differencer.ReportDifferencesToString(&difference);
  return differencer.Compare(expected, actual);
}
inline bool SameProto(const google::protobuf::Message& actual,
                      const std::string& text,
                      std::string& difference) {
  const std::unique_ptr<google::protobuf::Message> expected(actual.New());
  if (!google::protobuf::TextFormat::ParseFromString(text, expected.get())) {
    difference = "but the expected text is not a " + actual.GetDescriptor()->full_name();
    return false;
  }
  return SameProto(actual, *expected, difference);
}

// EXPECT_THAT(message, EqualsProto(other)); EXPECT_THAT(message, EqualsProto(R"pb(name: "a")pb"));
MATCHER_P(EqualsProto, expected, "equals " + ::testing::PrintToString(expected)) {
  std::string difference;
  const bool same = SameProto(arg, expected, difference);
  if (!same) *result_listener << difference;
  return same;
}

}  // namespace teraju::testing
