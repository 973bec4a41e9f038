#include "services/gateway/json/codec.h"

#include "common/errors/error.h"
#include "common/testing/proto_matchers.h"
#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"
#include "google/protobuf/struct.pb.h"
#include "services/gateway/json/testing.h"

namespace teraju::gateway::json {
namespace {

namespace reasons = errors::reasons;
using teraju::testing::EqualsProto;
using teraju::testing::HasReason;
using teraju::testing::IsOk;
using teraju::testing::ViolatesField;
using ::testing::ElementsAre;

absl::Status Parse(std::string_view text) {
  test::Everything message;
  return TestCodec().Parse(text, message);
}

test::Everything Parsed(std::string_view text) {
  test::Everything message;
  EXPECT_THAT(TestCodec().Parse(text, message), IsOk());
  return message;
}

std::string Printed(const test::Everything& message) {
  return TestCodec().Print(message).value_or("unprintable");
}

TEST(Parse, ReadsEveryKindOfScalar) {
  EXPECT_THAT(
      Parsed(R"({"int32Field": -1, "int64Field": "-9223372036854775808", "uint32Field": 4294967295,
                         "uint64Field": "18446744073709551615", "sint32Field": 1e2, "fixed64Field": 7, "floatField": "-Infinity",
                         "doubleField": 0.1, "boolField": true, "stringField": "é\u0000\ud83d\ude00", "bytesField": "-_8",
                         "genre": "POEM", "genreList": [1, "NOVEL"], "optionalInt32": 0})"),
      EqualsProto(R"pb(int32_field: -1
                       int64_field: -9223372036854775808
                       uint32_field: 4294967295
                       uint64_field: 18446744073709551615
                       sint32_field: 100
                       fixed64_field: 7
                       float_field: -inf
                       double_field: 0.1
                       bool_field: true
                       string_field: "é\000😀"
                       bytes_field: "\373\377"
                       genre: POEM
                       genre_list: NOVEL
                       genre_list: NOVEL
                       optional_int32: 0)pb"));
}

TEST(Parse, ReadsWellKnownTypes) {
  EXPECT_THAT(
      Parsed(
          R"({"timestamp": "2025-01-31T10:00:00+07:00", "duration": "-1.5s", "fieldMask": "a.bC,d",
                         "struct": {"a": [null, 1, "x", {"b": false}]}, "value": null, "listValue": [1], "empty": {},
                         "int64Wrapper": "5", "boolWrapper": false, "stringWrapper": "", "nullChoice": null,
                         "any": {"@type": "type.googleapis.com/teraju.gateway.testing.v1.Imprint", "house": "Balai Pustaka"},
                         "anyList": [{"@type": "type.googleapis.com/google.protobuf.Duration", "value": "1s"}, {}]})"),
      EqualsProto(
          R"pb(timestamp { seconds: 1738292400 }
               duration { seconds: -1 nanos: -500000000 }
               field_mask { paths: "a.b_c" paths: "d" }
               struct {
                 fields {
                   key: "a"
                   value {
                     list_value {
                       values { null_value: NULL_VALUE }
                       values { number_value: 1 }
                       values { string_value: "x" }
                       values {
                         struct_value {
                           fields {
                             key: "b"
                             value { bool_value: false }
                           }
                         }
                       }
                     }
                   }
                 }
               }
               value { null_value: NULL_VALUE }
               list_value { values { number_value: 1 } }
               empty {}
               int64_wrapper { value: 5 }
               bool_wrapper {}
               string_wrapper {}
               null_choice: NULL_VALUE
               any {
                 [type.googleapis.com/teraju.gateway.testing.v1.Imprint] { house: "Balai Pustaka" }
               }
               any_list {
                 [type.googleapis.com/google.protobuf.Duration] { seconds: 1 }
               }
               any_list {})pb"));
}

TEST(Parse, TakesNullAsAbsent) {
  EXPECT_THAT(
      Parsed(
          R"({"int32Field": null, "stringList": null, "stringMap": null, "timestamp": null, "textChoice": null,
                         "numberChoice": 1})"),
      EqualsProto("number_choice: 1"));
}

TEST(Parse, NamesEveryViolationWithItsPath) {
  const absl::Status status =
      Parse(R"({"unknown": 1, "everything": {"imprintList": [{}, {"house": 5}]}, "int32Field": 1.5,
                                        "stringMap": {"k": null}, "genre": "NOT_ONE"})");
  EXPECT_THAT(status, HasReason(reasons::FIELD_INVALID));
  EXPECT_THAT(status, ViolatesField("unknown"));
  EXPECT_THAT(status, ViolatesField("everything.imprintList[1].house"));
  EXPECT_THAT(status, ViolatesField("int32Field"));
  EXPECT_THAT(status, ViolatesField("stringMap.k"));
  EXPECT_THAT(status, ViolatesField("genre"));
}

