// Named forms of text and of values that messages of Google's carry.
#pragma once

#include <string_view>

#include "google/protobuf/message.h"
#include "teraju/options/v1/options.pb.h"

namespace teraju::api {

// Whether `text` has the form; FORMAT_UNSPECIFIED is any text.
bool HasFormat(options::v1::Format format, std::string_view text);
// What the form is, for people.
options::v1::Text DescribeFormat(options::v1::Format format);

// Whether a google.type.{Decimal,Date,Money} or google.protobuf.{Timestamp,Duration} holds a value
// that exists: a full date of the calendar, a decimal by its grammar, an amount of one sign with a
// currency code, a time of the years 1 to 9999. True for every other message.
bool IsPossibleValue(const google::protobuf::Message& message);

}  // namespace teraju::api
