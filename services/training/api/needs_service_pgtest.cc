#include "services/training/api/training_fixture.h"

namespace teraju::training {
namespace {

using errors::reasons::ETAG_MISMATCH;
using errors::reasons::PERMISSION_DENIED;
using errors::reasons::RESOURCE_EXISTS;
using testing::Caller;
using ::testing::ElementsAre;
using testing::HasReason;
using ::testing::IsEmpty;
using testing::IsOk;
using ::testing::UnorderedElementsAre;
using testing::ViolatesField;
using NeedsStub = v1::Needs::StubInterface;

class NeedsServiceTest : public TrainingApiTest {
 protected:
  absl::StatusOr<google::longrunning::Operation> Derive(const Caller& caller) {
    v1::DeriveNeedsRequest request;
    request.set_parent("agencies/dumai");
    request.set_fiscal_year(2026);
    request.set_period("agencies/dumai/cycles/2025/periods/year");
    request.set_feedback_campaign("agencies/dumai/campaigns/c1");
    return Call<v1::Needs>(caller, &NeedsStub::DeriveNeeds, request);
  }
  std::vector<std::string> List(const Caller& caller, v1::ListNeedsRequest request = {}) {
    request.set_parent("agencies/dumai");
    const auto list = Call<v1::Needs>(caller, &NeedsStub::ListNeeds, request);
    if (!list.ok()) return {errors::ReasonOf(list.status())};
    std::vector<std::string> texts;
    for (const v1::Need& need : list->needs()) {
      texts.push_back(api::IdOf(need.employee()) + " " + need.topic() + " " +
                      need.weight().value());
    }
    next_page_ = list->next_page_token();
    return texts;
  }
  absl::StatusOr<v1::Need> Dismiss(const Caller& caller, const v1::Need& need) {
    v1::DismissNeedRequest request;
    request.set_name(need.name());
    request.set_etag(need.etag());
    request.set_comment("Sudah mengikuti");
    return Call<v1::Needs>(caller, &NeedsStub::DismissNeed, request);
  }
  void AddAppraisal(const std::string& employee, bool below, const std::string& unit = "bidang") {
    evaluation_.appraisals.push_back(
        {.employee = "agencies/dumai/employees/" + employee,
         .unit_path = {"agencies/dumai/units/" + unit, "agencies/dumai/units/kota"},
         .appraiser = "agencies/dumai/employees/ani",
         .segment_start = absl::CivilDay(2025, 1, 1),
         .result_below = below});
  }

