// An attacker who holds every table of the database and tries to join raters to answers.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace teraju::feedback {

// One row of any table, with what PostgreSQL itself keeps of it.
struct DumpedRow {
  std::string table;
  std::string xmin;
  std::size_t position = 0;                   // among the rows of its table, as they lie on disk
  std::map<std::string, std::string> values;  // by column, as text
};

// Each row as one text, to be read by ParseDump.
std::string DumpStatement(const std::string& table);
DumpedRow ParseDump(const std::string& table, std::size_t position, const std::string& text);

// A rater and the place of an answer in `Linkage::answers()`.
using Link = std::pair<std::string, std::size_t>;

class Linkage {
 public:
  // `raters`: everybody who may have answered. Rows with a column item_values are answers.
  Linkage(std::vector<DumpedRow> rows, std::vector<std::string> raters);

  const std::vector<DumpedRow>& answers() const { return answers_; }

  // Rows that name a rater and answers, joined over any value that is not public knowledge and
  // leads to one rater only, over other rows if need be.
  std::set<Link> ByValue() const;
  // Answers whose pseudonym is the HMAC of a rater under any value that is stored anywhere.
  std::set<Link> ByKey() const;
  // A row that names one rater and an answer, written by the same transaction that wrote no other
  // rater's row.
  std::set<Link> ByTransaction() const;
  // Groups in which one rater took part and that hold one answer.
  std::set<Link> BySmallGroup() const;

 private:
  // The rater whom a row names, apart from the ratee; empty for none.
  std::string RaterOf(const DumpedRow& row) const;

  std::vector<DumpedRow> rows_;  // all but answers
  std::vector<DumpedRow> answers_;
  std::vector<std::string> raters_;
};

// Kendall's tau of two orders of the same things, given as ranks.
double KendallTau(const std::vector<std::size_t>& a, const std::vector<std::size_t>& b);

}  // namespace teraju::feedback
