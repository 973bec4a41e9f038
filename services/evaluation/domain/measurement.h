// Operational figures that other systems measure, as progress entries of the indicators that name
// them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "teraju/evaluation/v1/cycle.pb.h"
#include "teraju/evaluation/v1/measurements_service.pb.h"
#include "teraju/evaluation/v1/work_plan.pb.h"

namespace teraju::evaluation::domain {

// A figure that was told, and what became of it. `result` is REFUSED from the beginning where the
// row of a file could not be read.
struct ToldFigure {
  v1::Measurement measurement;
  std::string nip;  // of a file's row; empty where the person or unit is named
  v1::MeasurementResult result;
};

// Refuses, with what to do, unless exactly one of person, NIP and unit is named.
void CheckOneSubject(ToldFigure& figure);
// Refuses with a text in both languages. `id` and `en` say what to do.
void Refuse(v1::MeasurementResult& result, std::string_view id, std::string_view en);

// The entries for the indicators of a plan that name the figure, without names; none where no
// indicator does. Refuses in `result` and gives none where it is in other units, or the plan takes
// no entry of that day.
std::vector<v1::ProgressEntry> EntriesOf(const v1::Measurement& measurement,
                                         const v1::WorkPlan& plan,
                                         const v1::Cycle& cycle,
                                         v1::MeasurementResult& result);

// Whether both tell the same figure: value, time and number of cases.
bool SameFigure(const v1::ProgressEntry& a, const v1::ProgressEntry& b);

// Reads a file (measurements_service.proto says which columns). A row that cannot be read is
// REFUSED and names the column. INVALID_ARGUMENT (FIELD_INVALID) for a file without the columns or
// rows, or with more than 1,000.
absl::StatusOr<std::vector<ToldFigure>> ReadMeasurementFile(const std::string& agency,
                                                            std::string_view text);

}  // namespace teraju::evaluation::domain
