// Who stands above a person, and who has read about the person, as rows tell it. Bound to the
// transaction it is given.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/postgres/transaction.h"
#include "services/evaluation/store/names.h"
#include "teraju/evaluation/v1/weakness_service.pb.h"

namespace teraju::evaluation {

// Names; empty where there is none.
struct Superiors {
  std::string appraiser;
  std::string next_appraiser;
};

class WeaknessStore {
 public:
  explicit WeaknessStore(postgres::Transaction& tx) : tx_(tx) {}

  // By the newest work plan of a person, a subject; nothing without one.
  std::optional<Superiors> FindSuperiors(const std::string& agency,
                                         const std::string& person) const;
  // Who has read records of `collection` about `person`, a name: newest first, at most 100.
  std::vector<v1::WeaknessReading> ListReadings(const std::string& person,
                                                const std::string& collection) const;

 private:
  postgres::Transaction& tx_;
};

}  // namespace teraju::evaluation
