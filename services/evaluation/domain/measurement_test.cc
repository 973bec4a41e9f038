#include "services/evaluation/domain/measurement.h"

#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"

namespace teraju::evaluation::domain {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::IsOk;
using ::testing::SizeIs;
using testing::ViolatesField;

template <typename Message>
Message Parse(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

v1::WorkPlan Plan() {
  return Parse<v1::WorkPlan>(R"pb(
    state: APPROVED
    snapshot {
      start_date { year: 2025 month: 1 day: 1 }
      end_date { year: 2025 month: 12 day: 31 }
    }
    items {
      item_id: "h1"
      indicators { indicator_id: "k1" metric: "antrian.tunggu" unit_of_measure: "menit" }
      indicators { indicator_id: "k2" metric: "data.benar" unit_of_measure: "persen" }
      indicators { indicator_id: "k3" unit_of_measure: "menit" }
    }
    items {
      item_id: "h2"
      indicators { indicator_id: "k1" metric: "antrian.tunggu" unit_of_measure: "menit" }
    })pb");
}
v1::Cycle Cycle() {
  return Parse<v1::Cycle>(R"pb(
    name: "agencies/plaju/cycles/2025"
    state: OPEN
    periods {
      name: "agencies/plaju/cycles/2025/periods/q1"
      state: PUBLISHED
      start_date { year: 2025 month: 1 day: 1 }
      end_date { year: 2025 month: 3 day: 31 }
    })pb");
}
v1::Measurement Wait() {
  return Parse<v1::Measurement>(R"pb(
    employee: "agencies/plaju/employees/e"
    metric: "antrian.tunggu"
    date { year: 2025 month: 6 day: 30 }
    value { value: "12.5" }
    source: "Mesin antrean"
    measure_time { seconds: 1751328000 }
    sample_size: 412)pb");
}

TEST(Measurement, GoesToEveryIndicatorThatNamesItWithSourceTimeAndN) {
  v1::MeasurementResult result;
  const auto entries = EntriesOf(Wait(), Plan(), Cycle(), result);
  ASSERT_THAT(entries, SizeIs(2));
  EXPECT_EQ(entries[0].item_id() + entries[0].indicator_id(), "h1k1");
  EXPECT_EQ(entries[1].item_id() + entries[1].indicator_id(), "h2k1");
  EXPECT_EQ(entries[0].realisation().value(), "12.5");
  EXPECT_EQ(entries[0].measured().source(), "Mesin antrean");
  EXPECT_EQ(entries[0].measured().sample_size(), 412);
  EXPECT_THAT(entries[0].activity(), HasSubstr("n = 412"));
}

TEST(Measurement, IsRefusedWithWhatToDo) {
  const auto refused = [](const v1::Measurement& measurement) {
    v1::MeasurementResult result;
    EXPECT_THAT(EntriesOf(measurement, Plan(), Cycle(), result), IsEmpty());
    EXPECT_EQ(result.state(), v1::MeasurementResult::REFUSED);
    EXPECT_FALSE(result.text_id().empty());
    return result.text_en();
  };
  v1::Measurement other = Wait();
  other.set_unit_of_measure("jam");
  EXPECT_THAT(refused(other), HasSubstr("other units"));
  other = Wait();
  other.mutable_date()->set_month(3);
  EXPECT_THAT(refused(other), HasSubstr("are final"));
  other = Wait();
  other.mutable_date()->set_year(2026);
  EXPECT_THAT(refused(other), HasSubstr("Check the date"));
}

TEST(Measurement, GoesNowhereElse) {
  v1::MeasurementResult result;
  v1::Measurement other = Wait();
  other.set_metric("unknown");
  EXPECT_THAT(EntriesOf(other, Plan(), Cycle(), result), IsEmpty());
  // An indicator without a code takes none.
  other.clear_metric();
  EXPECT_THAT(EntriesOf(other, Plan(), Cycle(), result), IsEmpty());
  EXPECT_EQ(result.state(), v1::MeasurementResult::STATE_UNSPECIFIED);
}

TEST(Measurement, IsTheSameWhenValueTimeAndNAre) {
  v1::MeasurementResult result;
  const v1::ProgressEntry entry = EntriesOf(Wait(), Plan(), Cycle(), result).front();
  v1::ProgressEntry other = entry;
  other.mutable_realisation()->set_value("12.50");
  other.mutable_measured()->mutable_measure_time()->set_nanos(999);  // less than rows keep
  EXPECT_TRUE(SameFigure(entry, other));
  other.mutable_realisation()->set_value("12.51");
  EXPECT_FALSE(SameFigure(entry, other));
  other = entry;
  other.mutable_measured()->set_sample_size(413);
  EXPECT_FALSE(SameFigure(entry, other));
}

TEST(MeasurementFile, IsReadWhateverTheOrderLanguageAndDelimiter) {
  const auto figures =
      ReadMeasurementFile("plaju",
                          "\xEF\xBB\xBFnilai;Metrik;Tanggal;NIP;Sumber;Waktu Ukur;Jumlah Kasus\r\n"
                          "12,5;antrian.tunggu;2025-06-30;198001012005011001;Mesin "
                          "antrean;2025-07-01T00:00:00Z;412\r\n");
  ASSERT_THAT(figures, IsOk());
  ASSERT_THAT(*figures, SizeIs(1));
  const ToldFigure& figure = figures->front();
  EXPECT_EQ(figure.result.state(), v1::MeasurementResult::STATE_UNSPECIFIED);
  EXPECT_EQ(figure.nip, "198001012005011001");
  v1::Measurement expected = Wait();
  expected.clear_employee();
  EXPECT_EQ(figure.measurement.ShortDebugString(), expected.ShortDebugString());
}

TEST(MeasurementFile, ARowThatCannotBeReadNamesTheColumnAndTheOthersCount) {
  const auto figures = ReadMeasurementFile("plaju",
                                           "employee,unit,metric,date,value,source,measure_time,"
                                           "sample_size\n"
                                           "e,,m,2025-06-30,1.000,S,2025-07-01T00:00:00Z,3\n"
                                           "e,,m,30/06/2025,1,S,2025-07-01T00:00:00Z,3\n"
                                           "e,,m,2025-06-30,x,S,2025-07-01T00:00:00Z,3\n"
                                           "e,,m,2025-06-30,1,S,kemarin,3\n"
                                           "e,,m,2025-06-30,1,S,2025-07-01T00:00:00Z,0\n"
                                           "e,,,2025-06-30,1,S,2025-07-01T00:00:00Z,3\n"
                                           "e,u,m,2025-06-30,1,S,2025-07-01T00:00:00Z,3\n"
                                           "e\n");
  ASSERT_THAT(figures, IsOk());
  std::vector<std::string> texts;
  for (const ToldFigure& figure : *figures)
    texts.push_back(figure.result.text_en().substr(0, figure.result.text_en().find(':')));
  EXPECT_THAT(texts,
              ElementsAre("",
                          "Column date",
                          "Column value",
                          "Column measure_time",
                          "Column sample_size",
                          "Column metric",
                          "Name exactly one of employee, NIP and unit.",
                          "Column metric"));
  EXPECT_EQ(figures->front().measurement.employee(), "agencies/plaju/employees/e");
}

TEST(MeasurementFile, WithoutColumnsOrRowsIsRefusedAsAWhole) {
  EXPECT_THAT(ReadMeasurementFile("plaju", ""), ViolatesField("body"));
  EXPECT_THAT(ReadMeasurementFile("plaju", "nip,metric\n1,2\n"), ViolatesField("body"));
  const std::string header = "nip,metric,date,value,source,measure_time,sample_size\n";
  EXPECT_THAT(ReadMeasurementFile("plaju", header), ViolatesField("body"));
  std::string long_file = header;
  for (int i = 0; i < 1001; ++i) long_file += "1,m,2025-06-30,1,S,2025-07-01T00:00:00Z,3\n";
  EXPECT_THAT(ReadMeasurementFile("plaju", long_file), ViolatesField("body"));
}

}  // namespace
}  // namespace teraju::evaluation::domain
