// Units that are renamed, move, merge and split, each with its day.
#include "common/errors/error.h"
#include "services/identity/api/identity_fixture.h"
#include "teraju/identity/v1/error_reason.pb.h"

namespace teraju::identity {
namespace {

using ::testing::ElementsAre;
using testing::HasReason;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::IsOk;
using testing::ViolatesField;

// city > dinas > {a > a1, b}; other. A person is assigned to a1, heads lead a, b, dinas and other.
class UnitsOverTimeTest : public IdentityTest {
 protected:
  void SetUp() override {
    IdentityTest::SetUp();
    ASSERT_THAT(CreateAgency(), IsOk());
    ASSERT_THAT(CreateUnit("city", "Pemerintah Kota"), IsOk());
    ASSERT_THAT(CreateUnit("dinas", "Dinas Kesehatan", "city"), IsOk());
    ASSERT_THAT(CreateUnit("other", "Dinas Sosial", "city"), IsOk());
    ASSERT_THAT(CreateUnit("a", "Bidang Pelayanan", "dinas"), IsOk());
    ASSERT_THAT(CreateUnit("b", "Bidang Penunjang", "dinas"), IsOk());
    ASSERT_THAT(CreateUnit("a1", "Seksi Rujukan", "a"), IsOk());
    mayor_ = CreateOfficial("city", Date(2021, 2, 26))->name();
    int serial = 0;
    for (const char* unit : {"dinas", "other", "a", "b"})
      heads_[unit] = Person(++serial, unit, "Kepala Bidang");
    for (const char* unit : {"dinas", "other"}) {
      // The title names a part, which does not lead a Dinas.
      ASSERT_THAT(Assign(heads_[unit], unit, "Kepala", v1::Assignment::ACTING, Date(2020, 1, 1)),
                  IsOk());
    }
    member_ = Person(++serial, "a1", "Perawat Terampil");
    host_.clock().Set(absl::FromCivil(absl::CivilDay(2025, 6, 15), absl::UTCTimeZone()));
  }

  std::string Person(int serial, const std::string& unit, const std::string& title) {
    const auto created = CreateEmployee(MakeEmployee(serial, unit));
    EXPECT_THAT(created, IsOk());
    EXPECT_THAT(Assign(created->name(), unit, title, v1::Assignment::DEFINITIVE, Date(2020, 1, 1)),
                IsOk());
    return created->name();
  }
  static std::string Name(const std::string& unit) { return "agencies/dumai/units/" + unit; }

  absl::StatusOr<v1::Unit> Get(const std::string& id, const google::type::Date& day = {}) {
    v1::GetUnitRequest request;
    request.set_name(Name(id));
    if (day.year() != 0) *request.mutable_as_of_date() = day;
    return Call<v1::Units>(kAdmin, &v1::Units::StubInterface::GetUnit, request);
  }
  absl::StatusOr<v1::Unit> Update(const std::string& id,
                                  const std::string& display_name,
                                  const std::string& parent,
                                  const google::type::Date& day = {},
                                  const Caller& caller = kAdmin) {
    v1::UpdateUnitRequest request;
    request.mutable_unit()->set_name(Name(id));
    if (!display_name.empty()) request.mutable_unit()->set_display_name(display_name);
    if (!parent.empty()) request.mutable_unit()->set_parent_unit(Name(parent));
    if (day.year() != 0) *request.mutable_effective_date() = day;
    return Call<v1::Units>(caller, &v1::Units::StubInterface::UpdateUnit, request);
  }
  absl::StatusOr<v1::Unit> Abolish(const std::string& id,
                                   const google::type::Date& day,
                                   const std::vector<std::string>& successors = {}) {
    v1::AbolishUnitRequest request;
    request.set_name(Name(id));
    *request.mutable_effective_date() = day;
    for (const std::string& unit : successors) request.add_successors(Name(unit));
    return Call<v1::Units>(kAdmin, &v1::Units::StubInterface::AbolishUnit, request);
  }
  std::vector<std::string> List(const google::type::Date& day,
                                const std::string& root = "",
                                bool abolished = false) {
    v1::ListUnitsRequest request;
    request.set_parent("agencies/dumai");
    *request.mutable_as_of_date() = day;
    request.set_show_abolished(abolished);
    if (!root.empty()) request.set_subtree_of(Name(root));
    const auto page = Call<v1::Units>(kAdmin, &v1::Units::StubInterface::ListUnits, request);
    EXPECT_THAT(page, IsOk());
    std::vector<std::string> ids;
    if (page.ok()) {
      for (const v1::Unit& unit : page->units()) ids.push_back(unit.name().substr(21));
    }
    return ids;
  }
  absl::StatusOr<v1::ReportingLine> Line(const std::string& person, const google::type::Date& day) {
    v1::ResolveReportingLineRequest request;
    request.set_parent("agencies/dumai");
    request.set_employee(person);
    *request.mutable_date() = day;
    return Call<v1::ReportingLines>(
        kAdmin, &v1::ReportingLines::StubInterface::ResolveReportingLine, request);
  }

