// Small plans, periods and cycles for the tests of this folder.
#pragma once

#include <string>

#include "google/protobuf/text_format.h"
#include "teraju/evaluation/v1/cycle.pb.h"
#include "teraju/evaluation/v1/evaluation.pb.h"
#include "teraju/evaluation/v1/work_plan.pb.h"

namespace teraju::evaluation::domain {

template <typename Message>
Message Parse(const std::string& text) {
  Message message;
  if (!google::protobuf::TextFormat::ParseFromString(text, &message)) message.Clear();
  return message;
}

inline v1::Cycle MakeCycle(v1::Cycle::State state = v1::Cycle::OPEN) {
  v1::Cycle cycle = Parse<v1::Cycle>(R"pb(
    name: "agencies/plaju/cycles/2025"
    period_kind: QUARTERLY
    start_date { year: 2025 month: 1 day: 1 }
    end_date { year: 2025 month: 12 day: 31 }
    periods {
      name: "agencies/plaju/cycles/2025/periods/year"
      start_date { year: 2025 month: 1 day: 1 }
      end_date { year: 2025 month: 12 day: 31 }
      state: OPEN
    }
    periods {
      name: "agencies/plaju/cycles/2025/periods/q1"
      start_date { year: 2025 month: 1 day: 1 }
      end_date { year: 2025 month: 3 day: 31 }
      state: OPEN
    })pb");
  cycle.set_state(state);
  return cycle;
}

// An item of a quantity (60 documents) and a quality (90 percent), and one of time (7 days, lower
// is better).
inline v1::WorkPlan MakePlan(v1::WorkPlan::State state) {
  v1::WorkPlan plan = Parse<v1::WorkPlan>(R"pb(
    name: "agencies/plaju/workPlans/01890000-0000-7000-8000-000000000001"
    snapshot {
      employee: "agencies/plaju/employees/e"
      start_date { year: 2025 month: 1 day: 1 }
      end_date { year: 2025 month: 12 day: 31 }
    }
    items {
      item_id: "h1"
      kind: MAIN
      title: "Dokumen"
      indicators {
        indicator_id: "k1"
        aspect: QUANTITY
        title: "Jumlah"
        unit_of_measure: "dokumen"
        polarity: HIGHER_IS_BETTER
        target { value: "60" }
      }
      indicators {
        indicator_id: "k2"
        aspect: QUALITY
        title: "Mutu"
        unit_of_measure: "persen"
        polarity: HIGHER_IS_BETTER
        target { value: "90" }
      }
    }
    items {
      item_id: "h2"
      kind: MAIN
      title: "Layanan"
      indicators {
        indicator_id: "k1"
        aspect: TIME
        title: "Waktu"
        unit_of_measure: "hari"
        polarity: LOWER_IS_BETTER
        target { value: "7" }
      }
    })pb");
  plan.set_state(state);
  return plan;
}

}  // namespace teraju::evaluation::domain
