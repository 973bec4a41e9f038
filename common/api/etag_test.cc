#include "common/api/etag.h"

#include "common/testing/status_matchers.h"
#include "gtest/gtest.h"

namespace teraju::api {
namespace {

using ::teraju::testing::HasReason;
using ::teraju::testing::IsOk;
using ::teraju::testing::StatusIs;

TEST(Etag, IsTheQuotedVersion) { EXPECT_EQ(MakeEtag(7), "\"7\""); }

TEST(Precondition, HoldsWhenNoneIsGiven) {
  EXPECT_THAT(Precondition::None().Check(7, "agencies/a"), IsOk());
  EXPECT_THAT(Precondition::FromEtag("").Check(7, "agencies/a"), IsOk());
}

TEST(Precondition, HoldsForTheVersionOnly) {
  EXPECT_THAT(Precondition::FromEtag(MakeEtag(7)).Check(7, "agencies/a"), IsOk());
  EXPECT_THAT(Precondition::FromEtag(MakeEtag(7)).Check(8, "agencies/a"),
              StatusIs(absl::StatusCode::kAborted));
  EXPECT_THAT(Precondition::FromEtag(MakeEtag(7)).Check(8, "agencies/a"),
              HasReason(errors::reasons::ETAG_MISMATCH));
}

TEST(Precondition, NeverHoldsForWhatIsNotOurs) {
  for (const char* etag : {"7",
                           "\"7",
                           "7\"",
                           "\"07\"",
                           "\"+7\"",
                           "\"7 \"",
                           "W/\"7\"",
                           "\"\"",
                           "\"",
                           "*",
                           "\"99999999999999999999\"",
                           "\"x\""}) {
    EXPECT_THAT(Precondition::FromEtag(etag).Check(7, "r"), StatusIs(absl::StatusCode::kAborted))
        << etag;
    EXPECT_THAT(Precondition::FromEtag(etag).Check(0, "r"), StatusIs(absl::StatusCode::kAborted))
        << etag;
  }
}

}  // namespace
}  // namespace teraju::api
