#include <algorithm>
#include <cmath>
#include <future>
#include <map>
#include <numeric>
#include <thread>

#include "common/testing/check_line.h"
#include "common/testing/pg_test.h"
#include "common/testing/status_matchers.h"
#include "feedback_migrations.h"
#include "services/feedback/api/test_linkage.h"
#include "services/feedback/domain/report.h"
#include "services/feedback/domain/response_token.h"
#include "services/feedback/store/answer_store.h"
#include "services/feedback/store/report_store.h"
#include "services/feedback/store/request_store.h"
#include "services/feedback/store/store_test_data.h"

namespace teraju::feedback {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::IsOk;
using ::testing::SizeIs;
using testing::TestCall;
using ::testing::UnorderedElementsAre;

const std::string kKey(32, 'k');

AnswerSlot Slot(const std::string& rater, const std::string& ratee, v1::RaterGroup group) {
  return {.pseudonym = domain::Pseudonym(kKey, rater),
          .ratee = ratee,
          .group = group,
          .token_hash = domain::HashToken(rater + ratee)};
}

class AnswerStoreTest : public testing::PgTest<kMigrations> {
 protected:
  void SetUp() override {
    PgTest::SetUp();
    for (const std::string& table : Query(kOpenTables)) Query("DROP TABLE " + table);
    Write([](postgres::Transaction& tx) {
      InsertCampaign(tx);
      AnswerStore(tx).Open(kCampaignKey,
                           kKey,
                           {Slot("employees/b", "employees/a", v1::PEER),
                            Slot("employees/c", "employees/a", v1::PEER),
                            Slot("employees/b", "employees/c", v1::SUPERIOR)});
      EXPECT_THAT(SetState(tx, v1::Campaign::OPEN), IsOk());
    });
  }
  template <typename F>
  void Write(F fn) {
    const absl::Status status = database().Write(TestCall(), [&](postgres::Transaction& tx) {
      fn(tx);
      return absl::OkStatus();
    });
    EXPECT_THAT(status, IsOk());
  }
  bool Submit(const std::string& token,
              std::vector<int> values,
              bool draft = false,
              absl::Duration later = absl::ZeroDuration()) {
    bool accepted = false;
    Write([&](postgres::Transaction& tx) {
      accepted = AnswerStore(tx).Submit(kCampaignKey.id,
                                        domain::HashToken(token),
                                        values,
                                        "komentar",
                                        draft,
                                        tx.call().time() + later);
    });
    return accepted;
  }
};

TEST_F(AnswerStoreTest, StoresAnAnswerInTheSlotOfItsToken) {
  EXPECT_TRUE(Submit("employees/bemployees/a", {4, 2}));
  EXPECT_TRUE(Submit("employees/bemployees/a", {5, 3}));
  EXPECT_FALSE(Submit("employees/xemployees/a", {5, 3}));
  Write([](postgres::Transaction& tx) {
    AnswerStore store(tx);
    const auto answers = store.ListOpen(kCampaignKey);
    ASSERT_THAT(answers, SizeIs(1));
    EXPECT_THAT(answers[0].answer.values, ElementsAre(5, 3));
    EXPECT_EQ(answers[0].answer.comment, "komentar");
    EXPECT_EQ(answers[0].answer.group, v1::PEER);
    EXPECT_EQ(answers[0].pseudonym, domain::Pseudonym(kKey, "employees/b"));
    EXPECT_THAT(store.ListAnswered(kCampaignKey, answers[0].pseudonym), ElementsAre("employees/a"));
    EXPECT_EQ(store.FindKey(kCampaignKey), kKey);
    EXPECT_EQ(store.FindForm(kCampaignKey.id)->items_size(), 2);
  });
}

TEST_F(AnswerStoreTest, DoesNotCountADraft) {
  EXPECT_TRUE(Submit("employees/bemployees/a", {4, 0}, true));
  Write([](postgres::Transaction& tx) {
    EXPECT_THAT(AnswerStore(tx).ListOpen(kCampaignKey), IsEmpty());
  });
}

TEST_F(AnswerStoreTest, TakesNothingAfterTheEndOrOutsideTheOpenState) {
  EXPECT_FALSE(Submit("employees/bemployees/a", {4, 2}, false, absl::Hours(25)));
  EXPECT_TRUE(Submit("employees/bemployees/a", {4, 2}, false, absl::Hours(23)));
  Write([](postgres::Transaction& tx) {
    EXPECT_THAT(SetState(tx, v1::Campaign::CLOSING), IsOk());
    EXPECT_FALSE(AnswerStore(tx).Accepts(
        kCampaignKey.id, domain::HashToken("employees/bemployees/a"), tx.call().time()));
    EXPECT_FALSE(AnswerStore(tx).FindForm(kCampaignKey.id).has_value());
  });
  EXPECT_FALSE(Submit("employees/bemployees/a", {1, 1}));
}

TEST_F(AnswerStoreTest, WithdrawsASlotUnlessItsAnswerWasSent) {
  EXPECT_TRUE(Submit("employees/bemployees/a", {4, 2}));
  EXPECT_TRUE(Submit("employees/cemployees/a", {4, 2}, true));
  Write([](postgres::Transaction& tx) {
    AnswerStore store(tx);
    EXPECT_FALSE(
        store.Withdraw(kCampaignKey, domain::Pseudonym(kKey, "employees/b"), "employees/a"));
    EXPECT_TRUE(
        store.Withdraw(kCampaignKey, domain::Pseudonym(kKey, "employees/c"), "employees/a"));
  });
  EXPECT_FALSE(Submit("employees/cemployees/a", {4, 2}));
}

// One answer per rater and ratee: the database itself refuses a second place for it.
TEST_F(AnswerStoreTest, HasOnePlacePerRaterAndRatee) {
  AnswerSlot second = Slot("employees/b", "employees/a", v1::SUBORDINATE);
  second.token_hash = domain::HashToken("another token");
  const CampaignKey other{kAgency, CampaignId("01890000-0000-7000-8000-0000000000c2")};
  const absl::Status status = database().Write(TestCall(), [&](postgres::Transaction& tx) {
    InsertCampaign(tx, other);
    AnswerStore(tx).Open(other, kKey, {Slot("employees/b", "employees/a", v1::PEER), second});
    return absl::OkStatus();
  });
  EXPECT_EQ(status.code(), absl::StatusCode::kAlreadyExists);
}

TEST_F(AnswerStoreTest, KeepsTheChosenGroupsAndDropsTheRest) {
  EXPECT_TRUE(Submit("employees/bemployees/a", {4, 2}));
  EXPECT_TRUE(Submit("employees/cemployees/a", {1, 3}));
  EXPECT_TRUE(Submit("employees/bemployees/c", {5, 5}));
  Write([](postgres::Transaction& tx) {
    AnswerStore store(tx);
    const std::vector<domain::RateeGroup> groups = {{"employees/a", v1::PEER}};
    store.Keep(kCampaignKey, groups);
    store.Drop(kCampaignKey);
    EXPECT_EQ(store.FindKey(kCampaignKey), std::nullopt);
    EXPECT_THAT(store.ListOpen(kCampaignKey), IsEmpty());
  });
  EXPECT_THAT(Query("SELECT ratee || rater_group || item_values::text FROM answers"),
              UnorderedElementsAre("employees/aPEER{4,2}", "employees/aPEER{1,3}"));
  EXPECT_THAT(Query("SELECT answer_id FROM answers WHERE substr(answer_id::text, 15, 1) <> '4'"),
              IsEmpty());
  EXPECT_THAT(Query(kOpenTables), IsEmpty());
}

// Whoever closes waits for an answer that is on its way, so that none is lost or slips in later.
TEST_F(AnswerStoreTest, AwaitsAnAnswerThatIsOnItsWay) {
  std::promise<void> submitted;
  std::promise<void> finish;
  std::thread rater([&] {
    Write([&](postgres::Transaction& tx) {
      EXPECT_TRUE(AnswerStore(tx).Submit(kCampaignKey.id,
                                         domain::HashToken("employees/bemployees/a"),
                                         {4, 2},
                                         "",
                                         false,
                                         tx.call().time()));
      submitted.set_value();
      finish.get_future().wait();
    });
  });
  submitted.get_future().wait();
  Write(
      [](postgres::Transaction& tx) { EXPECT_THAT(SetState(tx, v1::Campaign::CLOSING), IsOk()); });
  std::size_t seen = 0;
  std::thread closer([&] {
    Write([&](postgres::Transaction& tx) {
      AnswerStore store(tx);
      store.AwaitRunning();
      seen = store.ListOpen(kCampaignKey).size();
    });
  });
  // The closer waits for the lock of the rater's transaction.
  while (Query("SELECT 1 FROM pg_locks WHERE NOT granted AND mode = 'ExclusiveLock'"
               " AND relation = 'open_answers'::regclass")
             .empty()) {
    std::this_thread::yield();
  }
  finish.set_value();
  rater.join();
  closer.join();
  EXPECT_EQ(seen, 1U);
}

TEST_F(AnswerStoreTest, FindsPublishedReportsByReach) {
  Write([](postgres::Transaction& tx) {
    const std::vector<domain::ReportingLine> lines = {
        {"employees/a", "employees/head", "u1", {"u1", "root"}},
        {"employees/c", "employees/b", "u2", {"u2", "root"}}};
    CampaignStore(tx).InsertRatees(kCampaignKey, lines);
    std::vector<domain::RateeReport> reports(2);
    reports[0].ratee = "employees/a";
    reports[0].report.set_overall_explanation_en("a");
    reports[1].ratee = "employees/c";
    ReportStore(tx).InsertAll(kCampaignKey, reports);
    v1::CampaignCounts counts;
    const auto closed = CampaignStore(tx).Update(
        kCampaignKey, api::Precondition::None(), [&](v1::Campaign& campaign) {
          campaign.set_state(v1::Campaign::CLOSED);
          *campaign.mutable_counts() = counts;
          *campaign.mutable_close_time() = domain::ToTimestamp(tx.call().time());
          return absl::OkStatus();
        });
    EXPECT_THAT(closed, IsOk());

    const auto ratees = [&](ReportQuery query) {
      query.campaign = kCampaignKey;
      std::vector<std::string> found;
      for (const StoredReport& report : ReportStore(tx).List(query)) found.push_back(report.ratee);
      return found;
    };
    EXPECT_THAT(ratees({.scope = {.agency = true}}),
                UnorderedElementsAre("employees/a", "employees/c"));
    EXPECT_THAT(ratees({.scope = {.agency = true}, .unit = "u2"}), ElementsAre("employees/c"));
    EXPECT_THAT(ratees({.scope = {.agency = true}, .ratee = "employees/a"}),
                ElementsAre("employees/a"));
    EXPECT_THAT(ratees({.scope = {.self = true, .appraiser = true}, .caller = "employees/b"}),
                ElementsAre("employees/c"));
    EXPECT_THAT(ratees({.scope = {.self = true}, .caller = "employees/a"}),
                ElementsAre("employees/a"));
    EXPECT_THAT(ratees({.scope = {.units = {"u1"}}}), ElementsAre("employees/a"));
    EXPECT_THAT(ratees({.scope = {}, .caller = "employees/a"}), IsEmpty());

    const auto page = ReportStore(tx).List(
        {.campaign = kCampaignKey, .scope = {.agency = true}, .ratee = "employees/a"});
    const auto found = ReportStore(tx).Find(kCampaignKey, api::IdOf(page.at(0).report.name()));
    ASSERT_TRUE(found.has_value());
    EXPECT_EQ(found->report.overall_explanation_en(), "a");
    EXPECT_EQ(found->report.unit(), "u1");
    EXPECT_EQ(found->appraiser, "employees/head");
    EXPECT_THAT(found->unit_path, ElementsAre("u1", "root"));
    EXPECT_FALSE(ReportStore(tx).Find(kCampaignKey, "nothing").has_value());
  });
}

// A03. The order in which answers came is in nothing that remains: neither in how they lie on disk,
// nor in how they are returned, nor in any time beside them.
class OrderTest : public AnswerStoreTest {
 protected:
  static constexpr int kGroups = 1000;
  static constexpr int kAnswers = 6;

