// Nobody can join a rater to an answer: while a campaign is open only its key can, afterwards
// nothing. The attacker holds every row of every table; each way of joining is shown to work on a
// leak that is planted.
#include <algorithm>
#include <cmath>
#include <random>

#include "absl/strings/str_join.h"
#include "common/testing/check_line.h"
#include "services/feedback/api/feedback_fixture.h"
#include "services/feedback/api/test_linkage.h"

namespace teraju::feedback {
namespace {

using testing::HasReason;
using ::testing::IsEmpty;
using testing::IsOk;
using ::testing::SizeIs;

constexpr int kStaff = 12;
constexpr int kItems = 6;
// Five standard deviations of tau for sixty answers in random order.
constexpr double kChance = 0.45;

class AnonymityTest : public FeedbackApiTest {
 protected:
  AnonymityTest() {
    identity_.staff = kStaff;
    raters_ = {"employees/head", "officials/mayor"};
    for (int i = 0; i < kStaff; ++i) raters_.push_back("employees/r" + std::to_string(i));
  }

  struct Given {
    std::string rater;
    std::string ratee;
    v1::RaterGroup group;
    std::string values;  // as PostgreSQL prints them: different for every answer
  };

  // Everybody answers in random order; of r0's peers only two do.
  std::string OpenAndAnswer() {
    const auto made =
        Call<v1::Campaigns>(kHr,
                            &v1::Campaigns::StubInterface::CreateCampaign,
                            NewCampaign(Questionnaire(v1::Questionnaire::MULTI_RATER, kItems)));
    EXPECT_THAT(made, IsOk());
    Suggest(made->name(), 5, 5);
    EXPECT_THAT(Launch(made->name()), IsOk());
    std::vector<std::pair<std::string, v1::FeedbackRequest>> tasks;
    int peers_of_r0 = 0;
    for (const std::string& rater : raters_) {
      for (const v1::FeedbackRequest& request : Requests(made->name(), rater)) {
        const bool r0 = request.ratee() == "agencies/dumai/employees/r0";
        if (r0 && request.group() == v1::PEER && ++peers_of_r0 > 2) continue;
        tasks.emplace_back(rater, request);
      }
    }
    std::mt19937 random(7);
    std::shuffle(tasks.begin(), tasks.end(), random);
    for (std::size_t i = 0; i < tasks.size(); ++i) {
      const auto& [rater, request] = tasks[i];
      EXPECT_THAT(Submit(Answer(request.response_token(), Values(i))), IsOk());
      // Nothing to be polled: no number appears, let alone changes, before closing.
      EXPECT_THAT(Reports(kEvaluation, made->name()), HasReason(v1::REPORT_NOT_PUBLISHED));
      given_.push_back({rater,
                        request.ratee().substr(std::string("agencies/dumai/").size()),
                        request.group(),
                        "[" + absl::StrJoin(Values(i), ", ") + "]"});
    }
    return made->name();
  }
  // Different for every i, never at an end of the scale.
  static std::vector<int> Values(std::size_t i) {
    std::vector<int> values;
    for (int item = 0; item < kItems; ++item, i /= 3) values.push_back(2 + static_cast<int>(i % 3));
    return values;
  }

  std::vector<DumpedRow> Dump() {
    std::vector<DumpedRow> rows;
    for (const std::string& table :
         Query("SELECT oid::regclass::text FROM pg_class WHERE relkind = 'r'"
               " AND relnamespace = 'public'::regnamespace")) {
      const auto texts = Query(DumpStatement(table));
      for (std::size_t i = 0; i < texts.size(); ++i) rows.push_back(ParseDump(table, i, texts[i]));
    }
    return rows;
  }
  Linkage Attack() { return {Dump(), raters_}; }
  // How many links name the right rater.
  std::size_t Right(const Linkage& linkage, const std::set<Link>& links) {
    return std::count_if(links.begin(), links.end(), [&](const Link& link) {
      const std::string values = linkage.answers()[link.second].values.at("item_values");
      return std::any_of(given_.begin(), given_.end(), [&](const Given& given) {
        return given.values == values && given.rater == link.first;
      });
    });
  }
  // Order on disk against order of submission.
  double OrderTau(const Linkage& linkage) {
    std::vector<std::size_t> positions;
    std::vector<std::size_t> submissions;
    for (const DumpedRow& answer : linkage.answers()) {
      positions.push_back(answer.position);
      const auto given = std::find_if(given_.begin(), given_.end(), [&](const Given& g) {
        return g.values == answer.values.at("item_values");
      });
      EXPECT_NE(given, given_.end());
      submissions.push_back(given - given_.begin());
    }
    return std::abs(KendallTau(positions, submissions));
  }

