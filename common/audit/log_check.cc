#include "common/audit/log_check.h"

#include <cstdint>
#include <limits>
#include <map>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/audit/audit_store.h"
#include "common/audit/merkle.h"
#include "common/audit/signer.h"
#include "common/errors/status_macros.h"

namespace teraju::audit {
namespace {

using Kind = v1::LogFinding;

constexpr int kEventsAtOnce = 5000;
constexpr int kMostFindings = 100;

struct KindText {
  Kind::Kind kind;
  const char* id;
  const char* en;
};
constexpr KindText kTexts[] = {
    {Kind::EVENT_CHANGED,
     "Catatan nomor $ bukan lagi yang dicatat.",
     "Record $ is no longer what was recorded."},
    {Kind::EVENT_MISSING, "Catatan nomor $ hilang.", "Record $ is missing."},
    {Kind::EVENT_INSERTED,
     "Ada catatan yang disisipkan tanpa tempat di log.",
     "A record was put in without a place in the log."},
    {Kind::TREE_CHANGED,
     "Simpul pohon sampai nomor $ bukan yang dihitung dari catatan.",
     "The nodes of the tree up to $ are not those that the records give."},
    {Kind::HEAD_WRONG,
     "Kepala log untuk $ catatan tidak cocok dengan catatannya atau tanda tangannya tidak sah.",
     "The head for $ records does not fit them, or its signature is not valid."},
    {Kind::OUTSIDE_HEAD_UNKNOWN,
     "Kepala log luar untuk $ catatan tidak ditandatangani layanan ini.",
     "The outside head for $ records was not signed by this service."},
    {Kind::LOG_CUT,
     "Kepala log luar mencakup $ catatan, lebih banyak daripada yang ada: ujung log dipotong.",
     "The outside head covers $ records, more than there are: the end of the log was cut off."},
    {Kind::LOG_REWRITTEN,
     "Kepala log luar untuk $ catatan lain isinya: log ditulis ulang atau bercabang.",
     "The outside head for $ records has another content: the log was rewritten or forked."},
};

std::string Fill(std::string_view text, std::int64_t position) {
  const std::size_t at = text.find('$');
  if (at == std::string_view::npos) return std::string(text);
  return absl::StrCat(std::string(text.substr(0, at)), position, std::string(text.substr(at + 1)));
}

class Check {
 public:
  Check(postgres::Transaction& tx,
        const std::string& service,
        std::string agency,
        std::string_view public_key)
      : store_(tx, service), agency_(std::move(agency)), public_key_(public_key) {}

  absl::StatusOr<v1::AuditLogCheck> Run(std::span<const v1::TreeHead* const> outside) {
    if (auto newest = store_.Head(agency_)) *result_.mutable_head() = *std::move(newest);
    for (const v1::TreeHead* head : outside) {
      if (head->agency() != AgencyName() || !VerifyHead(public_key_, *head)) {
        Find(Kind::OUTSIDE_HEAD_UNKNOWN, head->tree_size());
      } else {
        heads_.insert({head->tree_size(), {*head, /*own=*/false}});
      }
    }
    RETURN_IF_ERROR(CheckEvents());
    const auto size = static_cast<std::int64_t>(tree_.size());
    for (const v1::TreeHead& head :
         store_.Heads(agency_, size, std::numeric_limits<std::int64_t>::max(), kMostFindings + 1))
      Find(Kind::HEAD_WRONG, head.tree_size());
    for (auto later = heads_.upper_bound(size); later != heads_.end(); ++later) {
      if (!later->second.own) Find(Kind::LOG_CUT, later->first);
    }
    if (store_.CountNodes(agency_) != nodes_) Find(Kind::TREE_CHANGED, size);
    const int inserted = store_.CountInserted(agency_, kMostFindings);
    for (int i = 0; i < inserted; ++i) Find(Kind::EVENT_INSERTED, size);
    return std::move(result_);
  }

