// Whoever follows the feed hears of every change of an appraiser or of the units above, and of
// nothing else.
#include <map>
#include <thread>

#include "common/postgres/feed.h"
#include "google/protobuf/util/json_util.h"
#include "services/identity/api/identity_fixture.h"
#include "services/identity/api/line_watch.h"
#include "services/identity/domain/calendar.h"
#include "services/identity/store/assignment_store.h"
#include "services/identity/store/names.h"
#include "teraju/identity/v1/error_reason.pb.h"

namespace teraju::identity {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::IsOk;
using testing::TestCall;
using ::testing::UnorderedElementsAre;

constexpr v1::Assignment::Kind kPost = v1::Assignment::DEFINITIVE;

class LineWatchTest : public IdentityTest {
 protected:
  void SetUp() override {
    IdentityTest::SetUp();
    ASSERT_THAT(CreateAgency(), IsOk());
    ASSERT_THAT(CreateUnit("city", "Pemerintah Kota"), IsOk());
    ASSERT_THAT(CreateUnit("a", "Bidang A", "city"), IsOk());
    ASSERT_THAT(CreateUnit("b", "Bidang B", "city"), IsOk());
    host_.clock().Set(absl::FromCivil(absl::CivilDay(2025, 6, 15), absl::UTCTimeZone()));
    mayor_ = CreateOfficial("city", Date(2021, 2, 26))->name();
    head_ = Person(1, "a", "Kepala Bidang");
    member_ = Person(2, "a", "Staf");
    Person(3, "b", "Staf");
    News();
  }
  std::string Person(int serial, const std::string& unit, const std::string& title) {
    const auto created = CreateEmployee(MakeEmployee(serial, unit));
    EXPECT_THAT(created, IsOk());
    EXPECT_THAT(Assign(created->name(), unit, title, kPost, Date(2022, 1, 1)), IsOk());
    return created->name();
  }

  // What the feed has told of lines since the last time.
  std::vector<v1::ReportingLineChange> Changes() {
    std::vector<v1::ReportingLineChange> changes;
    for (;;) {
      const auto page = database().Read(TestCall(), [&](postgres::Transaction& tx) {
        return postgres::ReadFeed(tx, cursor_, "dumai", 100);
      });
      EXPECT_THAT(page, IsOk());
      for (const postgres::FeedChange& change : page->changes) {
        if (change.type != "reportingLine.changed") continue;
        v1::ReportingLineChange& told = changes.emplace_back();
        EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(change.payload, &told).ok());
        EXPECT_EQ(told.employee(), change.resource);
      }
      cursor_ = page->next_cursor;
      if (page->changes.empty()) return changes;
    }
  }
  std::vector<std::string> News() {
    std::vector<std::string> news;
    for (const v1::ReportingLineChange& change : Changes()) {
      const auto day = [](const google::type::Date& date) {
        return date.year() == 0 ? ""
                                : absl::StrCat(date.year(), "-", date.month(), "-", date.day());
      };
      news.push_back(absl::StrCat(Short(change.employee()),
                                  " ",
                                  day(change.start_date()),
                                  "..",
                                  day(change.end_date()),
                                  " ",
                                  Short(change.previous_appraiser()),
                                  ">",
                                  Short(change.appraiser())));
    }
    return news;
  }
  std::string Short(const std::string& name) const {
    if (name == head_) return "head";
    if (name == member_) return "member";
    if (name == mayor_) return "mayor";
    return name.empty() ? "-" : "other";
  }
  absl::StatusOr<v1::Assignment> Place(const std::string& external_id,
                                       const std::string& unit,
                                       const std::string& title,
                                       const google::type::Date& start) {
    v1::PlaceEmployeeRequest request;
    request.set_parent("agencies/dumai");
    request.set_external_id(external_id);
    request.set_unit("agencies/dumai/units/" + unit);
    request.set_position_title(title);
    *request.mutable_start_date() = start;
    return Call<v1::Assignments>(kAdmin, &v1::Assignments::StubInterface::PlaceEmployee, request);
  }
  absl::StatusOr<v1::ReleaseEmployeeResponse> Release(const std::string& external_id,
                                                      const google::type::Date& end) {
    v1::ReleaseEmployeeRequest request;
    request.set_parent("agencies/dumai");
    request.set_external_id(external_id);
    *request.mutable_end_date() = end;
    return Call<v1::Assignments>(kAdmin, &v1::Assignments::StubInterface::ReleaseEmployee, request);
  }
  std::string Appraiser(const std::string& person, const google::type::Date& day) {
    v1::ResolveReportingLineRequest request;
    request.set_parent("agencies/dumai");
    request.set_employee(person);
    *request.mutable_date() = day;
    const auto line = Call<v1::ReportingLines>(
        kAdmin, &v1::ReportingLines::StubInterface::ResolveReportingLine, request);
    return line.ok() ? line->appraiser() : "";
  }

