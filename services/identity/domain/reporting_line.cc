#include "services/identity/domain/reporting_line.h"

#include <string_view>
#include <utility>

#include "fmt/ranges.h"

namespace teraju::identity::domain {
namespace {

std::pair<std::string_view, std::string_view> TextOfRight(const Superior& superior) {
  if (superior.official) return {"pejabat pimpinan", "the official who leads"};
  switch (superior.kind) {
    case v1::Assignment::APPOINTED_ACTING:
      return {"penjabat (Pj.) pimpinan", "the appointed acting head of"};
    case v1::Assignment::ACTING:
      return {"pelaksana tugas (Plt.) pimpinan", "the acting head of"};
    case v1::Assignment::DAILY_ACTING:
      return {"pelaksana harian (Plh.) pimpinan", "the daily acting head of"};
    case v1::Assignment::ADDITIONAL:
      return {"pimpinan dengan tugas tambahan", "the head by additional task of"};
    default:
      return {"pimpinan definitif", "the definitive head of"};
  }
}

void Add(Explanation& text,
         const std::vector<std::string>& units,
         std::string_view id,
         std::string_view en) {
  if (units.empty()) return;
  text.id += fmt::format(" {}: {}.", id, fmt::join(units, "; "));
  text.en += fmt::format(" {}: {}.", en, fmt::join(units, "; "));
}

}  // namespace

Explanation Explain(const Line& line) {
  Explanation text;
  if (!line.appraiser) {
    text = {
        "Tidak ada pejabat penilai: seluruh jabatan pimpinan di atasnya lowong dan pejabat puncak "
        "belum dimasukkan.",
        "There is no appraiser: every post of head above is vacant and no top official has been "
        "entered."};
  } else {
    const auto [id, en] = TextOfRight(*line.appraiser);
    const std::string_view unit = line.appraiser->unit_name;
    text = {fmt::format("Dinilai oleh {} {}.", id, unit),
            fmt::format("Appraised by {} {}.", en, unit)};
  }
  if (line.leads_unit) {
    text.id = "Memimpin unitnya sendiri. " + text.id;
    text.en = "Leads the own unit. " + text.en;
  }
  const PassedOver& over = line.passed_over;
  Add(text, over.abolished, "Unit telah dihapus", "Abolished units");
  Add(text, over.without_head, "Jabatan pimpinan telah dihapus", "Levels without a post of head");
  Add(text, over.vacant, "Jabatan pimpinan lowong", "Vacant posts of head");
  Add(text, over.own, "Dipimpin sendiri", "Led by the person as well");
  if (line.shares.size() > 1) {
    std::vector<std::string> shares;
    for (const Share& share : line.shares)
      shares.push_back(fmt::format("{} {}%", share.unit_name, share.percent));
    Add(text, shares, "Penilai menurut porsi tugas", "Appraisers by shares of work");
  }
  Add(text, over.subordinate, "Dipimpin oleh bawahannya", "Led by a subordinate of the person");
  return text;
}

}  // namespace teraju::identity::domain
