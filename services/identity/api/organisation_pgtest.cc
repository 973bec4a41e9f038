#include "common/errors/error.h"
#include "services/identity/api/identity_fixture.h"
#include "teraju/identity/v1/error_reason.pb.h"

namespace teraju::identity {
namespace {

using errors::reasons::ETAG_MISMATCH;
using errors::reasons::PERMISSION_DENIED;
using errors::reasons::RESOURCE_EXISTS;
using errors::reasons::RESOURCE_NOT_FOUND;
using ::testing::ElementsAre;
using testing::HasReason;
using testing::IsOk;
using ::testing::SizeIs;
using testing::ViolatesField;

class OrganisationTest : public IdentityTest {
 protected:
  absl::StatusOr<v1::Unit> GetUnit(const std::string& id, const Caller& caller = kAdmin) {
    v1::GetUnitRequest request;
    request.set_name("agencies/dumai/units/" + id);
    return host_.Client<v1::Units>().Call(caller, &v1::Units::StubInterface::GetUnit, request);
  }
  absl::StatusOr<v1::Unit> UpdateUnit(const v1::Unit& unit, const std::string& path) {
    v1::UpdateUnitRequest request;
    *request.mutable_unit() = unit;
    request.mutable_update_mask()->add_paths(path);
    return host_.Client<v1::Units>().Call(kAdmin, &v1::Units::StubInterface::UpdateUnit, request);
  }
  absl::StatusOr<v1::ListUnitsResponse> ListUnits(const v1::ListUnitsRequest& request,
                                                  const Caller& caller = kAdmin) {
    return host_.Client<v1::Units>().Call(caller, &v1::Units::StubInterface::ListUnits, request);
  }
};

TEST_F(OrganisationTest, AnOperatorEntersAnAgencyOnce) {
  const auto created = CreateAgency();
  ASSERT_THAT(created, IsOk());
  EXPECT_EQ(created->name(), "agencies/dumai");
  EXPECT_EQ(created->time_zone(), "Asia/Jakarta");
  EXPECT_EQ(created->etag(), "\"1\"");
  EXPECT_THAT(CreateAgency(), HasReason(RESOURCE_EXISTS));
  EXPECT_THAT(CreateAgency("plaju", kAdmin), HasReason(PERMISSION_DENIED));
  EXPECT_THAT(CreateAgency("-x"), ViolatesField("agencyId"));
  EXPECT_THAT(Query("SELECT type FROM audit_events"), ElementsAre("agency.created"));
  EXPECT_THAT(Query("SELECT type FROM outbox"), ElementsAre("agency.created"));
}

TEST_F(OrganisationTest, CallersOfAnAgencySeeOnlyTheirs) {
  ASSERT_THAT(CreateAgency("dumai"), IsOk());
  ASSERT_THAT(CreateAgency("plaju"), IsOk());
  const auto list = [&](const Caller& caller) {
    const auto response = host_.Client<v1::Agencies>().Call(
        caller, &v1::Agencies::StubInterface::ListAgencies, v1::ListAgenciesRequest());
    std::vector<std::string> names;
    if (response.ok()) {
      for (const auto& agency : response->agencies()) names.push_back(agency.name());
    }
    return names;
  };
  EXPECT_THAT(list(kAdmin), ElementsAre("agencies/dumai"));
  EXPECT_THAT(list(kOperator), ElementsAre("agencies/dumai", "agencies/plaju"));
  EXPECT_THAT(list(kEvaluation), SizeIs(2));
  v1::GetAgencyRequest request;
  request.set_name("agencies/plaju");
  EXPECT_THAT(Call<v1::Agencies>(kAdmin, &v1::Agencies::StubInterface::GetAgency, request),
              HasReason(PERMISSION_DENIED));
  request.set_name("agencies/nowhere");
  EXPECT_THAT(Call<v1::Agencies>(kAdmin, &v1::Agencies::StubInterface::GetAgency, request),
              HasReason(PERMISSION_DENIED));
  EXPECT_THAT(Call<v1::Agencies>(kOperator, &v1::Agencies::StubInterface::GetAgency, request),
              HasReason(RESOURCE_NOT_FOUND));
}

TEST_F(OrganisationTest, UnitsStandInATreeWithLevels) {
  ASSERT_THAT(CreateAgency(), IsOk());
  ASSERT_THAT(CreateUnit("A", "Kota"), IsOk());
  ASSERT_THAT(CreateUnit("B", "Dinas", "A"), IsOk());
  const auto seksi = CreateUnit("C", "Seksi", "B");
  ASSERT_THAT(seksi, IsOk());
  EXPECT_EQ(seksi->level(), 2);
  EXPECT_THAT(CreateUnit("C", "Seksi", "B"), HasReason(RESOURCE_EXISTS));
  EXPECT_THAT(CreateUnit("D", "Seksi", "X"), HasReason(v1::UNIT_PARENT_UNKNOWN));
  EXPECT_THAT(GetUnit("X"), HasReason(RESOURCE_NOT_FOUND));
  EXPECT_THAT(GetUnit("A", {.subject = "apiClients/stranger", .agency = "dumai"}),
              HasReason(PERMISSION_DENIED));
  EXPECT_THAT(GetUnit("A", {.subject = "employees/x", .agency = "plaju"}),
              HasReason(PERMISSION_DENIED));
  EXPECT_THAT(GetUnit("A", {.subject = "employees/x", .agency = "dumai"}), IsOk());
}

TEST_F(OrganisationTest, MovingAUnitKeepsWhatWasBelievedBefore) {
  ASSERT_THAT(CreateAgency(), IsOk());
  ASSERT_THAT(CreateUnit("A", "Kota"), IsOk());
  ASSERT_THAT(CreateUnit("B", "Dinas", "A"), IsOk());
  ASSERT_THAT(CreateUnit("C", "Bidang", "B"), IsOk());
  v1::Unit unit = *GetUnit("C");
  unit.set_parent_unit("agencies/dumai/units/A");
  const auto moved = UpdateUnit(unit, "parent_unit");
  ASSERT_THAT(moved, IsOk());
  EXPECT_EQ(moved->level(), 1);
  EXPECT_EQ(moved->etag(), "\"2\"");
  EXPECT_THAT(UpdateUnit(unit, "parent_unit"), HasReason(ETAG_MISMATCH));
  EXPECT_THAT(Query("SELECT parent_unit_id FROM unit_states_history WHERE unit_id = 'C' AND "
                    "recorded_until >= update_time"),
              ElementsAre("B"));
  unit = *GetUnit("A");
  unit.set_parent_unit("agencies/dumai/units/C");
  EXPECT_THAT(UpdateUnit(unit, "parent_unit"), HasReason(v1::UNIT_TREE_CYCLE));
  unit.set_parent_unit("agencies/dumai/units/A");
  EXPECT_THAT(UpdateUnit(unit, "parent_unit"), HasReason(v1::UNIT_TREE_CYCLE));
  unit.set_parent_unit("agencies/plaju/units/A");
  EXPECT_THAT(UpdateUnit(unit, "parent_unit"), HasReason(errors::reasons::NAME_INVALID));
}

TEST_F(OrganisationTest, ListsUnitsInPagesAndSubtrees) {
  ASSERT_THAT(CreateAgency(), IsOk());
  ASSERT_THAT(CreateUnit("A", "Kota"), IsOk());
  for (const char* id : {"B", "C", "D"}) ASSERT_THAT(CreateUnit(id, "Dinas", "A"), IsOk());
  ASSERT_THAT(CreateUnit("E", "Bidang", "C"), IsOk());
  v1::ListUnitsRequest request;
  request.set_parent("agencies/dumai");
  request.set_page_size(2);
  std::vector<std::string> seen;
  do {
    const auto page = ListUnits(request);
    ASSERT_THAT(page, IsOk());
    for (const auto& unit : page->units()) seen.push_back(unit.name().substr(21));
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  EXPECT_THAT(seen, ElementsAre("A", "B", "C", "D", "E"));
  v1::ListUnitsRequest subtree;
  subtree.set_parent("agencies/dumai");
  subtree.set_subtree_of("agencies/dumai/units/C");
  const auto below = ListUnits(subtree);
  ASSERT_THAT(below, IsOk());
  EXPECT_THAT(below->units(), SizeIs(2));
  subtree.set_page_token("forged");
  EXPECT_THAT(ListUnits(subtree), HasReason(errors::reasons::PAGE_TOKEN_INVALID));
}

TEST_F(OrganisationTest, OneOfficialLeadsAUnitAtATime) {
  ASSERT_THAT(CreateAgency(), IsOk());
  ASSERT_THAT(CreateUnit("A", "Kota"), IsOk());
  const auto mayor = CreateOfficial("A", Date(2021, 2, 26));
  ASSERT_THAT(mayor, IsOk());
  EXPECT_THAT(CreateOfficial("A", Date(2025, 2, 20)), HasReason(v1::OFFICIAL_OVERLAP));
  EXPECT_THAT(CreateOfficial("X", Date(2025, 2, 20)), HasReason(v1::UNIT_UNKNOWN));
  EXPECT_THAT(CreateOfficial("A", {}), ViolatesField("official.startDate"));
  EXPECT_THAT(Query("SELECT count(*) FROM accounts WHERE subject LIKE 'officials/%'"),
              ElementsAre("1"));
}

TEST_F(OrganisationTest, ARepetitionWithTheSameRequestIdIsDoneOnce) {
  v1::CreateAgencyRequest request;
  request.set_agency_id("dumai");
  request.mutable_agency()->set_display_name("Dumai");
  request.set_request_id("0b0e7a6e-52a4-4d0c-9c0b-3f0a5a8ec001");
  const auto first =
      Call<v1::Agencies>(kOperator, &v1::Agencies::StubInterface::CreateAgency, request);
  const auto second =
      Call<v1::Agencies>(kOperator, &v1::Agencies::StubInterface::CreateAgency, request);
  ASSERT_THAT(second, IsOk());
  EXPECT_EQ(first->SerializeAsString(), second->SerializeAsString());
}

}  // namespace
}  // namespace teraju::identity
