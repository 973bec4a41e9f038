#include "common/api/field_rules.h"

#include "common/api/testdata/field_rules_test.pb.h"
#include "common/errors/error.h"
#include "common/testing/proto_matchers.h"
#include "common/testing/status_matchers.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace teraju::api {
namespace {

using ::teraju::testing::EqualsProto;
using ::teraju::testing::HasReason;
using ::teraju::testing::IsOk;
using ::teraju::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

template <typename T>
T Parse(const std::string& text) {
  T message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

// The violations as `field REASON`, in their order.
std::vector<std::string> Faults(google::protobuf::Message& message) {
  const absl::Status status = ApplyFieldRules(message);
  std::vector<std::string> faults;
  if (status.ok()) return faults;
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(status, HasReason(errors::reasons::FIELD_INVALID));
  const auto bad_request = errors::GetDetail<google::rpc::BadRequest>(status);
  for (const auto& violation : bad_request->field_violations()) {
    EXPECT_FALSE(violation.description().empty());
    EXPECT_FALSE(violation.localized_message().message().empty());
    faults.push_back(violation.field() + " " + violation.reason());
  }
  return faults;
}

template <typename T>
std::vector<std::string> FaultsOf(const std::string& text) {
  T message = Parse<T>(text);
  return Faults(message);
}

constexpr char kGoodCreate[] = R"pb(
  parent: "agencies/a"
  plan {
    display_name: "Plan"
    owner { employee: "e" }
    items {
      title: "one"
      weight { value: "50" }
    }
  }
  request_id: "0190163d-8694-439b-aea5-966c26f8ad91")pb";

TEST(ApplyFieldRules, AcceptsAGoodRequest) {
  EXPECT_THAT(FaultsOf<testdata::CreatePlanRequest>(kGoodCreate), IsEmpty());
}

TEST(ApplyFieldRules, ClearsOutputOnlyFieldsEverywhere) {
  auto request = Parse<testdata::CreatePlanRequest>(kGoodCreate);
  const auto clean = request;
  request.mutable_plan()->set_etag("9");
  request.mutable_plan()->mutable_create_time()->set_seconds(1);
  request.mutable_plan()->mutable_owner()->set_state("x");
  request.mutable_plan()->mutable_items(0)->set_result("x");
  ASSERT_THAT(ApplyFieldRules(request), IsOk());
  EXPECT_THAT(request, EqualsProto(clean));

  auto mapped = Parse<testdata::Plan>(
      "display_name: 'Plan' owner { employee: 'e' } items_by_code { key: 'k' value { title: 't' "
      "result: 'x' } }");
  ASSERT_THAT(ApplyFieldRules(mapped), IsOk());
  EXPECT_EQ(mapped.items_by_code().at("k").result(), "");
}

TEST(ApplyFieldRules, TellsAllFaultsWithTheirJsonPaths) {
  EXPECT_THAT(FaultsOf<testdata::CreatePlanRequest>(R"pb(
                plan_id: "-x"
                plan {
                  display_name: "ab"
                  owner { share { value: "x" } }
                  items { weight { value: "100.51" } }
                  items {
                    title: "t"
                    weight { value: "-1" }
                  }
                }
                request_id: "0190163d-8694-739b-aea5-966c26f8ad91")pb"),
              ElementsAre("parent REQUIRED",
                          "planId FORMAT",
                          "plan.displayName TOO_SHORT",
                          "plan.owner.employee REQUIRED",
                          "plan.owner.share VALUE_IMPOSSIBLE",
                          "plan.items[0].title REQUIRED",
                          "plan.items[0].weight TOO_LARGE",
                          "plan.items[1].weight TOO_SMALL",
                          "requestId FORMAT"));
}

TEST(ApplyFieldRules, KnowsEveryKindOfRequiredField) {
  EXPECT_THAT(FaultsOf<testdata::Needs>(""),
              ElementsAre("number REQUIRED",
                          "numberOrZero REQUIRED",
                          "kind REQUIRED",
                          "words REQUIRED",
                          "data REQUIRED",
                          "score REQUIRED"));
  EXPECT_THAT(FaultsOf<testdata::Needs>(
                  "number: 1 number_or_zero: 0 kind: DIRECT words: 'w' data: 'd' score {}"),
              IsEmpty());
  EXPECT_THAT(FaultsOf<testdata::CreatePlanRequest>(
                  "parent: ' \t' plan { display_name: 'Plan' owner { employee: 'e' } }"),
              ElementsAre("parent REQUIRED"));
}

TEST(ApplyFieldRules, ChecksBoundsOfNumbers) {
  using testdata::Forms;
  EXPECT_THAT(FaultsOf<Forms>("count: 1 offset: -5 size: 18446744073709551614"), IsEmpty());
  EXPECT_THAT(FaultsOf<Forms>("count: 10 offset: 9223372036854775807"), IsEmpty());
  EXPECT_THAT(FaultsOf<Forms>("count: 11 offset: -6 size: 18446744073709551615"),
              ElementsAre("count TOO_LARGE", "offset TOO_SMALL", "size TOO_LARGE"));
  EXPECT_THAT(FaultsOf<Forms>("count: -1"), ElementsAre("count TOO_SMALL"));
  EXPECT_THAT(FaultsOf<Forms>("year: 2025 year_text: '2025'"), IsEmpty());
  EXPECT_THAT(FaultsOf<Forms>("year: 25 year_text: '25'"),
              ElementsAre("year FORMAT", "yearText FORMAT"));
}

TEST(ApplyFieldRules, ChecksValuesThatMustExist) {
  EXPECT_THAT(FaultsOf<testdata::Forms>(R"pb(
                score { value: "1,5" }
                day { year: 2025 month: 2 day: 30 }
                cost { units: 1 }
                time { seconds: 253402300800 }
                wait { seconds: 1 nanos: -1 }
                kind: 7)pb"),
              ElementsAre("score VALUE_IMPOSSIBLE",
                          "day VALUE_IMPOSSIBLE",
                          "cost VALUE_IMPOSSIBLE",
                          "time VALUE_IMPOSSIBLE",
                          "wait VALUE_IMPOSSIBLE",
                          "kind VALUE_UNKNOWN"));
}

TEST(ApplyFieldRules, ChecksFormats) {
  EXPECT_THAT(
      FaultsOf<testdata::Forms>(
          "url: 'https://go.id' zone: 'Asia/Jakarta' email: 'a@go.id' codes: 'a' codes: 'b'"),
      IsEmpty());
  EXPECT_THAT(FaultsOf<testdata::Forms>("url: 'x' zone: 'x/y' email: 'x' codes: 'a' codes: '_'"),
              ElementsAre("url FORMAT", "zone FORMAT", "email FORMAT", "codes[1] FORMAT"));
}

TEST(ApplyFieldRules, BoundsTextsAndListsWithoutRules) {
  testdata::Forms forms;
  for (int i = 0; i < 1000; ++i) *forms.mutable_text() += "é";
  for (int i = 0; i < 1000; ++i) forms.add_words("w");
  EXPECT_THAT(Faults(forms), IsEmpty());
  *forms.mutable_text() += "é";
  forms.add_words("w");
  EXPECT_THAT(Faults(forms), ElementsAre("text TOO_LONG", "words TOO_MANY"));
}

TEST(ApplyFieldRules, BoundsTextsAndListsWithRules) {
  EXPECT_THAT(FaultsOf<testdata::Plan>(R"pb(
                display_name: "Elevenchars"
                owner { employee: "e" }
                items { title: "a" }
                items { title: "b" }
                items { title: "c" }
                items { title: "d" })pb"),
              ElementsAre("displayName TOO_LONG", "items TOO_MANY"));
}

TEST(ApplyFieldRules, RefusesTextThatADatabaseCannotHold) {
  testdata::Forms forms;
  forms.set_text(std::string("a\0b", 3));
  forms.add_words("\xC3(");
  EXPECT_THAT(Faults(forms), ElementsAre("text TEXT_INVALID", "words[0] TEXT_INVALID"));
  testdata::Plan plan = Parse<testdata::Plan>("display_name: 'Plan' owner { employee: 'e' }");
  (*plan.mutable_labels())[std::string("k\0", 2)] = "v";
  EXPECT_THAT(Faults(plan), ElementsAre("labels TEXT_INVALID"));
}

TEST(ApplyFieldRules, AnUpdateNeedsOnlyWhatItsMaskNames) {
  using testdata::UpdatePlanRequest;
  EXPECT_THAT(FaultsOf<UpdatePlanRequest>(""), ElementsAre("plan REQUIRED"));
  // No mask: what is populated. A new element of a list is complete.
  EXPECT_THAT(FaultsOf<UpdatePlanRequest>("plan { number: 5 owner { note: 'n' } }"), IsEmpty());
  EXPECT_THAT(FaultsOf<UpdatePlanRequest>("plan { items { } }"),
              ElementsAre("plan.items[0].title REQUIRED"));
  // Paths.
  EXPECT_THAT(FaultsOf<UpdatePlanRequest>("plan { number: 5 } update_mask { paths: 'number' }"),
              IsEmpty());
  EXPECT_THAT(FaultsOf<UpdatePlanRequest>("plan { } update_mask { paths: 'display_name' }"),
              ElementsAre("plan.displayName REQUIRED"));
  EXPECT_THAT(FaultsOf<UpdatePlanRequest>(
                  "plan { owner { note: 'n' } } update_mask { paths: 'owner.note' }"),
              IsEmpty());
  EXPECT_THAT(
      FaultsOf<UpdatePlanRequest>("plan { owner { } } update_mask { paths: 'owner.employee' }"),
      ElementsAre("plan.owner.employee REQUIRED"));
  EXPECT_THAT(
      FaultsOf<UpdatePlanRequest>("plan { owner { } items { } } update_mask { paths: 'owner' }"),
      ElementsAre("plan.owner.employee REQUIRED"));
  EXPECT_THAT(FaultsOf<UpdatePlanRequest>("plan { } update_mask { paths: '*' }"),
              ElementsAre("plan.displayName REQUIRED", "plan.owner REQUIRED"));
  // Values are checked whatever the mask.
  EXPECT_THAT(FaultsOf<UpdatePlanRequest>("plan { display_name: 'x' }"),
              ElementsAre("plan.displayName TOO_SHORT"));
}

TEST(RequestFields, AreFoundByName) {
  auto request = Parse<testdata::CreatePlanRequest>("request_id: 'r' validate_only: true");
  EXPECT_EQ(RequestIdOf(request), "r");
  EXPECT_TRUE(ValidateOnly(request));
  EXPECT_EQ(RequestIdOf(testdata::UpdatePlanRequest()), "");
  EXPECT_FALSE(ValidateOnly(testdata::UpdatePlanRequest()));
}

TEST(RedactedDebugString, LeavesSensitiveFieldsOut) {
  auto request = Parse<testdata::CreatePlanRequest>(
      "parent: 'agencies/a' plan { owner { employee: 'e' note: 'SECRET' } delegate { note: "
      "'SECRET' } }");
  testdata::CreatePlanRequest::GetReflection()->MutableUnknownFields(&request)->AddLengthDelimited(
      99, "SECRET");
  const std::string text = RedactedDebugString(request);
  EXPECT_THAT(text, ::testing::HasSubstr("agencies/a"));
  EXPECT_THAT(text, ::testing::Not(::testing::HasSubstr("SECRET")));
  EXPECT_THAT(request.ShortDebugString(),
              ::testing::HasSubstr("SECRET"));  // the control, and the request is as it was
  testdata::Forms forms;
  forms.set_secret("SECRET");
  EXPECT_EQ(RedactedDebugString(forms), "");
}

}  // namespace
}  // namespace teraju::api
