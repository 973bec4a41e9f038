#include "common/api/page_token.h"

#include "common/api/testdata/field_rules_test.pb.h"
#include "common/testing/status_matchers.h"
#include "gtest/gtest.h"

namespace teraju::api {
namespace {

using ::teraju::testing::HasReason;
using ::teraju::testing::IsOkAndHolds;
using ::teraju::testing::StatusIs;
using ::teraju::testing::ViolatesField;
using ::testing::AllOf;
using ::testing::ElementsAreArray;
using ::testing::IsEmpty;

testdata::ListPlansRequest Query() {
  testdata::ListPlansRequest request;
  request.set_parent("agencies/a");
  request.set_filter("state = OPEN");
  (*request.mutable_labels())["x"] = "1";
  (*request.mutable_labels())["y"] = "2";
  (*request.mutable_labels())["z"] = "3";
  return request;
}

TEST(PageSize, StaysWithinBounds) {
  EXPECT_THAT(PageSize(0, 50, 1000), IsOkAndHolds(50));
  EXPECT_THAT(PageSize(10, 50, 1000), IsOkAndHolds(10));
  EXPECT_THAT(PageSize(5000, 50, 1000), IsOkAndHolds(1000));
  EXPECT_THAT(PageSize(-1, 50, 1000),
              AllOf(StatusIs(absl::StatusCode::kInvalidArgument), ViolatesField("pageSize")));
}

TEST(PageToken, BringsTheKeyBack) {
  for (const std::vector<std::string>& key :
       {std::vector<std::string>{"2025-01-02", "0190163d"},
        std::vector<std::string>{"", std::string("\0\xFF", 2)},
        std::vector<std::string>{std::string(300, 'x')}}) {
    testdata::ListPlansRequest request = Query();
    request.set_page_token(MakePageToken(request, key));
    EXPECT_THAT(ParsePageToken(request), IsOkAndHolds(ElementsAreArray(key)));
    request.set_page_size(7);  // may change from page to page
    EXPECT_THAT(ParsePageToken(request), IsOkAndHolds(ElementsAreArray(key)));
  }
  EXPECT_THAT(ParsePageToken(Query()), IsOkAndHolds(IsEmpty()));
}

TEST(PageToken, BelongsToItsQuery) {
  const std::string token = MakePageToken(Query(), {"k"});
  const auto refused = [&](testdata::ListPlansRequest request) {
    request.set_page_token(token);
    return ParsePageToken(request);
  };
  testdata::ListPlansRequest other = Query();
  other.set_filter("state = CLOSED");
  EXPECT_THAT(refused(other),
              AllOf(StatusIs(absl::StatusCode::kInvalidArgument),
                    HasReason(errors::reasons::PAGE_TOKEN_INVALID)));
  other = Query();
  other.set_parent("agencies/b");
  EXPECT_THAT(refused(other), HasReason(errors::reasons::PAGE_TOKEN_INVALID));
  other = Query();
  (*other.mutable_labels())["x"] = "2";
  EXPECT_THAT(refused(other), HasReason(errors::reasons::PAGE_TOKEN_INVALID));
}

TEST(PageToken, RefusesWhatWasNotIssued) {
  const std::string token = MakePageToken(Query(), {"key"});
  for (const std::string& forged : {std::string("x"),
                                    std::string("1"),
                                    std::string("AAAA"),
                                    token + "A",
                                    token + "=",
                                    " " + token,
                                    token.substr(0, token.size() - 1),
                                    token.substr(0, token.size() - 3)}) {
    testdata::ListPlansRequest request = Query();
    request.set_page_token(forged);
    EXPECT_THAT(ParsePageToken(request), HasReason(errors::reasons::PAGE_TOKEN_INVALID)) << forged;
  }
}

}  // namespace
}  // namespace teraju::api
