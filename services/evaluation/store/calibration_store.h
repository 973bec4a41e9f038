// Calibration sessions, and the ratings that they look at, as rows. Bound to the transaction it is
// given.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "common/api/etag.h"
#include "common/postgres/transaction.h"
#include "services/evaluation/store/names.h"
#include "services/evaluation/store/rows.h"
#include "services/evaluation/store/unit_result_store.h"
#include "teraju/evaluation/v1/calibration_service.pb.h"

namespace teraju::evaluation {

// A session with what permission is decided on.
struct StoredSession {
  v1::CalibrationSession session;
  UnitPosition position;             // of the unit
  std::vector<std::string> leaders;  // as subjects
};

struct SessionQuery {
  auth::Scope scope;
  std::string caller;  // as subject
  std::optional<PeriodKey> period;
  PageQuery page;
};

class CalibrationStore {
 public:
  explicit CalibrationStore(postgres::Transaction& tx) : tx_(tx) {}

  // Stores the session and the ratings, as they are, of everybody rated who counts in the
  // distribution of its unit result. ALREADY_EXISTS (RESOURCE_EXISTS) where that has an open one.
  absl::StatusOr<v1::CalibrationSession> Insert(const Key& key,
                                                const v1::CalibrationSession& session);
  std::optional<StoredSession> Find(const Key& key) const;
  // In the order of their ids.
  std::vector<v1::CalibrationSession> List(const std::string& agency,
                                           const SessionQuery& query) const;
  // Loads the row locked, checks `precondition` (ABORTED), runs `change`, stores state and body
  // with the next version. NOT_FOUND.
  absl::StatusOr<v1::CalibrationSession> Update(
      const Key& key,
      const api::Precondition& precondition,
      absl::FunctionRef<absl::Status(v1::CalibrationSession&)> change);
  // The session, which stays as it is until the transaction ends. NOT_FOUND.
  absl::StatusOr<v1::CalibrationSession> Share(const Key& key);
  // The name of the open session on a unit result; empty without one.
  std::string FindOpen(const Key& unit_result) const;

  // The people of a session, in the order of their evaluations' ids: how they were rated and how
  // they are. Without those whom `reader`, a subject, hears nothing about: the own person, and who
  // appraises it.
  std::vector<v1::CalibratedRating> ListRatings(const Key& key,
                                                const std::string& reader,
                                                const PageQuery& page) const;
  // Everybody of a session.
  std::vector<v1::CalibratedRating> AllRatings(const Key& key) const;
  // One person of it, as `reader` may read it, locked; nothing for another.
  std::optional<v1::CalibratedRating> FindRating(const Key& key,
                                                 const std::string& evaluation,
                                                 const std::string& reader);
  void StoreProposals(const Key& key, const v1::CalibratedRating& rating);
  // With reason and how they are rated now, as of the closing.
  void StoreClosed(const Key& key, const std::vector<v1::CalibratedRating>& ratings);
  int CountChanged(const Key& key) const;

  // What closed sessions changed in these evaluations, oldest first, by evaluation id.
  std::map<std::string, std::vector<v1::CalibratedChange>> ChangesOf(
      const std::string& agency, const std::vector<std::string>& evaluations) const;

 private:
  postgres::Transaction& tx_;
};

}  // namespace teraju::evaluation