TEST(Parse, RefusesWrongTypesAndRanges) {
  for (const char* text : {R"([])",
                           R"(1)",
                           R"(null)",
                           R"({"int32Field": 2147483648})",
                           R"({"int32Field": true})",
                           R"({"int32Field": ""})",
                           R"({"int32Field": " 1"})",
                           R"({"uint32Field": -1})",
                           R"({"int64Field": 9223372036854775808})",
                           R"({"boolField": "true"})",
                           R"({"boolField": 1})",
                           R"({"stringField": 1})",
                           R"({"bytesField": "*"})",
                           R"({"genre": 99})",
                           R"({"genre": 1.5})",
                           R"({"genre": true})",
                           R"({"floatField": 1e39})",
                           R"({"doubleField": "nan"})",
                           R"({"doubleField": "1x"})",
                           R"({"int32List": 1})",
                           R"({"int32List": [null]})",
                           R"({"int32Map": {"1.0": 1}})",
                           R"({"int32Map": {"-0": 1}})",
                           R"({"int32Map": {"01": 1}})",
                           R"({"boolMap": {"True": 1}})",
                           R"({"stringMap": []})",
                           R"({"everything": []})",
                           R"({"everything": "x"})",
                           R"({"timestamp": 5})",
                           R"({"duration": "5"})",
                           R"({"fieldMask": "a_b"})",
                           R"({"fieldMask": ["a"]})",
                           R"({"struct": []})",
                           R"({"listValue": {}})",
                           R"({"value": 1e400})",
                           R"({"empty": {"a": 1}})",
                           R"({"int64Wrapper": {"value": 1}})",
                           R"({"any": {"value": 1}})",
                           R"({"any": {"@type": "x"}})",
                           R"({"any": {"@type": "type.googleapis.com/no.Such"}})",
                           R"({"any": {"@type": "type.googleapis.com/google.protobuf.Duration"}})",
                           R"({"numberChoice": 1, "textChoice": "x"})",
                           R"({"int32Field": 1, "int32_field": 2})"}) {
    EXPECT_THAT(Parse(text), HasReason(reasons::FIELD_INVALID)) << text;
  }
}

TEST(Parse, RefusesAMemberGivenTwice) {
  EXPECT_THAT(Parse(R"({"genre": 1, "genre": 1})"), HasReason(reasons::BODY_INVALID));
  EXPECT_THAT(Parse(R"({"stringMap": {"a": "1", "\u0061": "2"}})"),
              HasReason(reasons::BODY_INVALID));
  std::string many = "{";
  for (int i = 0; i < 50; ++i) many += "\"k" + std::to_string(i) + "\":1,";
  EXPECT_THAT(Document::Parse(many + "\"k50\":1}"), IsOk());
  EXPECT_THAT(Document::Parse(many + "\"k17\":1}"), HasReason(reasons::BODY_INVALID));
}

TEST(Parse, BoundsDepth) {
  const auto nested = [](int depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_THAT(Document::Parse(nested(Document::kMaxDepth)), IsOk());
  EXPECT_THAT(Document::Parse(nested(Document::kMaxDepth + 1)), HasReason(reasons::BODY_INVALID));
}

TEST(Parse, BoundsTheNumberOfViolations) {
  std::string text = "{";
  for (int i = 0; i < 1000; ++i) text += (i > 0 ? ",\"x" : "\"x") + std::to_string(i) + "\":1";
  const auto bad = errors::GetDetail<google::rpc::BadRequest>(Parse(text + "}"));
  ASSERT_TRUE(bad);
  EXPECT_EQ(bad->field_violations_size(), 20);
}

TEST(Parse, KeepsTextsWithAndWithoutEscapesApart) {
  EXPECT_THAT(
      Parsed(
          R"({"stringList": ["a\tb", "plain", "\u00e9\\", "", "\/"], "stringMap": {"k\n": "v", "w": "\""}})"),
      EqualsProto(R"pb(string_list: "a\tb"
                       string_list: "plain"
                       string_list: "é\\"
                       string_list: ""
                       string_list: "/"
                       string_map { key: "k\n" value: "v" }
                       string_map { key: "w" value: "\"" })pb"));
}

