#include "services/catalog/domain/competency_standard.h"

#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"
#include "teraju/catalog/v1/error_reason.pb.h"

namespace teraju::catalog::domain {
namespace {

TEST(CheckStandard, WantsEachCompetencyOnce) {
  v1::CompetencyStandard standard;
  standard.add_required_levels()->set_competency("agencies/dumai/competencies/INTEGRITAS");
  standard.add_required_levels()->set_competency("agencies/dumai/competencies/KERJA_SAMA");
  EXPECT_THAT(CheckStandard(standard), testing::IsOk());
  standard.add_required_levels()->set_competency("agencies/dumai/competencies/INTEGRITAS");
  EXPECT_THAT(CheckStandard(standard), testing::HasReason(v1::COMPETENCY_REPEATED));
}

}  // namespace
}  // namespace teraju::catalog::domain
