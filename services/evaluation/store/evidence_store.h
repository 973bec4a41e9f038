// Evidence files as rows: the content once per agency under its hash, in blocks; the files of a
// plan beside it. Bound to the transaction it is given.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/postgres/transaction.h"
#include "services/evaluation/store/names.h"
#include "services/evaluation/store/rows.h"
#include "teraju/evaluation/v1/work_plan.pb.h"

namespace teraju::evaluation {

// The largest block of a content.
inline constexpr std::size_t kEvidenceBlock = 1 << 20;

// The contents. The narrow door behind which an object store can follow.
class EvidenceContents {
 public:
  explicit EvidenceContents(postgres::Transaction& tx) : tx_(tx) {}

  // `next_block` gives the blocks in order, each full but the last, and nothing at the end. It is
  // not called when the agency has the content. `sha256` is the hash in 32 bytes.
  absl::Status Put(const std::string& agency,
                   const std::string& sha256,
                   std::int64_t size,
                   const std::function<absl::StatusOr<std::string>()>& next_block);
  // A block by its number, from 0; nothing behind the last.
  std::optional<std::string> Get(const std::string& agency,
                                 const std::string& sha256,
                                 int number) const;

 private:
  postgres::Transaction& tx_;
};

class EvidenceStore {
 public:
  explicit EvidenceStore(postgres::Transaction& tx) : tx_(tx) {}

  // Says whether the same content was uploaded before: for another item or plan, or in an earlier
  // period of the cycle.
  v1::Evidence Insert(const PlanChildKey& key,
                      const v1::Evidence& evidence,
                      const std::string& cycle);
  std::optional<v1::Evidence> Find(const PlanChildKey& key) const;
  // In the order of upload.
  std::vector<v1::Evidence> List(const Key& plan, const PageQuery& page) const;
  // How many of these ids the plan has.
  int Count(const Key& plan, const std::vector<std::string>& ids) const;

 private:
  postgres::Transaction& tx_;
};

}  // namespace teraju::evaluation
