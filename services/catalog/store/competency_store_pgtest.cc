#include "catalog_migrations.h"
#include "common/testing/pg_test.h"
#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"
#include "services/catalog/store/competency_store.h"
#include "teraju/catalog/v1/error_reason.pb.h"

namespace teraju::catalog {
namespace {

using errors::reasons::RESOURCE_EXISTS;
using ::testing::ElementsAre;
using testing::HasReason;
using testing::IsOk;
using testing::TestCall;

class CompetencyStoreTest : public testing::PgTest<kMigrations> {
 protected:
  static CompetencyKey Key(std::string id) {
    return {AgencyId("dumai"), StrongId<CompetencyTag>(std::move(id))};
  }
  absl::StatusOr<v1::Competency> Insert(const std::string& id) {
    v1::Competency competency;
    competency.set_kind(v1::Competency::MANAGERIAL);
    competency.set_title(id);
    return database().Write(TestCall(), [&](postgres::Transaction& tx) {
      return CompetencyStore(tx).Insert(Key(id), competency);
    });
  }
  absl::StatusOr<v1::CompetencyStandard> InsertStandard(const std::string& id,
                                                        const std::string& family,
                                                        const std::vector<std::string>& ids) {
    v1::CompetencyStandard standard;
    standard.set_job_family(family);
    for (const std::string& competency : ids) {
      v1::RequiredLevel& level = *standard.add_required_levels();
      level.set_competency(Key(competency).Name());
      level.set_level(3);
    }
    return database().Write(TestCall(), [&](postgres::Transaction& tx) {
      return CompetencyStore(tx).InsertStandard({AgencyId("dumai"), StrongId<StandardTag>(id)},
                                                standard);
    });
  }
};

TEST_F(CompetencyStoreTest, KeepsStandardsInTheirOrder) {
  for (const char* id : {"INTEGRITAS", "KERJA_SAMA"}) ASSERT_THAT(Insert(id), IsOk());
  const auto inserted = InsertStandard("adm", "STRUCTURAL_III", {"KERJA_SAMA", "INTEGRITAS"});
  ASSERT_THAT(inserted, IsOk());
  const auto listed = database().Read(TestCall(), [&](postgres::Transaction& tx) {
    return CompetencyStore(tx).ListStandards(AgencyId("dumai"), "", 10);
  });
  ASSERT_EQ(listed->size(), 1u);
  EXPECT_EQ((*listed)[0].SerializeAsString(), inserted->SerializeAsString());
  EXPECT_EQ((*listed)[0].required_levels(0).competency(), Key("KERJA_SAMA").Name());
}

TEST_F(CompetencyStoreTest, RefusesUnknownCompetenciesAndASecondStandardOfAFamily) {
  ASSERT_THAT(Insert("INTEGRITAS"), IsOk());
  EXPECT_THAT(Insert("INTEGRITAS"), HasReason(RESOURCE_EXISTS));
  EXPECT_THAT(InsertStandard("a", "GENERAL", {"INTEGRITAS", "SIHIR"}),
              HasReason(v1::COMPETENCY_UNKNOWN));
  EXPECT_THAT(Query("SELECT standard_id FROM competency_standards"), ElementsAre());
  EXPECT_THAT(InsertStandard("a", "GENERAL", {"INTEGRITAS"}), IsOk());
  EXPECT_THAT(InsertStandard("b", "GENERAL", {"INTEGRITAS"}), HasReason(RESOURCE_EXISTS));
}

}  // namespace
}  // namespace teraju::catalog
