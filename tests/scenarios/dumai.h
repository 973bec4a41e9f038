// The town of Dumai's scenarios.
#pragma once

#include <string>
#include <vector>

#include "tests/scenarios/town.h"

namespace teraju::scenarios {

// Two offices of Dumai with a head each; in one an officer with six colleagues, in the other a
// technician.
class DumaiTown : public TownTest {
 protected:
  static void SetUpTestSuite() {
    ASSERT_TRUE(Begin("dumai", "Pemerintah Kota Dumai"));
    const std::string registry =
        town_->Unit("dukcapil", "Dinas Kependudukan dan Pencatatan Sipil", town_->root());
    const std::string digital = town_->Unit("kominfo", "Dinas Kominfo", town_->root());
    head_ = town_->Employee("Kepala Dukcapil", registry, "Kepala Dinas", "STRUCTURAL", true);
    other_head_ = town_->Employee("Kepala Kominfo", digital, "Kepala Dinas", "STRUCTURAL", true);
    officer_ =
        town_->Employee("Petugas", registry, "Administrator Kependudukan", "FUNCTIONAL", false);
    colleagues_.clear();
    for (const char* name : {"Rina", "Sari", "Tono", "Umar", "Vina", "Wati"})
      colleagues_.push_back(
          town_->Employee(name, registry, "Administrator Kependudukan", "FUNCTIONAL", false));
    technician_ = town_->Employee("Teknisi", digital, "Pranata Komputer", "FUNCTIONAL", false);
    cycle_ = town_->OpenCycle("2025");
  }
  static std::string PlanName(const std::string& person) {
    return TextOf(town_->PlanOf(person, cycle_), "name");
  }

  inline static std::string head_, other_head_, officer_, technician_, cycle_;
  inline static std::vector<std::string> colleagues_;
};

}  // namespace teraju::scenarios