  std::vector<std::string> raters_;
  std::vector<Given> given_;
};

TEST_F(AnonymityTest, OnlyTheKeyLeadsToRatersWhileOpen) {
  OpenAndAnswer();
  const Linkage linkage = Attack();
  const std::set<Link> by_key = linkage.ByKey();
  EXPECT_EQ(Right(linkage, by_key), given_.size());
  EXPECT_THAT(linkage.ByValue(), IsEmpty());
  EXPECT_THAT(linkage.ByTransaction(), IsEmpty());
  EXPECT_THAT(linkage.BySmallGroup(), IsEmpty());
}

TEST_F(AnonymityTest, NothingLeadsToRatersAfterClosing) {
  testing::CheckLine check("A01", "answers joined to their rater after closing", "0", 7);
  const std::string campaign = OpenAndAnswer();
  Close(campaign);
  const Linkage linkage = Attack();
  // All peers' answers but the two about r0, and the head's subordinates'.
  EXPECT_THAT(linkage.answers(), SizeIs((kStaff - 1) * 5 + 5));
  EXPECT_THAT(linkage.ByKey(), IsEmpty());
  EXPECT_THAT(linkage.ByValue(), IsEmpty());
  EXPECT_THAT(linkage.ByTransaction(), IsEmpty());
  EXPECT_THAT(linkage.BySmallGroup(), IsEmpty());
  EXPECT_LT(OrderTau(linkage), kChance);
  // Neither a time nor a number in the order of arrival stands beside an answer.
  for (const DumpedRow& answer : linkage.answers()) {
    EXPECT_EQ(answer.table, "answers");
    EXPECT_EQ(answer.values.size(), 6U);
  }
  EXPECT_THAT(Query(kOpenTables), IsEmpty());
  for (const std::string& line : host_.log_lines()) {
    if (line.find("SubmitResponse") == std::string::npos) continue;
    for (const std::string& rater : raters_) EXPECT_EQ(line.find(rater), std::string::npos);
  }
  std::set<Link> links;
  for (const auto& found :
       {linkage.ByKey(), linkage.ByValue(), linkage.ByTransaction(), linkage.BySmallGroup()})
    links.insert(found.begin(), found.end());
  check.Set(static_cast<double>(links.size()), static_cast<std::int64_t>(given_.size()));
}

TEST_F(AnonymityTest, TheAttackerFindsLeaksThatArePlanted) {
  const std::string campaign = OpenAndAnswer();
  // An id that stands on both sides.
  Query("CREATE TABLE leak AS SELECT 'employees/r1' AS rater, answer_id FROM answers LIMIT 0");
  // The transaction that writes participation and answer together.
  const auto transaction = [&] {
    Query(
        "CREATE TABLE leak_answers AS SELECT 'a' AS ratee, 'PEER' AS rater_group,"
        " ARRAY[2, 2] AS item_values; CREATE TABLE leak_participation AS"
        " SELECT 'employees/r1' AS rater");
    Query(
        "BEGIN; UPDATE leak_answers SET ratee = 'b';"
        " UPDATE leak_participation SET rater = 'employees/r1'; COMMIT");
  };
  Close(campaign);
  EXPECT_THAT(Attack().ByValue(), IsEmpty());
  Query("INSERT INTO leak SELECT 'employees/r1', answer_id FROM answers LIMIT 1");
  EXPECT_THAT(Attack().ByValue(), SizeIs(1));
  Query("DROP TABLE leak");

  EXPECT_THAT(Attack().ByTransaction(), IsEmpty());
  transaction();
  EXPECT_THAT(Attack().ByTransaction(), SizeIs(1));
  Query("DROP TABLE leak_answers; DROP TABLE leak_participation");

  // The answers of a group that only one rater took part in.
  Query(
      "INSERT INTO answers SELECT agency_id, campaign_id, gen_random_uuid(), 'employees/solo',"
      " 'PEER', item_values FROM answers LIMIT 1;"
      " INSERT INTO feedback_requests SELECT agency_id, campaign_id, 'solo', 'employees/solo',"
      " rater, 'PEER', 'ANSWERED' FROM feedback_requests LIMIT 1");
  EXPECT_THAT(Attack().BySmallGroup(), SizeIs(1));
  Query("DELETE FROM answers WHERE ratee = 'employees/solo'");

  // Answers that lie in the order in which they came.
  Query("CREATE TABLE in_order AS SELECT * FROM answers LIMIT 0");
  for (const Given& given : given_) {
    Query("INSERT INTO in_order SELECT * FROM answers WHERE to_jsonb(item_values)::text = '" +
          given.values + "'");
  }
  Query("TRUNCATE answers; INSERT INTO answers SELECT * FROM in_order; DROP TABLE in_order");
  EXPECT_GT(OrderTau(Attack()), 0.99);
}

}  // namespace
}  // namespace teraju::feedback
