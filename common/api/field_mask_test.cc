#include "common/api/field_mask.h"

#include "common/api/testdata/field_rules_test.pb.h"
#include "common/testing/proto_matchers.h"
#include "common/testing/status_matchers.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace teraju::api {
namespace {

using ::teraju::testing::EqualsProto;
using ::teraju::testing::HasMetadata;
using ::teraju::testing::HasReason;
using ::teraju::testing::IsOk;
using ::testing::AllOf;

testdata::Plan Plan(const std::string& text) {
  testdata::Plan plan;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &plan));
  return plan;
}

testdata::Plan Stored() {
  return Plan(R"pb(
    name: "agencies/a/plans/p"
    display_name: "Old"
    etag: "7"
    agency: "a"
    owner { employee: "e1" note: "n" state: "ACTIVE" }
    items { title: "one" }
    items { title: "two" }
    start_date { year: 2025 month: 1 day: 31 }
    number: 5)pb");
}

google::protobuf::FieldMask Mask(std::initializer_list<const char*> paths) {
  google::protobuf::FieldMask mask;
  for (const char* path : paths) mask.add_paths(path);
  return mask;
}

// Stored() after an update along `mask`.
testdata::Plan Merged(std::initializer_list<const char*> mask, const std::string& update) {
  testdata::Plan stored = Stored();
  EXPECT_THAT(MergeByMask(Mask(mask), Plan(update), stored), IsOk());
  return stored;
}

TEST(MergeByMask, WithoutMaskTakesWhatIsPopulated) {
  testdata::Plan expected = Stored();
  expected.set_display_name("New");
  expected.mutable_owner()->set_employee("e2");
  expected.clear_items();
  expected.add_items()->set_title("three");
  expected.mutable_start_date()->CopyFrom(Plan("start_date { year: 2026 }").start_date());
  EXPECT_THAT(Merged({}, R"pb(
                display_name: "New"
                owner { employee: "e2" }
                items { title: "three" }
                start_date { year: 2026 })pb"),
              EqualsProto(expected));
}

TEST(MergeByMask, TakesNamedPathsOnlyAndClearsWhatIsEmpty) {
  testdata::Plan expected = Stored();
  expected.clear_display_name();
  expected.mutable_owner()->clear_note();
  EXPECT_THAT(Merged({"display_name", "owner.note"}, R"pb(owner { employee: "e2" }
                                                          number: 9)pb"),
              EqualsProto(expected));
  expected = Stored();
  expected.clear_items();
  EXPECT_THAT(Merged({"items"}, ""), EqualsProto(expected));
  expected = Stored();
  EXPECT_THAT(Merged({"delegate.employee"}, ""), EqualsProto(expected));
}

TEST(MergeByMask, StarReplacesEverythingButWhatClientsMayNotWrite) {
  EXPECT_THAT(Merged({"*"}, R"pb(
                name: "other"
                display_name: "New"
                etag: "8"
                agency: "b"
                owner { employee: "e2" state: "GONE" })pb"),
              EqualsProto(R"pb(
                name: "agencies/a/plans/p"
                display_name: "New"
                etag: "7"
                agency: "a"
                owner { employee: "e2" state: "ACTIVE" })pb"));
}

TEST(MergeByMask, NeverTouchesOutputOnlyImmutableAndIdentifier) {
  for (const char* path : {"name", "etag", "agency", "owner.state", "create_time"}) {
    EXPECT_THAT(Merged({path}, R"pb(
                  name: "x"
                  etag: "x"
                  agency: "x"
                  owner { state: "x" }
                  create_time { seconds: 1 })pb"),
                EqualsProto(Stored()))
        << path;
  }
}

TEST(MergeByMask, SwitchesOneofMembers) {
  testdata::Plan expected = Stored();
  expected.mutable_delegate()->set_employee("e3");
  for (const auto& mask :
       {std::initializer_list<const char*>{}, {"delegate"}, {"delegate.employee"}}) {
    EXPECT_THAT(Merged(mask, R"pb(delegate { employee: "e3" })pb"), EqualsProto(expected));
  }
  testdata::Plan stored = expected;
  ASSERT_THAT(MergeByMask(Mask({"*"}), Stored(), stored), IsOk());
  EXPECT_THAT(stored, EqualsProto(Stored()));
}

TEST(MergeByMask, ReplacesMaps) {
  testdata::Plan stored = Plan("labels { key: 'a' value: '1' }");
  ASSERT_THAT(MergeByMask(Mask({"labels"}), Plan("labels { key: 'b' value: '2' }"), stored),
              IsOk());
  EXPECT_THAT(stored, EqualsProto("labels { key: 'b' value: '2' }"));
}

TEST(MergeByMask, RefusesUnknownPathsAndChangesNothing) {
  for (const char* path : {"",
                           "unknown",
                           "displayName",
                           "owner.unknown",
                           "items.title",
                           "labels.a",
                           "start_date.year",
                           "display_name.x",
                           "owner.",
                           ".owner",
                           "*"}) {
    testdata::Plan stored = Stored();
    EXPECT_THAT(MergeByMask(Mask({"number", path}), testdata::Plan(), stored),
                AllOf(HasReason(errors::reasons::UPDATE_MASK_INVALID), HasMetadata("path", path)))
        << path;
    EXPECT_THAT(stored, EqualsProto(Stored()));
  }
}

}  // namespace
}  // namespace teraju::api
