#include "services/catalog/domain/indicator_lint.h"

#include "gmock/gmock.h"

namespace teraju::catalog::domain {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

v1::LintIndicatorRequest Sound() {
  v1::LintIndicatorRequest indicator;
  indicator.set_title("Persentase KTP elektronik terbit tepat waktu");
  indicator.set_unit_of_measure("persen");
  indicator.set_polarity(v1::Indicator::HIGHER_IS_BETTER);
  indicator.mutable_baseline()->set_value("85");
  indicator.mutable_target()->set_value("95");
  indicator.set_data_source("Register pelayanan dukcapil");
  return indicator;
}

std::vector<std::string> Codes(const v1::LintIndicatorRequest& indicator,
                               const std::vector<KnownIndicator>& known = {}) {
  std::vector<std::string> codes;
  for (const v1::LintRemark& remark : LintIndicator(indicator, known))
    codes.push_back(remark.code());
  return codes;
}

std::vector<std::string> CodesOf(const char* title,
                                 const char* unit,
                                 v1::Indicator::Polarity polarity) {
  v1::LintIndicatorRequest indicator = Sound();
  indicator.set_title(title);
  indicator.set_unit_of_measure(unit);
  indicator.set_polarity(polarity);
  if (polarity == v1::Indicator::LOWER_IS_BETTER) indicator.mutable_target()->set_value("80");
  return Codes(indicator);
}

constexpr auto kUp = v1::Indicator::HIGHER_IS_BETTER;
constexpr auto kDown = v1::Indicator::LOWER_IS_BETTER;

TEST(LintIndicator, IsSilentAboutASoundOne) {
  EXPECT_THAT(Codes(Sound()), IsEmpty());
  EXPECT_THAT(CodesOf("Rata-rata waktu tunggu pasien", "menit", kDown), IsEmpty());
  EXPECT_THAT(CodesOf("Persentase pengaduan diselesaikan", "persen", kUp), IsEmpty());
  EXPECT_THAT(CodesOf("Indeks kepuasan masyarakat", "indeks", kUp), IsEmpty());
}

TEST(LintIndicator, SeesActivitiesVagueWordsAndTwoMeasuresInOne) {
  EXPECT_THAT(CodesOf("Terlaksananya sosialisasi pajak", "kali", kUp),
              ElementsAre("ACTIVITY_WORDING"));
  EXPECT_THAT(CodesOf("Jumlah rapat koordinasi", "kali", kUp), ElementsAre("ACTIVITY_WORDING"));
  EXPECT_THAT(CodesOf("Layanan perizinan optimal", "izin", kUp), ElementsAre("VAGUE_WORDING"));
  EXPECT_THAT(CodesOf("Izin terbit; investasi masuk", "izin", kUp), ElementsAre("TWO_MEASURES"));
}

TEST(LintIndicator, SeesUnitsThatContradictTheTitle) {
  EXPECT_THAT(CodesOf("Persentase jalan mantap", "kilometer", kUp), ElementsAre("UNIT_MISMATCH"));
  EXPECT_THAT(CodesOf("Jumlah wisatawan", "persen", kUp), ElementsAre("UNIT_MISMATCH"));
  EXPECT_THAT(CodesOf("Waktu layanan izin", "dokumen", kDown), ElementsAre("UNIT_MISMATCH"));
  EXPECT_THAT(CodesOf("Jumlah wisatawan", "", kUp), ElementsAre("UNIT_MISSING"));
}

TEST(LintIndicator, SeesDirectionsThatAreUnusual) {
  EXPECT_THAT(CodesOf("Waktu tunggu pasien", "menit", kUp), ElementsAre("POLARITY_SUSPECT"));
  EXPECT_THAT(CodesOf("Angka stunting", "persen", kUp), ElementsAre("POLARITY_SUSPECT"));
  EXPECT_THAT(CodesOf("Indeks kepuasan masyarakat", "indeks", kDown),
              ElementsAre("POLARITY_SUSPECT"));
  EXPECT_THAT(CodesOf("Angka stunting", "persen", v1::Indicator::POLARITY_UNSPECIFIED),
              ElementsAre("POLARITY_MISSING"));
}

TEST(LintIndicator, ComparesTheTargetWithWhereItStood) {
  v1::LintIndicatorRequest indicator = Sound();
  indicator.mutable_target()->set_value("80");
  EXPECT_THAT(Codes(indicator), ElementsAre("TARGET_WORSE"));
  indicator.mutable_target()->set_value("85");
  EXPECT_THAT(Codes(indicator), ElementsAre("TARGET_UNCHANGED"));
  indicator.mutable_target()->set_value("120");
  EXPECT_THAT(Codes(indicator), ElementsAre("TARGET_UNATTAINABLE"));
  indicator.clear_baseline();
  indicator.mutable_target()->set_value("95");
  EXPECT_THAT(Codes(indicator), ElementsAre("BASELINE_MISSING"));
  indicator.clear_target();
  EXPECT_THAT(Codes(indicator), ElementsAre("TARGET_MISSING"));
  indicator = Sound();
  indicator.set_title("Waktu tunggu pasien");
  indicator.set_unit_of_measure("menit");
  indicator.set_polarity(kDown);
  EXPECT_THAT(Codes(indicator), ElementsAre("TARGET_WORSE"));  // 85 to 95 minutes
}

TEST(LintIndicator, AsksForASourceWithAName) {
  v1::LintIndicatorRequest indicator = Sound();
  indicator.set_data_source("Laporan");
  EXPECT_THAT(Codes(indicator), ElementsAre("SOURCE_VAGUE"));
  indicator.clear_data_source();
  EXPECT_THAT(Codes(indicator), ElementsAre("SOURCE_MISSING"));
}

TEST(LintIndicator, NamesWhatIsNearlyTheSameNearestFirstAndNotItself) {
  const std::vector<KnownIndicator> known = {
      {"self", "Persentase KTP elektronik terbit tepat waktu"},
      {"other", "Jumlah wisatawan mancanegara"},
      {"near", "Tingkat KTP-elektronik yang terbit dengan tepat waktu"},
      {"nearer", "Persentase KTP elektronik terbit tepat waktu."}};
  v1::LintIndicatorRequest indicator = Sound();
  indicator.set_indicator("self");
  const auto remarks = LintIndicator(indicator, known);
  ASSERT_EQ(remarks.size(), 1U);
  EXPECT_EQ(remarks[0].code(), "NEAR_DUPLICATE");
  EXPECT_THAT(remarks[0].related(), ElementsAre("near", "nearer"));
}

TEST(Likeness, IsSymmetricBetweenNoneAndAll) {
  for (const auto& [a, b] : {std::pair{"Angka partisipasi sekolah", "Partisipasi sekolah"},
                             {"Angka partisipasi sekolah", "Jalan mantap"},
                             {"", "Jalan"}}) {
    EXPECT_EQ(Likeness(a, b), Likeness(b, a));
    EXPECT_GE(Likeness(a, b), 0);
    EXPECT_LE(Likeness(a, b), 1);
  }
  EXPECT_EQ(Likeness("Angka partisipasi sekolah", "Partisipasi sekolah"), 1);
  EXPECT_EQ(Likeness("", ""), 0);
}

}  // namespace
}  // namespace teraju::catalog::domain