  // Each answer holds its own number in its group.
  void Fill() {
    Query(
        "INSERT INTO open_answers SELECT agency_id, campaign_id,"
        " sha256(('p' || g || ' ' || i)::bytea), 'employees/g' || g, 'PEER',"
        " sha256(('t' || g || ' ' || i)::bytea), 'ANSWERED', ARRAY[i]::smallint[], ''"
        " FROM campaigns, generate_series(1, 6) AS i, generate_series(0, 999) AS g ORDER BY i, g");
    std::vector<domain::RateeGroup> groups;
    for (int g = 0; g < kGroups; ++g)
      groups.push_back({.ratee = "employees/g" + std::to_string(g), .group = v1::PEER});
    Write([&](postgres::Transaction& tx) { AnswerStore(tx).Keep(kCampaignKey, groups); });
  }
  // How far the order is that of submission, in standard deviations of what chance gives.
  static double Deviation(const std::vector<std::vector<std::size_t>>& groups) {
    constexpr double kVariance = 2.0 * (2 * kAnswers + 5) / (9.0 * kAnswers * (kAnswers - 1));
    double sum = 0;
    for (const std::vector<std::size_t>& order : groups) {
      std::vector<std::size_t> submitted(order.size());
      std::iota(submitted.begin(), submitted.end(), 0);
      sum += KendallTau(order, submitted);
    }
    return sum / std::sqrt(kVariance * static_cast<double>(groups.size()));
  }
  double DeviationOf(const std::string& table, const std::string& order) {
    std::map<std::string, std::vector<std::size_t>> groups;
    const std::string answers_in_order = "SELECT ratee || ' ' || item_values[1] FROM " + table +
                                         " WHERE ratee LIKE '%/g%' ORDER BY " + order;
    for (const std::string& row : Query(answers_in_order)) {
      const std::size_t blank = row.find(' ');
      groups[row.substr(0, blank)].push_back(std::stoul(row.substr(blank + 1)));
    }
    EXPECT_THAT(groups, SizeIs(kGroups));
    std::vector<std::vector<std::size_t>> orders;
    for (auto& [ratee, answers] : groups) orders.push_back(std::move(answers));
    return Deviation(orders);
  }
  // Of the comments of reports.
  static double DeviationOfComments() {
    v1::Questionnaire questionnaire;
    questionnaire.set_scale_minimum(1);
    questionnaire.set_scale_maximum(5);
    questionnaire.add_items()->set_item_id("i1");
    v1::Campaign campaign;
    campaign.set_threshold(3);
    campaign.set_text_threshold(5);
    std::vector<std::vector<std::size_t>> orders;
    for (int g = 0; g < kGroups; ++g) {
      domain::RateeFeedback feedback{.asked = {v1::PEER}};
      for (int i = 0; i < kAnswers; ++i)
        feedback.answers.push_back({v1::PEER, {2 + i % 3}, std::to_string(i)});
      const auto report = domain::MakeReport(questionnaire, campaign, feedback, g);
      EXPECT_THAT(report, IsOk());
      EXPECT_EQ(report->comments_size(), kAnswers);
      auto& order = orders.emplace_back();
      for (const std::string& comment : report->comments()) order.push_back(std::stoul(comment));
    }
    return Deviation(orders);
  }
};

TEST_F(OrderTest, OfSubmissionIsInNothingThatRemains) {
  // One run in a million is further off by chance.
  constexpr double kBound = 5;
  testing::CheckLine line("A03", "deviations from a random order, and times", "5");
  Fill();
  const double worst = std::max({std::abs(DeviationOf("answers", "ctid")),
                                 std::abs(DeviationOf("answers", "answer_id")),
                                 std::abs(DeviationOfComments())});
  EXPECT_LT(worst, kBound);
  EXPECT_THAT(Query("SELECT table_name || '.' || column_name FROM information_schema.columns"
                    " WHERE table_name IN ('answers', 'open_answers', 'feedback_requests',"
                    " 'citizen_answers', 'open_citizen_answers')"
                    " AND (data_type ~ 'timestamp|date|time' OR column_default LIKE 'nextval%'"
                    " OR is_identity = 'YES')"),
              IsEmpty());
  // The control: answers copied as they came are found.
  EXPECT_GT(DeviationOf("open_answers", "ctid"), kBound);
  line.Set(worst, kGroups);
}

}  // namespace
}  // namespace teraju::feedback