  std::string mayor_, member_;
  std::map<std::string, std::string> heads_;
};

TEST_F(UnitsOverTimeTest, AMoveHoldsFromItsDayAndThePastStaysWhatItWas) {
  const auto moved = Update("a", "Bidang Layanan", "other", Date(2025, 7, 1));
  ASSERT_THAT(moved, IsOk());
  EXPECT_EQ(moved->parent_unit(), Name("other"));
  EXPECT_EQ(moved->start_date().month(), 7);
  const auto before = Get("a", Date(2025, 6, 30));
  EXPECT_EQ(before->display_name(), "Bidang Pelayanan");
  EXPECT_EQ(before->parent_unit(), Name("dinas"));
  EXPECT_EQ(before->end_date().day(), 30);
  EXPECT_FALSE(before->has_start_date());
  EXPECT_EQ(Get("a")->display_name(), "Bidang Pelayanan");  // today is 15 June
  EXPECT_THAT(List(Date(2025, 6, 30), "dinas"), ElementsAre("a", "a1", "b", "dinas"));
  EXPECT_THAT(List(Date(2025, 7, 1), "dinas"), ElementsAre("b", "dinas"));
  EXPECT_THAT(List(Date(2025, 7, 1), "other"), ElementsAre("a", "a1", "other"));
  EXPECT_EQ(Line(member_, Date(2025, 6, 30))->next_appraiser(), heads_["dinas"]);
  EXPECT_EQ(Line(member_, Date(2025, 7, 1))->next_appraiser(), heads_["other"]);
  EXPECT_THAT(Line(member_, Date(2025, 7, 1))->unit_path(),
              ElementsAre(Name("a1"), Name("a"), Name("other"), Name("city")));
  // A change in between holds until the next one that is known.
  ASSERT_THAT(Update("a", "Bidang Yankes", "", Date(2025, 3, 1)), IsOk());
  EXPECT_EQ(Get("a", Date(2025, 2, 28))->display_name(), "Bidang Pelayanan");
  EXPECT_EQ(Get("a", Date(2025, 6, 30))->display_name(), "Bidang Yankes");
  EXPECT_EQ(Get("a", Date(2025, 7, 1))->display_name(), "Bidang Layanan");
}

TEST_F(UnitsOverTimeTest, ACorrectionHoldsForAllTheDaysOfWhatWasWrong) {
  ASSERT_THAT(Update("a", "Bidang Layanan", "", Date(2025, 7, 1)), IsOk());
  ASSERT_THAT(Update("a", "Bidang Yankes", ""), IsOk());
  EXPECT_EQ(Get("a", Date(2020, 1, 1))->display_name(), "Bidang Yankes");
  EXPECT_EQ(Get("a", Date(2025, 7, 1))->display_name(), "Bidang Layanan");
  v1::ListRevisionsRequest request;
  request.set_parent(Name("a"));
  request.set_page_size(1);
  std::vector<std::string> names;
  do {
    const auto page =
        Call<v1::Revisions>(kAdmin, &v1::Revisions::StubInterface::ListRevisions, request);
    ASSERT_THAT(page, IsOk());
    for (const v1::Revision& revision : page->revisions())
      names.push_back(revision.unit().display_name());
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  EXPECT_THAT(
      names,
      ElementsAre("Bidang Yankes", "Bidang Layanan", "Bidang Pelayanan", "Bidang Pelayanan"));
}

TEST_F(UnitsOverTimeTest, KnowsWhichTreeWasBelieved) {
  const auto resolve = [&](const google::protobuf::Timestamp& known) {
    v1::ResolveReportingLineRequest request;
    request.set_parent("agencies/dumai");
    request.set_employee(member_);
    *request.mutable_date() = Date(2025, 6, 1);
    *request.mutable_known_at_time() = known;
    return Call<v1::ReportingLines>(
               kAdmin, &v1::ReportingLines::StubInterface::ResolveReportingLine, request)
        ->next_appraiser();
  };
  const auto before = Get("b")->update_time();
  ASSERT_THAT(Update("b", "Bidang B", ""), IsOk());
  const auto moment = Get("b")->update_time();
  ASSERT_THAT(Update("a", "", "other"), IsOk());
  EXPECT_EQ(Line(member_, Date(2025, 6, 1))->next_appraiser(), heads_["other"]);
  EXPECT_EQ(resolve(moment), heads_["dinas"]);
  v1::GetUnitRequest get;
  get.set_name(Name("b"));
  *get.mutable_known_at_time() = before;
  EXPECT_EQ(Call<v1::Units>(kAdmin, &v1::Units::StubInterface::GetUnit, get)->display_name(),
            "Bidang Penunjang");
}

TEST_F(UnitsOverTimeTest, RefusesATreeThatIsWrongOnAnyDay) {
  EXPECT_THAT(Update("dinas", "", "a1", Date(2025, 7, 1)), HasReason(v1::UNIT_TREE_CYCLE));
  EXPECT_THAT(Update("dinas", "", "dinas", Date(2025, 7, 1)), HasReason(v1::UNIT_TREE_CYCLE));
  EXPECT_THAT(Update("a", "", "nowhere", Date(2025, 7, 1)), HasReason(v1::UNIT_PARENT_UNKNOWN));
  // Sound on its own day, a ring from July on.
  ASSERT_THAT(Update("other", "", "b", Date(2025, 7, 1)), IsOk());
  EXPECT_THAT(Update("dinas", "", "other", Date(2025, 3, 1)), HasReason(v1::UNIT_TREE_CYCLE));
  EXPECT_THAT(Update("a", "x", "", {}, As(member_)), HasReason(errors::reasons::PERMISSION_DENIED));
  v1::CreateUnitRequest create;
  create.set_parent("agencies/dumai");
  create.set_unit_id("late");
  create.mutable_unit()->set_display_name("Badan Baru");
  create.mutable_unit()->set_parent_unit(Name("city"));
  *create.mutable_unit()->mutable_start_date() = Date(2025, 9, 1);
  ASSERT_THAT(Call<v1::Units>(kAdmin, &v1::Units::StubInterface::CreateUnit, create), IsOk());
  EXPECT_THAT(Get("late"), HasReason(errors::reasons::RESOURCE_NOT_FOUND));
  EXPECT_THAT(Get("late", Date(2025, 9, 1)), IsOk());
  EXPECT_THAT(Update("a", "", "late", Date(2025, 8, 31)), HasReason(v1::UNIT_PARENT_UNKNOWN));
  EXPECT_THAT(Update("a", "", "late", Date(2025, 9, 1)), IsOk());
  EXPECT_THAT(Assign(member_, "late", "Staf", v1::Assignment::ADDITIONAL, Date(2025, 8, 1)),
              HasReason(v1::UNIT_UNKNOWN));
  create.set_unit_id("later");
  create.mutable_unit()->mutable_start_date()->set_month(13);
  EXPECT_THAT(Call<v1::Units>(kAdmin, &v1::Units::StubInterface::CreateUnit, create),
              ViolatesField("unit.startDate"));
}

TEST_F(UnitsOverTimeTest, AnAbolishedUnitLeadsToWhatTookItsPlace) {
  ASSERT_THAT(Abolish("a", Date(2025, 7, 1)), IsOk());
  EXPECT_EQ(Line(member_, Date(2025, 6, 30))->appraiser(), heads_["a"]);
  EXPECT_EQ(Line(member_, Date(2025, 7, 1))->appraiser(), heads_["dinas"]);
  EXPECT_EQ(Get("a1", Date(2025, 7, 1))->parent_unit(), Name("dinas"));
  EXPECT_EQ(Get("a1", Date(2025, 6, 30))->parent_unit(), Name("a"));
  EXPECT_THAT(List(Date(2025, 7, 1), "dinas"), ElementsAre("a1", "b", "dinas"));
  EXPECT_THAT(List(Date(2025, 7, 1), "dinas", true), ElementsAre("a", "a1", "b", "dinas"));
  EXPECT_EQ(Get("a", Date(2025, 7, 1))->abolish_date().month(), 7);
  // The former head is still assigned there, and leads nobody.
  const auto former = Line(heads_["a"], Date(2025, 7, 1));
  ASSERT_THAT(former, IsOk());
  EXPECT_FALSE(former->leads_unit());
  EXPECT_EQ(former->appraiser(), heads_["dinas"]);
  EXPECT_THAT(former->explanation_id(), HasSubstr("Unit telah dihapus: Bidang Pelayanan."));
  EXPECT_THAT(Abolish("a", Date(2025, 8, 1)), HasReason(v1::UNIT_ABOLISHED));
  EXPECT_THAT(Update("a", "x", "", Date(2025, 8, 1)), HasReason(v1::UNIT_ABOLISHED));
  EXPECT_THAT(Update("b", "", "a", Date(2025, 8, 1)), HasReason(v1::UNIT_ABOLISHED));
  EXPECT_THAT(Assign(member_, "a", "Staf", v1::Assignment::ADDITIONAL, Date(2025, 8, 1)),
              HasReason(v1::UNIT_ABOLISHED));
  EXPECT_THAT(Abolish("city", Date(2025, 8, 1)), HasReason(v1::UNIT_HEIR_MISSING));
  EXPECT_THAT(Abolish("b", Date(2025, 8, 1), {"nowhere"}), HasReason(v1::UNIT_UNKNOWN));
  EXPECT_THAT(Abolish("b", {}), ViolatesField("effectiveDate"));
}

TEST_F(UnitsOverTimeTest, UnitsMerge) {
  v1::MergeUnitsRequest request;
  request.set_parent("agencies/dumai");
  request.add_units(Name("a"));
  request.add_units(Name("b"));
  request.set_successor(Name("b"));
  *request.mutable_effective_date() = Date(2025, 7, 1);
  const auto merged = Call<v1::Units>(kAdmin, &v1::Units::StubInterface::MergeUnits, request);
  ASSERT_THAT(merged, IsOk());
  EXPECT_THAT(merged->predecessors(), ElementsAre(Name("a")));
  EXPECT_THAT(Get("a", Date(2025, 7, 1))->successors(), ElementsAre(Name("b")));
  EXPECT_EQ(Line(member_, Date(2025, 7, 1))->appraiser(), heads_["b"]);
  EXPECT_EQ(Line(heads_["a"], Date(2025, 7, 1))->appraiser(), heads_["b"]);
  EXPECT_EQ(Line(member_, Date(2025, 6, 30))->appraiser(), heads_["a"]);
}

TEST_F(UnitsOverTimeTest, AUnitMergesIntoOneBelowIt) {
  ASSERT_THAT(Abolish("a", Date(2025, 7, 1), {"a1"}), IsOk());
  EXPECT_EQ(Get("a1", Date(2025, 7, 1))->parent_unit(), Name("dinas"));
  EXPECT_THAT(Line(heads_["a"], Date(2025, 7, 1))->unit_path(),
              ElementsAre(Name("a"), Name("a1"), Name("dinas"), Name("city")));
}

TEST_F(UnitsOverTimeTest, AUnitSplits) {
  v1::SplitUnitRequest request;
  request.set_name(Name("a"));
  *request.mutable_effective_date() = Date(2025, 7, 1);
  for (const char* id : {"p", "q"}) {
    auto& part = *request.add_parts();
    part.set_unit_id(id);
    part.set_display_name(std::string("Bidang ") + id);
  }
  const auto split = [&] {
    return Call<v1::Units>(kAdmin, &v1::Units::StubInterface::SplitUnit, request);
  };
  const auto refused = split();
  EXPECT_THAT(refused, HasReason(v1::UNIT_CHILD_UNPLACED));
  EXPECT_EQ(errors::MetadataOf(refused.status(), "units"), "a1");
  EXPECT_THAT(List(Date(2025, 7, 1), "q"), IsEmpty());  // nothing remains of what was refused
  request.mutable_parts(1)->add_child_units(Name("a1"));
  const auto done = split();
  ASSERT_THAT(done, IsOk());
  ASSERT_EQ(done->units_size(), 2);
  EXPECT_THAT(done->units(0).predecessors(), ElementsAre(Name("a")));
  EXPECT_THAT(Get("a", Date(2025, 7, 1))->successors(), ElementsAre(Name("p"), Name("q")));
  EXPECT_THAT(List(Date(2025, 7, 1), "q"), ElementsAre("a1", "q"));
  EXPECT_THAT(List(Date(2025, 6, 30), "dinas"), ElementsAre("a", "a1", "b", "dinas"));
  // Nobody leads the new part yet.
  const auto line = Line(member_, Date(2025, 7, 1));
  EXPECT_EQ(line->appraiser(), heads_["dinas"]);
  EXPECT_THAT(line->explanation_en(), HasSubstr("Vacant posts of head: Seksi Rujukan; Bidang q."));
}

TEST_F(UnitsOverTimeTest, ALevelLosesItsHead) {
  v1::UpdateUnitRequest request;
  request.mutable_unit()->set_name(Name("a1"));
  request.mutable_unit()->set_without_head(true);
  request.mutable_update_mask()->add_paths("without_head");
  *request.mutable_effective_date() = Date(2025, 7, 1);
  ASSERT_THAT(Call<v1::Units>(kAdmin, &v1::Units::StubInterface::UpdateUnit, request), IsOk());
  EXPECT_THAT(Line(member_, Date(2025, 6, 30))->explanation_en(), HasSubstr("Vacant posts"));
  EXPECT_THAT(Line(member_, Date(2025, 7, 1))->explanation_en(),
              HasSubstr("Levels without a post of head: Seksi Rujukan."));
}

TEST_F(UnitsOverTimeTest, AHeadIsNotAppraisedByASubordinateWhoActsAbove) {
  // A member of a1 acts for the head of the dinas; the head of a stays under the mayor.
  ASSERT_THAT(
      Assign(member_, "dinas", "Kepala", v1::Assignment::APPOINTED_ACTING, Date(2025, 7, 1)),
      IsOk());
  EXPECT_EQ(Line(heads_["a"], Date(2025, 6, 30))->appraiser(), heads_["dinas"]);
  const auto line = Line(heads_["a"], Date(2025, 7, 1));
  ASSERT_THAT(line, IsOk());
  EXPECT_EQ(line->appraiser(), mayor_);
  EXPECT_THAT(line->explanation_id(), HasSubstr("Dipimpin oleh bawahannya: Dinas Kesehatan."));
  EXPECT_EQ(Line(heads_["b"], Date(2025, 7, 1))->appraiser(), member_);
}

}  // namespace
}  // namespace teraju::identity