  std::string mayor_, head_, member_, cursor_;
};

TEST_F(LineWatchTest, ATransferIsToldOfThePersonAlone) {
  ASSERT_THAT(Place("X2", "b", "Staf", Date(2025, 7, 1)), IsOk());
  EXPECT_THAT(News(), ElementsAre("member 2025-7-1.. head>mayor"));
  // Said again it changes nothing.
  const auto again = Place("X2", "b", "Staf", Date(2025, 7, 1));
  ASSERT_THAT(again, IsOk());
  EXPECT_THAT(News(), IsEmpty());
  EXPECT_EQ(Query("SELECT count(*) FROM assignments_history WHERE end_date IS NULL")[0], "1");
  // Another title is a correction; the line stays.
  EXPECT_EQ(Place("X2", "b", "Analis", Date(2025, 7, 1))->name(), again->name());
  EXPECT_THAT(News(), IsEmpty());
  EXPECT_THAT(Place("X2", "a", "Staf", Date(2025, 6, 1)),
              testing::HasReason(v1::ASSIGNMENT_OVERLAP));
  EXPECT_THAT(Place("nobody", "a", "Staf", Date(2025, 6, 1)),
              testing::HasReason(v1::PERSON_UNKNOWN));
}

TEST_F(LineWatchTest, AHeadWhoLeavesIsToldOfAllBelow) {
  const auto released = Release("X1", Date(2025, 8, 31));
  ASSERT_THAT(released, IsOk());
  EXPECT_EQ(released->assignments_size(), 1);
  EXPECT_THAT(News(),
              UnorderedElementsAre("head 2025-9-1.. mayor>-", "member 2025-9-1.. head>mayor"));
  EXPECT_EQ(Release("X1", Date(2025, 8, 31))->assignments_size(), 0);
  EXPECT_THAT(News(), IsEmpty());
  // An acting head for two months.
  ASSERT_THAT(Assign(member_,
                     "a",
                     "Kepala Bidang A",
                     v1::Assignment::ACTING,
                     Date(2025, 9, 1),
                     Date(2025, 10, 31)),
              IsOk());
  EXPECT_THAT(News(), IsEmpty());  // the acting head stays under the mayor
  const std::string joiner = Person(9, "a", "Staf");
  EXPECT_THAT(News(),
              UnorderedElementsAre("other 2022-1-1..2025-8-31 ->head",
                                   "other 2025-9-1..2025-10-31 ->member",
                                   "other 2025-11-1.. ->mayor"));
}

