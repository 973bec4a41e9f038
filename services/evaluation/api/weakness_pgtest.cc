// Who may read a person's weaknesses follows from the table of permissions, and who did from the
// records of reading.
#include <set>

#include "common/auth/permissions.h"
#include "services/evaluation/api/weakness_readers.h"
#include "services/evaluation/api/year_fixture.h"

namespace teraju::evaluation {
namespace {

using errors::reasons::PERMISSION_DENIED;
using ::testing::Contains;
using testing::HasReason;
using ::testing::IsEmpty;
using testing::IsOk;
using ::testing::SizeIs;

constexpr char kOfficerName[] = "agencies/plaju/employees/officer";

class WeaknessTest : public YearTest {
 protected:
  absl::StatusOr<v1::WeaknessAccess> ReadersOf(const Caller& caller,
                                               const std::string& person = kOfficerName) {
    v1::GetWeaknessAccessRequest request;
    request.set_name(person + "/weaknessAccess");
    return Call<v1::WeaknessAccesses>(
        caller, &v1::WeaknessAccesses::StubInterface::GetWeaknessAccess, request);
  }
  static const v1::WeaknessKind* Find(const v1::WeaknessAccess& reply,
                                      v1::WeaknessKind::Kind kind) {
    for (const v1::WeaknessKind& one : reply.kinds()) {
      if (one.kind() == kind) return &one;
    }
    return nullptr;
  }
};

TEST_F(WeaknessTest, IsForThePersonAlone) {
  EXPECT_THAT(ReadersOf(kOfficer), IsOk());
  for (const Caller& other : {kColleague, kHead, kMayor, kHr, kUnitHr})
    EXPECT_THAT(ReadersOf(other), HasReason(PERMISSION_DENIED));
}

TEST_F(WeaknessTest, ListsEveryGrantOfTheTableAndNothingElse) {
  const auto reply = ReadersOf(kOfficer);
  ASSERT_THAT(reply, IsOk());
  EXPECT_THAT(reply->kinds(), SizeIs(v1::WeaknessKind::Kind_ARRAYSIZE - 1));
  const auth::PermissionTable& table = auth::PermissionTable::Default();
  for (const v1::WeaknessKind& kind : reply->kinds()) {
    SCOPED_TRACE(kind.permission());
    ASSERT_TRUE(table.Has(kind.permission()));
    std::size_t grants = 0;
    for (const auth::Grant& grant : table.GrantsOf(kind.permission()))
      grants += grant.reaches.size();
    EXPECT_THAT(kind.readers(), SizeIs(grants));
    for (const v1::WeaknessReader& reader : kind.readers()) {
      EXPECT_NE(reader.reach(), "");
      EXPECT_NE(reader.text_id(), reader.role());
      EXPECT_NE(reader.text_en(), reader.role());
      // A colleague holds no role but these two, which reach by relation alone.
      if (reader.role() == "employee" || reader.role() == "official") {
        EXPECT_THAT((std::set<std::string>{"self", "appraiser", "next"}), Contains(reader.reach()));
      }
    }
  }
}

TEST_F(WeaknessTest, AGrantThatIsAddedToTheTableShows) {
  const auto table = auth::PermissionTable::Parse(
      "roles: employee inspector\ngaps: employee=self+rater inspector=agency\n");
  ASSERT_THAT(table, IsOk());
  const auto readers = evaluation::ReadersOf(*table, "gaps");
  ASSERT_THAT(readers, SizeIs(3));
  EXPECT_EQ(readers[1].reach(), "rater");
  EXPECT_EQ(readers[2].text_en(), "Inspector");
  EXPECT_THAT(evaluation::ReadersOf(*table, "other"), IsEmpty());
}

TEST_F(WeaknessTest, NamesWhoStandsAboveNowAndWhoHasRead) {
  ScoreYear();
  ASSERT_THAT(GetEvaluation(EvaluationOf("officer"), kHead), IsOk());
  ASSERT_THAT(GetEvaluation(EvaluationOf("officer"), kOfficer), IsOk());
  const auto reply = ReadersOf(kOfficer);
  ASSERT_THAT(reply, IsOk());
  const v1::WeaknessKind* results = Find(*reply, v1::WeaknessKind::APPRAISAL_RESULTS);
  ASSERT_NE(results, nullptr);
  std::set<std::string> named;
  for (const v1::WeaknessReader& reader : results->readers()) {
    if (!reader.person().empty()) named.insert(reader.reach() + " " + reader.person());
  }
  EXPECT_EQ(named,
            (std::set<std::string>{"appraiser agencies/plaju/employees/head",
                                   "next agencies/plaju/officials/mayor"}));
  ASSERT_THAT(results->readings(), SizeIs(1));  // not the own
  EXPECT_EQ(results->readings(0).actor(), "employees/head");
  EXPECT_EQ(results->readings(0).resource(), EvaluationOf("officer"));
  EXPECT_THAT(Find(*reply, v1::WeaknessKind::COMPETENCY_GAPS)->readings(), IsEmpty());
}

TEST_F(WeaknessTest, ReadingFeedbackNotesIsRecorded) {
  v1::CreateFeedbackNoteRequest note;
  note.set_parent(kAgency);
  *note.mutable_feedback_note() = Parse<v1::FeedbackNote>(R"pb(
    employee: "agencies/plaju/employees/officer"
    kind: PRAISE
    date { year: 2025 month: 3 day: 3 }
    text: "Rapi"
  )pb");
  ASSERT_THAT(Call<v1::FeedbackNotes>(
                  kColleague, &v1::FeedbackNotes::StubInterface::CreateFeedbackNote, note),
              IsOk());
  v1::ListFeedbackNotesRequest list;
  list.set_parent(kAgency);
  list.set_employee(kOfficerName);
  ASSERT_THAT(
      Call<v1::FeedbackNotes>(kHead, &v1::FeedbackNotes::StubInterface::ListFeedbackNotes, list),
      IsOk());
  const auto reply = ReadersOf(kOfficer);
  ASSERT_THAT(reply, IsOk());
  ASSERT_THAT(Find(*reply, v1::WeaknessKind::FEEDBACK_NOTES)->readings(), SizeIs(1));
}

}  // namespace
}  // namespace teraju::evaluation
