// Final annual results beside final competency assessments. Bound to the transaction it is given.
#pragma once

#include <string>
#include <vector>

#include "common/postgres/transaction.h"
#include "services/evaluation/store/names.h"
#include "services/evaluation/store/rows.h"
#include "teraju/evaluation/v1/competencies_service.pb.h"

namespace teraju::evaluation {

struct TalentQuery {
  CycleKey cycle;
  auth::Scope scope;
  std::string caller;  // as subject
  std::string unit;    // id; empty: of every unit
  PageQuery page;
};

class TalentStore {
 public:
  explicit TalentStore(postgres::Transaction& tx) : tx_(tx) {}

  // In the order of the annual results' ids, with what is known; box and reasons are not set.
  std::vector<v1::TalentPlacement> List(const TalentQuery& query) const;

 private:
  postgres::Transaction& tx_;
};

}  // namespace teraju::evaluation