TEST_F(LineWatchTest, CorrectionsOfficialsAndUnitsAreTold) {
  v1::ListAssignmentsRequest list;
  list.set_parent(head_);
  const auto held =
      Call<v1::Assignments>(kAdmin, &v1::Assignments::StubInterface::ListAssignments, list);
  ASSERT_THAT(held, IsOk());
  v1::CorrectAssignmentRequest correct;
  *correct.mutable_assignment() = held->assignments(0);
  correct.mutable_assignment()->set_unit("agencies/dumai/units/b");
  correct.mutable_update_mask()->add_paths("unit");
  correct.set_reason("salah unit");
  ASSERT_THAT(
      Call<v1::Assignments>(kAdmin, &v1::Assignments::StubInterface::CorrectAssignment, correct),
      IsOk());
  EXPECT_THAT(News(),
              UnorderedElementsAre("head 2022-1-1.. mayor>mayor",
                                   "member 2022-1-1.. head>mayor",
                                   "other 2022-1-1.. mayor>head"));
  v1::UpdateUnitRequest move;
  move.mutable_unit()->set_name("agencies/dumai/units/a");
  move.mutable_unit()->set_parent_unit("agencies/dumai/units/b");
  *move.mutable_effective_date() = Date(2025, 7, 1);
  ASSERT_THAT(Call<v1::Units>(kAdmin, &v1::Units::StubInterface::UpdateUnit, move), IsOk());
  EXPECT_THAT(News(), ElementsAre("member 2025-7-1.. mayor>head"));
  v1::UpdateOfficialRequest end;
  end.mutable_official()->set_name(mayor_);
  *end.mutable_official()->mutable_end_date() = Date(2025, 6, 30);
  end.mutable_update_mask()->add_paths("end_date");
  ASSERT_THAT(Call<v1::Officials>(kAdmin, &v1::Officials::StubInterface::UpdateOfficial, end),
              IsOk());
  EXPECT_THAT(News(), ElementsAre("head 2025-7-1.. mayor>-"));
}

TEST_F(LineWatchTest, WhoseUnitIsMovedHearsOfItUnderTheSameAppraiserToo) {
  ASSERT_THAT(CreateUnit("c", "Dinas C", "city"), IsOk());
  v1::UpdateUnitRequest move;
  move.mutable_unit()->set_name("agencies/dumai/units/b");
  move.mutable_unit()->set_parent_unit("agencies/dumai/units/c");
  *move.mutable_effective_date() = Date(2025, 7, 1);
  ASSERT_THAT(Call<v1::Units>(kAdmin, &v1::Units::StubInterface::UpdateUnit, move), IsOk());
  EXPECT_THAT(News(), ElementsAre("other 2022-1-1.. mayor>mayor"));
  // Another name alone is none.
  v1::UpdateUnitRequest rename;
  rename.mutable_unit()->set_name("agencies/dumai/units/c");
  rename.mutable_unit()->set_display_name("Dinas Cipta Karya");
  *rename.mutable_effective_date() = Date(2025, 8, 1);
  ASSERT_THAT(Call<v1::Units>(kAdmin, &v1::Units::StubInterface::UpdateUnit, rename), IsOk());
  EXPECT_THAT(News(), IsEmpty());
}

