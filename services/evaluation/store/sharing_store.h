// Sharing agreements and consents as rows. Bound to the transaction it is given.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "common/api/etag.h"
#include "common/auth/authorizer.h"
#include "common/postgres/transaction.h"
#include "services/evaluation/store/names.h"
#include "services/evaluation/store/rows.h"
#include "teraju/evaluation/v1/sharing_service.pb.h"

namespace teraju::evaluation {

struct ConsentQuery {
  auth::Scope scope;
  std::string caller;  // subject
  PageQuery page;
};

class SharingStore {
 public:
  explicit SharingStore(postgres::Transaction& tx) : tx_(tx) {}

  v1::SharingAgreement Insert(const Key& key, const v1::SharingAgreement& agreement);
  std::optional<v1::SharingAgreement> Find(const Key& key) const;
  // In the order of their ids.
  std::vector<v1::SharingAgreement> List(const std::string& agency, const PageQuery& page) const;
  // Loads the row locked, checks `precondition` (ABORTED), runs `change`, stores the agreement with
  // the next version. Nothing is stored if `change` fails. NOT_FOUND.
  absl::StatusOr<v1::SharingAgreement> Update(
      const Key& key,
      const api::Precondition& precondition,
      absl::FunctionRef<absl::Status(v1::SharingAgreement&)> change);

  // ALREADY_EXISTS where the person's (subject's) consent stands.
  absl::StatusOr<v1::SharingConsent> InsertConsent(const Key& key,
                                                   const std::string& agreement,
                                                   const std::string& employee);
  std::optional<v1::SharingConsent> FindConsent(const Key& key) const;
  // In the order of their ids.
  std::vector<v1::SharingConsent> ListConsents(const std::string& agency,
                                               const ConsentQuery& query) const;
  // Whether the person's (subject's) consent stands.
  bool HasConsent(const Key& agreement, const std::string& employee) const;
  // One that does not stand stays as it is. NOT_FOUND.
  absl::StatusOr<v1::SharingConsent> Revoke(const Key& key);

 private:
  postgres::Transaction& tx_;
};

}  // namespace teraju::evaluation
