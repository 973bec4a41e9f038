#include "services/catalog/api/catalog_fixture.h"
#include "services/catalog/api/competencies_service.h"

namespace teraju::catalog {
namespace {

using errors::reasons::PERMISSION_DENIED;
using testing::Caller;
using ::testing::ElementsAre;
using testing::EqualsProto;
using testing::HasReason;
using testing::IsOk;
using testing::ViolatesField;
using CompetenciesStub = v1::Competencies::StubInterface;

class CompetenciesServiceTest : public CatalogApiTest {
 protected:
  void SetUp() override {
    CatalogApiTest::SetUp();
    host_.Serve<CompetenciesService>(host_.pipeline(), database());
  }
  absl::StatusOr<v1::AdoptCompetenciesResponse> Adopt(const Caller& caller) {
    v1::AdoptCompetenciesRequest request;
    request.set_parent("agencies/dumai");
    return host_.Client<v1::Competencies>().Call(
        caller, &CompetenciesStub::AdoptCompetencies, request);
  }
  absl::StatusOr<v1::CompetencyStandard> CreateStandard(const std::vector<std::string>& ids,
                                                        int level) {
    v1::CreateCompetencyStandardRequest request;
    request.set_parent("agencies/dumai");
    request.mutable_competency_standard()->set_job_family("STRUCTURAL_III");
    for (const std::string& id : ids) {
      v1::RequiredLevel& required = *request.mutable_competency_standard()->add_required_levels();
      required.set_competency("agencies/dumai/competencies/" + id);
      required.set_level(level);
    }
    return host_.Client<v1::Competencies>().Call(
        kHr, &CompetenciesStub::CreateCompetencyStandard, request);
  }
};

TEST_F(CompetenciesServiceTest, AdoptsTheNationalSetOnce) {
  const auto first = Adopt(kHr);
  ASSERT_THAT(first, IsOk());
  EXPECT_EQ(first->competencies_size(), 9);
  EXPECT_EQ(first->competencies(0).name(), "agencies/dumai/competencies/INTEGRITAS");
  const auto again = Adopt(kHr);
  ASSERT_THAT(again, IsOk());
  EXPECT_THAT(*again, EqualsProto(*first));
  EXPECT_THAT(Query("SELECT count(*) FROM outbox"), ElementsAre("9"));
  EXPECT_THAT(Adopt(kBudi), HasReason(PERMISSION_DENIED));
}

TEST_F(CompetenciesServiceTest, OwnCompetenciesStandBesideTheNationalOnes) {
  ASSERT_THAT(Adopt(kHr), IsOk());
  v1::CreateCompetencyRequest create;
  create.set_parent("agencies/dumai");
  create.set_competency_id("ARSIP");
  create.mutable_competency()->set_kind(v1::Competency::TECHNICAL);
  create.mutable_competency()->set_title("Kearsipan");
  ASSERT_THAT(
      host_.Client<v1::Competencies>().Call(kHr, &CompetenciesStub::CreateCompetency, create),
      IsOk());
  v1::ListCompetenciesRequest list;
  list.set_parent("agencies/dumai");
  list.set_page_size(9);
  auto page =
      host_.Client<v1::Competencies>().Call(kBudi, &CompetenciesStub::ListCompetencies, list);
  ASSERT_THAT(page, IsOk());
  list.set_page_token(page->next_page_token());
  page = host_.Client<v1::Competencies>().Call(kBudi, &CompetenciesStub::ListCompetencies, list);
  ASSERT_THAT(page, IsOk());
  ASSERT_EQ(page->competencies_size(), 1);
  EXPECT_EQ(page->competencies(0).title(), "Kearsipan");
}

TEST_F(CompetenciesServiceTest, AStandardNamesKnownCompetenciesOnceAtLevelsOneToFive) {
  ASSERT_THAT(Adopt(kHr), IsOk());
  EXPECT_THAT(CreateStandard({"SIHIR"}, 3), HasReason(v1::COMPETENCY_UNKNOWN));
  EXPECT_THAT(CreateStandard({"INTEGRITAS", "INTEGRITAS"}, 3), HasReason(v1::COMPETENCY_REPEATED));
  EXPECT_THAT(CreateStandard({"INTEGRITAS"}, 6),
              ViolatesField("competencyStandard.requiredLevels[0].level"));
  ASSERT_THAT(CreateStandard({"INTEGRITAS", "KOMUNIKASI"}, 3), IsOk());
  v1::ListCompetencyStandardsRequest list;
  list.set_parent("agencies/dumai");
  const auto page = host_.Client<v1::Competencies>().Call(
      kBudi, &CompetenciesStub::ListCompetencyStandards, list);
  ASSERT_THAT(page, IsOk());
  ASSERT_EQ(page->competency_standards_size(), 1);
  EXPECT_EQ(page->competency_standards(0).required_levels_size(), 2);
  EXPECT_EQ(page->competency_standards(0).match_rule().bands(), v1::MatchRule::GENERAL);
}

TEST_F(CompetenciesServiceTest, AStandardSaysHowMatchesAreJudged) {
  ASSERT_THAT(Adopt(kHr), IsOk());
  v1::CreateCompetencyStandardRequest request;
  request.set_parent("agencies/dumai");
  v1::CompetencyStandard& standard = *request.mutable_competency_standard();
  standard.set_job_family("STRUCTURAL_II");
  standard.add_required_levels()->set_competency("agencies/dumai/competencies/INTEGRITAS");
  standard.mutable_required_levels(0)->set_level(4);
  standard.mutable_match_rule()->set_bands(v1::MatchRule::KKP_JPT);
  standard.mutable_match_rule()->set_counts_above(true);
  const auto created = host_.Client<v1::Competencies>().Call(
      kHr, &CompetenciesStub::CreateCompetencyStandard, request);
  ASSERT_THAT(created, IsOk());
  EXPECT_THAT(created->match_rule(), EqualsProto(standard.match_rule()));
  v1::ListCompetencyStandardsRequest list;
  list.set_parent("agencies/dumai");
  const auto page = host_.Client<v1::Competencies>().Call(
      kBudi, &CompetenciesStub::ListCompetencyStandards, list);
  ASSERT_THAT(page, IsOk());
  EXPECT_THAT(page->competency_standards(0), EqualsProto(*created));
}

}  // namespace
}  // namespace teraju::catalog