TEST(Print, WritesTheCanonicalForm) {
  test::Everything message;
  message.set_int64_field(5);
  message.set_genre(test::POEM);
  message.add_genre_list(static_cast<test::Genre>(77));
  message.set_optional_int32(0);
  message.set_bytes_field("\xfb\xff");
  message.set_double_field(0.1);
  message.add_float_list(1.5F);
  message.add_double_list(1e300);
  (*message.mutable_string_map())["b"] = "2";
  (*message.mutable_string_map())["a"] = "1";
  message.mutable_field_mask()->add_paths("work_plan.due_date");
  EXPECT_EQ(
      Printed(message),
      R"({"int64Field":"5","doubleField":0.1,"bytesField":"+/8=","genre":"POEM","optionalInt32":0,)"
      R"("floatList":[1.5],"doubleList":[1e+300],"genreList":[77],"stringMap":{"a":"1","b":"2"},)"
      R"("fieldMask":"workPlan.dueDate"})");
}

TEST(Print, RefusesWhatHasNoJsonForm) {
  test::Everything time;
  time.mutable_timestamp()->set_seconds(253402300800);
  EXPECT_EQ(Printed(time), "unprintable");
  test::Everything any;
  any.mutable_any()->set_type_url("type.googleapis.com/no.Such");
  EXPECT_EQ(Printed(any), "unprintable");
  test::Everything infinite;
  infinite.mutable_value()->set_number_value(1 / 0.0);
  EXPECT_EQ(Printed(infinite), "unprintable");
}

TEST(SetText, ReadsQueryParameters) {
  test::ListBooksRequest request;
  const Codec& codec = TestCodec();
  EXPECT_THAT(codec.SetText("pageSize", "7", request), IsOk());
  EXPECT_THAT(codec.SetText("genres", "POEM", request), IsOk());
  EXPECT_THAT(codec.SetText("genres", "1", request), IsOk());
  EXPECT_THAT(codec.SetText("imprint.date.year", "2025", request), IsOk());
  EXPECT_THAT(codec.SetText("since_time", "1970-01-01T00:00:01Z", request), IsOk());
  EXPECT_THAT(codec.SetText("readMask", "title,publishTime", request), IsOk());
  EXPECT_THAT(codec.SetText("showDeleted", "true", request), IsOk());
  EXPECT_THAT(request, EqualsProto(R"pb(page_size: 7
                                        genres: POEM
                                        genres: NOVEL
                                        imprint { date { year: 2025 } }
                                        since_time { seconds: 1 }
                                        read_mask { paths: "title" paths: "publish_time" }
                                        show_deleted: true)pb"));
}

TEST(SetText, RefusesUnknownAndUnfitting) {
  test::ListBooksRequest request;
  for (const auto& [path, text] : {std::pair("nope", "1"),
                                   std::pair("imprint", "x"),
                                   std::pair("imprint.nope", "x"),
                                   std::pair("pageSize.x", "1"),
                                   std::pair("", "1"),
                                   std::pair("imprint.", "1"),
                                   std::pair("sinceTime.seconds", "1"),
                                   std::pair("pageSize", "x"),
                                   std::pair("showDeleted", "yes"),
                                   std::pair("showDeleted", "1")}) {
    EXPECT_THAT(TestCodec().SetText(path, text, request), HasReason(reasons::FIELD_INVALID))
        << path;
  }
}

TEST(PathsOf, NamesWhatABodyChanges) {
  const auto document = Document::Parse(
      R"({"title": "", "imprint": {"house": "x", "date": {"year": 2025}}, "authors": [], "publishTime": null, "copies": 1})");
  ASSERT_THAT(document, IsOk());
  EXPECT_THAT(
      TestCodec().PathsOf(*document->root(), test::Book::descriptor()),
      ElementsAre("title", "imprint.house", "imprint.date", "authors", "publish_time", "copies"));
  const auto empty = Document::Parse(R"({"imprint": {}})");
  ASSERT_THAT(empty, IsOk());
  EXPECT_THAT(TestCodec().PathsOf(*empty->root(), test::Book::descriptor()),
              ElementsAre("imprint"));
}

}  // namespace
}  // namespace teraju::gateway::json
