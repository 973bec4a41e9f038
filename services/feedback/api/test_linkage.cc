#include "services/feedback/api/test_linkage.h"

#include <algorithm>

#include "absl/strings/escaping.h"
#include "absl/strings/str_split.h"
#include "services/feedback/domain/response_token.h"

namespace teraju::feedback {
namespace {

constexpr char kSeparator = '\x1f';

// What everybody knows: whom an answer is about is no secret.
bool IsPublic(const std::string& column, const std::string& value) {
  static const std::set<std::string> public_columns = {
      "agency_id", "campaign_id", "ratee", "rater_group", "state", "item_values", "comment"};
  return value.size() < 4 || public_columns.contains(column);
}

// The places of equal sets are joined: the smallest place stands for all.
class Sets {
 public:
  explicit Sets(std::size_t size) : parent_(size) {
    for (std::size_t i = 0; i < size; ++i) parent_[i] = i;
  }
  std::size_t Find(std::size_t i) {
    while (parent_[i] != i) i = parent_[i] = parent_[parent_[i]];
    return i;
  }
  void Join(std::size_t a, std::size_t b) { parent_[Find(a)] = Find(b); }

 private:
  std::vector<std::size_t> parent_;
};

}  // namespace

std::string DumpStatement(const std::string& table) {
  return "SELECT t.xmin::text || (SELECT string_agg(E'\\x1f' || key || '=' || coalesce(value, ''),"
         " '') FROM jsonb_each_text(to_jsonb(t))) FROM ONLY " +
         table + " t ORDER BY t.ctid";
}

DumpedRow ParseDump(const std::string& table, std::size_t position, const std::string& text) {
  const std::vector<std::string> parts = absl::StrSplit(text, kSeparator);
  DumpedRow row{.table = table, .xmin = parts[0], .position = position};
  for (std::size_t i = 1; i < parts.size(); ++i) {
    const std::size_t equals = parts[i].find('=');
    row.values[parts[i].substr(0, equals)] = parts[i].substr(equals + 1);
  }
  return row;
}

Linkage::Linkage(std::vector<DumpedRow> rows, std::vector<std::string> raters)
    : raters_(std::move(raters)) {
  for (DumpedRow& row : rows) {
    auto& kind = row.values.contains("item_values") ? answers_ : rows_;
    kind.push_back(std::move(row));
  }
}

std::string Linkage::RaterOf(const DumpedRow& row) const {
  for (const auto& [column, value] : row.values) {
    if (column == "ratee") continue;
    if (std::find(raters_.begin(), raters_.end(), value) != raters_.end()) return value;
  }
  return "";
}

std::set<Link> Linkage::ByValue() const {
  std::vector<const DumpedRow*> all;
  for (const DumpedRow& answer : answers_) all.push_back(&answer);
  for (const DumpedRow& row : rows_) all.push_back(&row);
  Sets sets(all.size());
  std::map<std::string, std::size_t> first_with;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::string rater = RaterOf(*all[i]);
    for (const auto& [column, value] : all[i]->values) {
      // The rater's own name joins a rater's rows, not those of others.
      if (IsPublic(column, value) || value == rater) continue;
      const auto [found, added] = first_with.emplace(value, i);
      if (!added) sets.Join(i, found->second);
    }
  }
  std::map<std::size_t, std::set<std::string>> raters_of;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (const std::string rater = RaterOf(*all[i]); !rater.empty()) {
      raters_of[sets.Find(i)].insert(rater);
    }
  }
  std::set<Link> links;
  for (std::size_t i = 0; i < answers_.size(); ++i) {
    const std::set<std::string>& raters = raters_of[sets.Find(i)];
    if (raters.size() == 1) links.emplace(*raters.begin(), i);
  }
  return links;
}

std::set<Link> Linkage::ByKey() const {
  std::set<std::string> keys;
  for (const DumpedRow& row : rows_) {
    for (const auto& [column, value] : row.values) {
      if (!value.starts_with("\\x")) continue;
      keys.insert(absl::HexStringToBytes(value.substr(2)));
    }
  }
  std::map<std::string, std::string> rater_of;  // by pseudonym as text
  for (const std::string& key : keys) {
    for (const std::string& rater : raters_) {
      rater_of["\\x" + absl::BytesToHexString(domain::Pseudonym(key, rater))] = rater;
    }
  }
  std::set<Link> links;
  for (std::size_t i = 0; i < answers_.size(); ++i) {
    for (const auto& [column, value] : answers_[i].values) {
      if (const auto rater = rater_of.find(value); rater != rater_of.end()) {
        links.emplace(rater->second, i);
      }
    }
  }
  return links;
}

std::set<Link> Linkage::ByTransaction() const {
  std::map<std::string, std::set<std::string>> raters_of;
  for (const DumpedRow& row : rows_) {
    if (const std::string rater = RaterOf(row); !rater.empty()) raters_of[row.xmin].insert(rater);
  }
  std::set<Link> links;
  for (std::size_t i = 0; i < answers_.size(); ++i) {
    const std::set<std::string>& raters = raters_of[answers_[i].xmin];
    if (raters.size() == 1) links.emplace(*raters.begin(), i);
  }
  return links;
}

std::set<Link> Linkage::BySmallGroup() const {
  std::map<std::string, std::vector<std::string>> took_part;
  for (const DumpedRow& row : rows_) {
    const auto state = row.values.find("state");
    if (row.table != "feedback_requests" || state == row.values.end()) continue;
    if (state->second != "ANSWERED") continue;
    took_part[row.values.at("ratee") + row.values.at("rater_group")].push_back(
        row.values.at("rater"));
  }
  std::map<std::string, std::vector<std::size_t>> answers_of;
  for (std::size_t i = 0; i < answers_.size(); ++i) {
    answers_of[answers_[i].values.at("ratee") + answers_[i].values.at("rater_group")].push_back(i);
  }
  std::set<Link> links;
  for (const auto& [group, places] : answers_of) {
    const std::vector<std::string>& raters = took_part[group];
    if (places.size() == 1 && raters.size() == 1) links.emplace(raters[0], places[0]);
  }
  return links;
}

double KendallTau(const std::vector<std::size_t>& a, const std::vector<std::size_t>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      sum += (a[i] < a[j]) == (b[i] < b[j]) ? 1 : -1;
    }
  }
  return sum / (static_cast<double>(a.size()) * static_cast<double>(a.size() - 1) / 2);
}

}  // namespace teraju::feedback