 private:
  struct Known {
    v1::TreeHead head;
    bool own = false;
  };

  std::string AgencyName() const {
    return absl::StrCat("agencies/", agency_.empty() ? "-" : agency_);
  }

  void Find(Kind::Kind kind, std::int64_t position) {
    if (result_.findings_size() == kMostFindings) return result_.set_more_findings(true);
    v1::LogFinding& finding = *result_.add_findings();
    finding.set_kind(kind);
    finding.set_position(position);
    for (const KindText& text : kTexts) {
      if (text.kind != kind) continue;
      finding.set_text_id(Fill(text.id, position));
      finding.set_text_en(Fill(text.en, position));
    }
  }

  absl::Status CheckEvents() {
    for (;;) {
      const std::vector<StoredLeaf> leaves =
          store_.Leaves(agency_, static_cast<std::int64_t>(tree_.size()), kEventsAtOnce);
      TakeHeads(static_cast<std::int64_t>(tree_.size() + leaves.size()));
      std::vector<Node> nodes;
      for (const StoredLeaf& leaf : leaves) {
        const auto index = static_cast<std::int64_t>(tree_.size());
        // Behind a gap nothing has the place that it had.
        if (leaf.index != index) {
          Find(Kind::EVENT_MISSING, index);
          return absl::OkStatus();
        }
        ASSIGN_OR_RETURN(const Hash stored, ToHash(leaf.hash));
        if (!leaf.event.has_value())
          Find(Kind::EVENT_MISSING, index);
        else if (LeafHash(CanonicalEvent(*leaf.event)) != stored)
          Find(Kind::EVENT_CHANGED, index);
        for (const Node& node : tree_.Append(stored)) {
          if (node.id.level > 0) nodes.push_back(node);
        }
        CheckHeads();
      }
      CheckNodes(nodes);
      if (leaves.size() < kEventsAtOnce) return absl::OkStatus();
    }
  }

  // The own heads up to a size, at most one an event.
  void TakeHeads(std::int64_t to) {
    for (v1::TreeHead& head : store_.Heads(agency_, heads_to_, to, kEventsAtOnce + 1)) {
      if (!VerifyHead(public_key_, head)) Find(Kind::HEAD_WRONG, head.tree_size());
      const std::int64_t size = head.tree_size();
      heads_.insert({size, {std::move(head), /*own=*/true}});
    }
    heads_to_ = to;
  }

  // Those that cover as many events as have been read.
  void CheckHeads() {
    const auto size = static_cast<std::int64_t>(tree_.size());
    const auto [first, last] = heads_.equal_range(size);
    if (first == last) return;
    const std::string root = ToBytes(tree_.Root());
    for (auto known = first; known != last; ++known) {
      if (known->second.head.root_hash() != root)
        Find(known->second.own ? Kind::HEAD_WRONG : Kind::LOG_REWRITTEN, size);
    }
    heads_.erase(first, last);
  }

  void CheckNodes(const std::vector<Node>& nodes) {
    nodes_ += static_cast<std::int64_t>(nodes.size());
    if (store_.CountSame(agency_, nodes) != nodes.size())
      Find(Kind::TREE_CHANGED, static_cast<std::int64_t>(tree_.size()));
  }

  AuditStore store_;
  const std::string agency_;
  const std::string_view public_key_;
  std::multimap<std::int64_t, Known> heads_;  // by size, those yet to be compared
  std::int64_t heads_to_ = -1;
  CompactTree tree_;
  std::int64_t nodes_ = 0;
  v1::AuditLogCheck result_;
};

}  // namespace

absl::StatusOr<v1::AuditLogCheck> CheckLog(postgres::Transaction& tx,
                                           const std::string& service,
                                           const std::string& agency,
                                           std::string_view public_key,
                                           std::span<const v1::TreeHead* const> outside) {
  return Check(tx, service, agency, public_key).Run(outside);
}

}  // namespace teraju::audit