TEST_F(LineWatchTest, NothingIsLostBetweenConcurrentWriters) {
  constexpr int kRounds = 6;
  for (int i = 0; i < 4 * kRounds; ++i)
    ASSERT_THAT(CreateEmployee(MakeEmployee(20 + i, "a")), IsOk());
  const auto place = [&](int serial, const std::string& title, int month) {
    const auto placed = Place("X" + std::to_string(serial), "a", title, Date(2025, month, 1));
    EXPECT_THAT(placed, IsOk());
  };
  std::vector<std::thread> writers;
  for (int writer = 0; writer < 3; ++writer) {
    writers.emplace_back([&, writer] {
      for (int i = 0; i < kRounds; ++i) place(20 + writer * kRounds + i, "Staf", 1 + i);
    });
  }
  writers.emplace_back([&] {  // the office changes hands while people come
    for (int i = 0; i < kRounds; ++i) {
      v1::CreateAssignmentRequest request;
      const int serial = 20 + 3 * kRounds + i;
      v1::LookupEmployeeRequest lookup;
      lookup.set_parent("agencies/dumai");
      lookup.set_external_id("X" + std::to_string(serial));
      const auto person =
          Call<v1::Employees>(kAdmin, &v1::Employees::StubInterface::LookupEmployee, lookup);
      ASSERT_THAT(person, IsOk());
      EXPECT_THAT(Assign(person->name(),
                         "a",
                         "Pj. Kepala Bidang A",
                         v1::Assignment::APPOINTED_ACTING,
                         Date(2025, 1, 1)),
                  IsOk());
      EXPECT_THAT(Release("X" + std::to_string(i == 0 ? 1 : serial - 1), Date(2025, 1, 1)), IsOk());
    }
  });
  // Who follows meanwhile keeps what was told last of each day.
  std::map<std::string, std::string> told;
  const auto follow = [&] {
    for (const v1::ReportingLineChange& change : Changes()) {
      const auto begins = domain::FromDate(change.start_date());
      const auto ends = domain::FromDate(change.end_date()).value_or(absl::CivilDay::max());
      const absl::CivilDay day(2025, 12, 1);
      if (*begins <= day && day <= ends) told[change.employee()] = change.appraiser();
    }
  };
  for (int i = 0; i < 5; ++i) follow();
  for (std::thread& writer : writers) writer.join();
  follow();
  int persons = 0;
  for (int serial = 20; serial < 20 + 3 * kRounds; ++serial) {
    const std::string name = "agencies/dumai/employees/" +
                             Query("SELECT employee_id FROM employees WHERE external_id = 'X" +
                                   std::to_string(serial) + "'")[0];
    EXPECT_EQ(told[name], Appraiser(name, Date(2025, 12, 1))) << serial;
    persons += told[name].empty() ? 0 : 1;
  }
  EXPECT_EQ(persons, 3 * kRounds);
}

// The control: two changes at once that do not wait for each other leave a person untold.
TEST_F(LineWatchTest, WithoutTheLockOfTheAgencyAPersonIsMissed) {
  const std::string joiner = CreateEmployee(MakeEmployee(9, "a"))->name();
  const std::string deputy = CreateEmployee(MakeEmployee(8, "b"))->name();
  const auto change = [&](postgres::Transaction& tx,
                          const std::string& person,
                          const std::string& title,
                          v1::Assignment::Kind kind) {
    const EmployeeKey key{AgencyId("dumai"), EmployeeId(LastSegment(person))};
    v1::Assignment assignment;
    assignment.set_unit("agencies/dumai/units/a");
    assignment.set_position_title(title);
    assignment.set_kind(kind);
    *assignment.mutable_start_date() = Date(2025, 1, 1);
    LineWatch watch(tx, key.agency, ScopeOf(tx, key, &assignment));
    EXPECT_THAT(AssignmentStore(tx).Insert(key, NewUuid7(absl::Now()), assignment, "test"), IsOk());
    watch.Emit();
    return absl::OkStatus();
  };
  ASSERT_THAT(Release("X1", Date(2024, 12, 31)), IsOk());
  News();
  ASSERT_THAT(
      database().Write(TestCall(),
                       [&](postgres::Transaction& tx) -> absl::Status {
                         absl::Status done =
                             change(tx, deputy, "Pj. Kepala", v1::Assignment::APPOINTED_ACTING);
                         EXPECT_THAT(database().Write(TestCall(),
                                                      [&](postgres::Transaction& other) {
                                                        return change(other, joiner, "Staf", kPost);
                                                      }),
                                     IsOk());
                         return done;
                       }),
      IsOk());
  EXPECT_EQ(Appraiser(joiner, Date(2025, 6, 1)), deputy);
  for (const v1::ReportingLineChange& told : Changes()) {
    if (told.employee() == joiner) {
      EXPECT_EQ(told.appraiser(), mayor_);
    }
  }
}

}  // namespace
}  // namespace teraju::identity
