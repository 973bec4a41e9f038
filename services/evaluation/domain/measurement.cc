#include "services/evaluation/domain/measurement.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/decimal/proto_decimal.h"
#include "common/errors/error.h"
#include "services/evaluation/domain/progress.h"
#include "teraju/evaluation/v1/error_reason.pb.h"

namespace teraju::evaluation::domain {

void Refuse(v1::MeasurementResult& result, std::string_view id, std::string_view en) {
  result.set_state(v1::MeasurementResult::REFUSED);
  result.set_text_id(std::string(id));
  result.set_text_en(std::string(en));
}

void CheckOneSubject(ToldFigure& figure) {
  const int named = int{!figure.measurement.employee().empty()} + int{!figure.nip.empty()} +
                    int{!figure.measurement.unit().empty()};
  if (named != 1) {
    Refuse(figure.result,
           "Sebutkan satu saja: pegawai, NIP, atau unit.",
           "Name exactly one of employee, NIP and unit.");
  }
}

std::vector<v1::ProgressEntry> EntriesOf(const v1::Measurement& measurement,
                                         const v1::WorkPlan& plan,
                                         const v1::Cycle& cycle,
                                         v1::MeasurementResult& result) {
  std::vector<v1::ProgressEntry> entries;
  for (const v1::WorkPlanItem& item : plan.items()) {
    for (const v1::ItemIndicator& indicator : item.indicators()) {
      if (indicator.metric().empty() || indicator.metric() != measurement.metric()) continue;
      if (!measurement.unit_of_measure().empty() &&
          !absl::EqualsIgnoreCase(measurement.unit_of_measure(), indicator.unit_of_measure())) {
        Refuse(result,
               "Satuan angka berbeda dari satuan indikator. Ubah ke satuan indikator.",
               "The figure is in other units than the indicator. Convert it.");
        return {};
      }
      v1::ProgressEntry& entry = entries.emplace_back();
      entry.set_item_id(item.item_id());
      entry.set_indicator_id(indicator.indicator_id());
      entry.set_kind(v1::ProgressEntry::REALISATION);
      *entry.mutable_date() = measurement.date();
      entry.set_activity(absl::StrCat(
          "Angka operasional: ", measurement.source(), ", n = ", measurement.sample_size()));
      *entry.mutable_realisation() = measurement.value();
      v1::Measured& measured = *entry.mutable_measured();
      measured.set_source(measurement.source());
      *measured.mutable_measure_time() = measurement.measure_time();
      measured.set_sample_size(measurement.sample_size());
      const absl::Status fits = CheckProgressEntry(entry, plan, cycle);
      if (fits.ok()) continue;
      if (errors::ReasonOf(fits) == v1::ErrorReason_Name(v1::PERIOD_PUBLISHED)) {
        Refuse(result,
               "Hasil periode hari itu sudah final. Kirim angka hari sesudahnya.",
               "The results of that day are final. Send figures of later days.");
      } else {
        Refuse(result,
               "SKP tidak menerima realisasi untuk hari itu. Periksa tanggalnya.",
               "The plan takes no realisation of that day. Check the date.");
      }
      return {};
    }
  }
  return entries;
}

bool SameFigure(const v1::ProgressEntry& a, const v1::ProgressEntry& b) {
  const auto value_a = FromProto(a.realisation()), value_b = FromProto(b.realisation());
  // As rows keep times: in microseconds.
  const auto time_of = [](const v1::ProgressEntry& entry) {
    const google::protobuf::Timestamp& time = entry.measured().measure_time();
    return std::pair(time.seconds(), time.nanos() / 1000);
  };
  return value_a.ok() && value_b.ok() && *value_a == *value_b && time_of(a) == time_of(b) &&
         a.measured().sample_size() == b.measured().sample_size();
}

}  // namespace teraju::evaluation::domain
