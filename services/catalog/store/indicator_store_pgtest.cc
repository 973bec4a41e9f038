#include "catalog_migrations.h"
#include "common/testing/pg_test.h"
#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"
#include "services/catalog/store/goal_store.h"
#include "services/catalog/store/indicator_store.h"
#include "teraju/catalog/v1/error_reason.pb.h"

namespace teraju::catalog {
namespace {

using errors::reasons::ETAG_MISMATCH;
using errors::reasons::RESOURCE_EXISTS;
using errors::reasons::RESOURCE_NOT_FOUND;
using ::testing::ElementsAre;
using testing::HasReason;
using testing::IsOk;
using testing::TestCall;

const GoalKey kSupportedGoal{AgencyId("dumai"), StrongId<GoalTag>("s1")};

IndicatorKey IndicatorNamed(std::string id) {
  return {AgencyId("dumai"), StrongId<IndicatorTag>(std::move(id))};
}

v1::Indicator MakeIndicator(const std::string& title) {
  v1::Indicator indicator;
  indicator.set_title(title);
  indicator.set_goal(kSupportedGoal.Name());
  indicator.set_unit_of_measure("hari");
  indicator.set_polarity(v1::Indicator::LOWER_IS_BETTER);
  indicator.mutable_baseline()->set_value("8.50");
  indicator.mutable_target()->set_value("7");
  indicator.set_data_source("Aplikasi antrean");
  return indicator;
}

class IndicatorStoreTest : public testing::PgTest<kMigrations> {
 protected:
  void SetUp() override {
    PgTest::SetUp();
    v1::Goal goal;
    goal.set_kind(v1::Goal::STRATEGIC_GOAL);
    goal.set_first_year(2025);
    goal.set_last_year(2025);
    ASSERT_THAT(database().Write(TestCall(),
                                 [&](postgres::Transaction& tx) {
                                   return GoalStore(tx).Insert(kSupportedGoal, goal);
                                 }),
                IsOk());
  }