  std::string next_page_;
};

TEST_F(NeedsServiceTest, ThePersonAndTheSuperiorEnterNeeds) {
  const auto own = AddNeed(kBudi, "budi", "KOMPETEN");
  ASSERT_THAT(own, IsOk());
  EXPECT_EQ(own->source(), v1::Need::SELF);
  EXPECT_EQ(own->state(), v1::Need::PROPOSED);
  EXPECT_EQ(own->fiscal_year(), 2026);
  EXPECT_EQ(own->appraiser(), "agencies/dumai/employees/ani");
  EXPECT_EQ(own->unit(), "agencies/dumai/units/bidang");
  const auto superiors = AddNeed(kAni, "budi", "ADAPTIF");
  ASSERT_THAT(superiors, IsOk());
  EXPECT_EQ(superiors->source(), v1::Need::SUPERIOR);
  EXPECT_EQ(superiors->state(), v1::Need::CONFIRMED);
  EXPECT_THAT(AddNeed(kAni, "budi", "KOMPETEN"), HasReason(RESOURCE_EXISTS));
  EXPECT_THAT(AddNeed(kCitra, "budi", "LOYAL"), HasReason(PERMISSION_DENIED));
  EXPECT_THAT(AddNeed(kAni, "nobody", "LOYAL"), HasReason(PERMISSION_DENIED));
}

TEST_F(NeedsServiceTest, EachSeesWhatIsWithinReach) {
  ASSERT_THAT(AddNeed(kBudi, "budi", "KOMPETEN"), IsOk());
  ASSERT_THAT(AddNeed(kCitra, "citra", "LOYAL"), IsOk());
  EXPECT_THAT(List(kBudi), ElementsAre("budi KOMPETEN 3.0"));
  EXPECT_EQ(List(kAni).size(), 2u);
  EXPECT_EQ(List(kHr).size(), 2u);
  EXPECT_EQ(List(kUnitHr).size(), 2u);
  EXPECT_THAT(List({.subject = "employees/eko", .agency = "dumai"}), IsEmpty());
  EXPECT_THAT(List({.subject = "employees/eko", .agency = "plaju"}),
              ElementsAre("PERMISSION_DENIED"));
}

TEST_F(NeedsServiceTest, ListsTheMostUrgentFirstPageByPage) {
  ASSERT_THAT(AddNeed(kBudi, "budi", "KOMPETEN"), IsOk());
  ASSERT_THAT(AddNeed(kAni, "citra", "LOYAL"), IsOk());
  ASSERT_THAT(AddNeed(kAni, "budi", "ADAPTIF"), IsOk());
  v1::ListNeedsRequest request;
  request.set_page_size(2);
  EXPECT_THAT(List(kHr, request), UnorderedElementsAre("citra LOYAL 5.0", "budi ADAPTIF 5.0"));
  request.set_page_token(next_page_);
  EXPECT_THAT(List(kHr, request), ElementsAre("budi KOMPETEN 3.0"));
  EXPECT_THAT(next_page_, IsEmpty());
  request = {};
  request.set_employee("agencies/dumai/employees/budi");
  request.set_state(v1::Need::CONFIRMED);
  request.set_unit("agencies/dumai/units/dinas");
  request.set_fiscal_year(2026);
  EXPECT_THAT(List(kHr, request), ElementsAre("budi ADAPTIF 5.0"));
  request.set_fiscal_year(2027);
  EXPECT_THAT(List(kHr, request), IsEmpty());
}

TEST_F(NeedsServiceTest, DerivesFromResultsAndFeedback) {
  AddAppraisal("budi", true);
  AddAppraisal("citra", false);
  feedback_.topics = {{.employee = "agencies/dumai/employees/citra",
                       .topic = "HARMONIS",
                       .mean = *Decimal::Parse("2.6")}};
  const auto operation = Derive(kHr);
  EXPECT_EQ(EndOf(operation), "SUCCEEDED");
  EXPECT_THAT(List(kHr), ElementsAre("budi KOMPETEN 5.0", "citra HARMONIS 4.0"));
  EXPECT_THAT(List(kBudi), ElementsAre("budi KOMPETEN 5.0"));
  EXPECT_THAT(Query("SELECT type FROM outbox"), ElementsAre("needs.derived"));
}

TEST_F(NeedsServiceTest, DerivesFromCompetencyGaps) {
  AddAppraisal("budi", false);
  evaluation_.gaps = {{"agencies/dumai/employees/budi", "KERJA_SAMA", 1, 3}};
  ASSERT_EQ(EndOf(Derive(kHr)), "SUCCEEDED");
  EXPECT_THAT(List(kHr), ElementsAre("budi KERJA_SAMA 6.0"));
  EXPECT_THAT(Query("SELECT source FROM needs"), ElementsAre("COMPETENCY"));
  evaluation_.gaps.front().level = 2;
  ASSERT_EQ(EndOf(Derive(kHr)), "SUCCEEDED");
  EXPECT_THAT(List(kHr), ElementsAre("budi KERJA_SAMA 3.0"));
}

TEST_F(NeedsServiceTest, DerivingAgainBringsProposedUpToDateAndLeavesTheRest) {
  AddAppraisal("budi", true);
  AddAppraisal("citra", true);
  AddAppraisal("dewi", true);
  ASSERT_EQ(EndOf(Derive(kHr)), "SUCCEEDED");
  // Dewi's need is dismissed, and what budi's superior enters stands beside.
  v1::ListNeedsRequest of_dewi;
  of_dewi.set_parent("agencies/dumai");
  of_dewi.set_employee("agencies/dumai/employees/dewi");
  const auto needs = Call<v1::Needs>(kHr, &NeedsStub::ListNeeds, of_dewi);
  ASSERT_THAT(needs, IsOk());
  ASSERT_EQ(needs->needs_size(), 1);
  ASSERT_THAT(Dismiss(kAni, needs->needs(0)), IsOk());
  const std::string before = Query("SELECT version FROM needs WHERE employee LIKE '%/budi'")[0];
  for (auto& appraisal : evaluation_.appraisals) {
    if (appraisal.employee.ends_with("budi")) continue;
    appraisal.mean_achievement = *Decimal::Parse("80");
  }
  ASSERT_EQ(EndOf(Derive(kHr)), "SUCCEEDED");
  EXPECT_THAT(Query("SELECT weight FROM needs ORDER BY employee"),
              ElementsAre("5.0", "7.0", "5.0"));
  EXPECT_THAT(Query("SELECT state FROM needs ORDER BY employee"),
              ElementsAre("PROPOSED", "PROPOSED", "DISMISSED"));
  EXPECT_THAT(Query("SELECT version FROM needs WHERE employee LIKE '%/budi'"), ElementsAre(before));
}

TEST_F(NeedsServiceTest, RefusesToDeriveTooEarlyOrForStrangers) {
  EXPECT_THAT(Derive(kBudi), HasReason(PERMISSION_DENIED));
  evaluation_.published = false;
  EXPECT_THAT(Derive(kHr), HasReason(v1::RESULTS_NOT_PUBLISHED));
  v1::DeriveNeedsRequest request;
  request.set_parent("agencies/dumai");
  request.set_fiscal_year(2026);
  request.set_period("agencies/plaju/cycles/2025/periods/year");
  EXPECT_THAT(Call<v1::Needs>(kHr, &NeedsStub::DeriveNeeds, request), ViolatesField("period"));
  EXPECT_THAT(Query("SELECT operation_id FROM operations"), IsEmpty());
}

TEST_F(NeedsServiceTest, DismissesOnceUnderItsEtag) {
  const auto need = AddNeed(kBudi, "budi", "KOMPETEN");
  ASSERT_THAT(need, IsOk());
  EXPECT_THAT(Dismiss(kBudi, *need), HasReason(PERMISSION_DENIED));
  EXPECT_THAT(Dismiss(kAni, *need), IsOk());
  EXPECT_THAT(Dismiss(kAni, *need), HasReason(ETAG_MISMATCH));
  v1::Need again = *need;
  again.clear_etag();
  EXPECT_THAT(Dismiss(kHr, again), HasReason(v1::NEED_DECIDED));
  EXPECT_THAT(Query("SELECT actor FROM audit_events WHERE type = 'need.dismissed'"),
              ElementsAre("employees/ani"));
}

}  // namespace
}  // namespace teraju::training
