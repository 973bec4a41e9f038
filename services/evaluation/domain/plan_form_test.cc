#include "services/evaluation/domain/plan_form.h"

#include "gmock/gmock.h"
#include "services/evaluation/domain/test_plans.h"

namespace teraju::evaluation::domain {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

PlanForm Form(const v1::WorkPlan& plan) {
  PlanForm form{.plan = plan};
  form.person = {.name = "Ani <b>", .nip = "198001012005012001", .grade = "33", .unit = "Dukcapil"};
  form.appraiser = {.name = "Budi", .nip = "", .grade = "", .post = "Kepala Dinas", .unit = ""};
  form.behaviors = {{"ADAPTIF", {"Adaptif", "Adaptive"}, {"Terus berinovasi"}},
                    {"LOYAL", {"Loyal", "Loyal"}, {"Menjaga <rahasia>", "Menjaga nama baik"}},
                    {"TEPAT_WAKTU", {"Tepat waktu", "Punctual"}, {}}};
  return form;
}

TEST(RenderPlanForm, ShowsEverythingThatTheFormOfTheMinistryHas) {
  v1::WorkPlan plan = MakePlan(v1::WorkPlan::APPROVED);
  plan.set_revision(2);
  plan.mutable_items(0)->set_supports("agencies/plaju/goals/g");
  plan.mutable_items(0)->set_supports_kind(v1::WorkPlanItem::INDIRECT);
  plan.mutable_items(1)->set_proposed_support("Layanan cepat");
  plan.mutable_items(1)->set_supports_state(v1::WorkPlanItem::PROPOSED);
  v1::BehaviorExpectation& loyal = *plan.add_behavior_expectations();
  loyal.set_behavior("LOYAL");
  loyal.set_text("Jaga rahasia data warga");
  plan.add_needed_resources()->set_text("Pemindai");
  plan.set_consequences("Penghargaan");
  PlanForm form = Form(plan);
  form.titles["agencies/plaju/goals/g"] = "Akses pendidikan";
  const std::string page = RenderPlanForm(form);
  for (const char* part : {"SASARAN KINERJA PEGAWAI",
                           "lang=\"id\"",
                           "Periode 2025-01-01 s.d. 2025-12-31",
                           "Disetujui, revisi 2",
                           "Ani &lt;b&gt;",
                           "NIP 198001012005012001",
                           "A. UTAMA",
                           "B. TAMBAHAN",
                           "Akses pendidikan <i>(tidak langsung)</i>",
                           "Layanan cepat <i>(diusulkan)</i>",
                           "Kuantitas",
                           "makin rendah makin baik",
                           "<li>Menjaga &lt;rahasia&gt;</li><li>Menjaga nama baik</li>",
                           "Tepat waktu",
                           "Jaga rahasia data warga",
                           "Pemindai",
                           "Konsekuensi"}) {
    EXPECT_THAT(page, HasSubstr(part));
  }
  // In the order of the word BerAKHLAK, the agency's own after.
  EXPECT_LT(page.find("<td>Loyal"), page.find("<td>Adaptif"));
  EXPECT_LT(page.find("<td>Adaptif"), page.find("<td>Tepat waktu"));
  EXPECT_THAT(page, Not(HasSubstr("<b>")));
  EXPECT_THAT(page, Not(HasSubstr("<script")));
  EXPECT_THAT(page, Not(HasSubstr("http")));
}

TEST(RenderPlanForm, SpeaksEnglishAndKnowsTheQualitativeStyle) {
  v1::WorkPlan plan = MakePlan(v1::WorkPlan::DRAFT);
  plan.set_style(v1::WorkPlan::QUALITATIVE);
  plan.mutable_items(0)->clear_indicators();
  plan.mutable_items(0)->set_expectation("Citizens are served");
  PlanForm form = Form(plan);
  form.language = Language::kEnglish;
  const std::string page = RenderPlanForm(form);
  for (const char* part : {"lang=\"en\"",
                           "Qualitative results",
                           "Citizens are served",
                           "The leader's own expectation"})
    EXPECT_THAT(page, HasSubstr(part));
  EXPECT_THAT(page, Not(HasSubstr("Hasil kerja")));
}

}  // namespace
}  // namespace teraju::evaluation::domain