  template <typename F>
  auto Write(F change) {
    return database().Write(TestCall(), [&](postgres::Transaction& tx) {
      IndicatorStore store(tx);
      return change(store);
    });
  }
  absl::StatusOr<v1::Indicator> Insert(const std::string& id, const std::string& title) {
    return Write(
        [&](IndicatorStore& s) { return s.Insert(IndicatorNamed(id), MakeIndicator(title)); });
  }
  absl::StatusOr<v1::Indicator> Retitle(const std::string& id, const std::string& title) {
    return Write([&](IndicatorStore& s) {
      return s.UpdateDraft(
          IndicatorNamed(id), api::Precondition::None(), [&](v1::Indicator& draft) {
            draft.set_title(title);
            return absl::OkStatus();
          });
    });
  }
  absl::StatusOr<v1::Indicator> Publish(const std::string& id) {
    return Write([&](IndicatorStore& s) {
      return s.Publish(IndicatorNamed(id), api::Precondition::None(), [&](v1::Indicator& draft) {
        draft.set_state(v1::Indicator::PUBLISHED);
        draft.set_revision(draft.revision() + 1);
        return absl::OkStatus();
      });
    });
  }
  absl::StatusOr<v1::Indicator> Get(const std::string& id) {
    return Write([&](IndicatorStore& s) { return s.Get(IndicatorNamed(id)); });
  }
};

TEST_F(IndicatorStoreTest, KeepsWhatWasInserted) {
  const auto inserted = Insert("i1", "Waktu tanggap");
  ASSERT_THAT(inserted, IsOk());
  EXPECT_EQ(inserted->state(), v1::Indicator::DRAFT);
  EXPECT_EQ(inserted->revision(), 0);
  EXPECT_EQ(inserted->baseline().value(), "8.50");
  EXPECT_EQ(inserted->target().value(), "7");
  EXPECT_THAT(Insert("i1", "Lain"), HasReason(RESOURCE_EXISTS));
}

TEST_F(IndicatorStoreTest, ShowsTheDraftUntilTheFirstPublication) {
  ASSERT_THAT(Insert("i1", "Satu"), IsOk());
  ASSERT_THAT(Retitle("i1", "Dua"), IsOk());
  EXPECT_EQ(Get("i1")->title(), "Dua");
  EXPECT_THAT(Query("SELECT count(*) FROM indicator_revisions"), ElementsAre("1"));
}

TEST_F(IndicatorStoreTest, APublishedRevisionStaysBesideTheDraftOfTheNext) {
  ASSERT_THAT(Insert("i1", "Satu"), IsOk());
  const auto first = Publish("i1");
  ASSERT_THAT(first, IsOk());
  EXPECT_EQ(first->state(), v1::Indicator::PUBLISHED);
  EXPECT_EQ(first->revision(), 1);

  const auto draft = Retitle("i1", "Dua");
  ASSERT_THAT(draft, IsOk());
  EXPECT_EQ(draft->title(), "Dua");
  EXPECT_EQ(draft->state(), v1::Indicator::DRAFT);
  EXPECT_EQ(draft->revision(), 1);
  EXPECT_EQ(Get("i1")->title(), "Satu");

  ASSERT_THAT(Publish("i1"), IsOk());
  EXPECT_EQ(Get("i1")->title(), "Dua");
  EXPECT_EQ(Get("i1")->revision(), 2);
  const auto old = Write([&](IndicatorStore& s) { return s.GetRevision(IndicatorNamed("i1"), 1); });
  ASSERT_THAT(old, IsOk());
  EXPECT_EQ(old->title(), "Satu");
  EXPECT_EQ(old->revision(), 1);
}

TEST_F(IndicatorStoreTest, WithoutADraftPublishingChangesNothing) {
  ASSERT_THAT(Insert("i1", "Satu"), IsOk());
  const auto first = Publish("i1");
  const auto again = Publish("i1");
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->SerializeAsString(), first->SerializeAsString());
}

TEST_F(IndicatorStoreTest, GivesNoDraftAsARevision) {
  ASSERT_THAT(Insert("i1", "Satu"), IsOk());
  const auto revision = [&](int n) {
    return Write([&](IndicatorStore& s) { return s.GetRevision(IndicatorNamed("i1"), n); });
  };
  const auto draft = [&] {
    return Write([&](IndicatorStore& s) { return s.GetDraft(IndicatorNamed("i1")); });
  };
  EXPECT_THAT(revision(1), HasReason(RESOURCE_NOT_FOUND));
  EXPECT_THAT(draft(), IsOk());
  ASSERT_THAT(Publish("i1"), IsOk());
  EXPECT_THAT(revision(1), IsOk());
  EXPECT_THAT(draft(), HasReason(v1::DRAFT_MISSING));
}

TEST_F(IndicatorStoreTest, ChecksTheEtag) {
  ASSERT_THAT(Insert("i1", "Satu"), IsOk());
  EXPECT_THAT(Write([&](IndicatorStore& s) {
                return s.UpdateDraft(IndicatorNamed("i1"),
                                     api::Precondition::FromEtag("\"9\""),
                                     [](v1::Indicator&) { return absl::OkStatus(); });
              }),
              HasReason(ETAG_MISMATCH));
}

TEST_F(IndicatorStoreTest, ListsWhatGetReturns) {
  ASSERT_THAT(Insert("i1", "Satu"), IsOk());
  ASSERT_THAT(Insert("i2", "Dua"), IsOk());
  ASSERT_THAT(Publish("i2"), IsOk());
  ASSERT_THAT(Retitle("i2", "Rancangan"), IsOk());
  const auto list = [&](IndicatorQuery query) {
    query.agency = AgencyId("dumai");
    query.scope.agency = true;
    query.limit = 10;
    return *Write([&](IndicatorStore& s) { return s.List(query); });
  };
  EXPECT_EQ(list({}).size(), 2u);
  EXPECT_EQ(list({.goal_id = "s1", .after_id = "i1"}).size(), 1u);
  EXPECT_EQ(list({.goal_id = "s2"}).size(), 0u);
  const auto published = list({.state = v1::Indicator::PUBLISHED});
  ASSERT_EQ(published.size(), 1u);
  EXPECT_EQ(published[0].title(), "Dua");
}

}  // namespace
}  // namespace teraju::catalog
