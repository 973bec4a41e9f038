#include "common/engines/statistics/disclosure.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>

#include "common/engines/statistics/disclosure_parts.h"
#include "common/engines/statistics/modular.h"

namespace teraju::statistics {
namespace {

// Combinations of persons looked at in one connected part, before the audit gives up.
constexpr std::int64_t kMostCombinations = 2'000'000;

std::vector<int> Sorted(const std::set<int>& values) { return {values.begin(), values.end()}; }

Leak LeakOf(LeakKind kind, const AuditPart& part, const std::vector<int>& atoms) {
  std::set<int> persons;
  std::set<int> answers;
  for (const int a : atoms) {
    persons.insert(part.atoms[a].persons.begin(), part.atoms[a].persons.end());
    answers.insert(part.atoms[a].answers.begin(), part.atoms[a].answers.end());
  }
  return {kind, Sorted(persons), Sorted(answers)};
}

// Vectors of the row space on atoms of few persons, of which some combination may be too small a
// group.
class SmallGroups {
 public:
  SmallGroups(const AuditPart& part, const RowSpace& space, int threshold, std::vector<Leak>& leaks)
      : part_(part),
        space_(space),
        threshold_(threshold),
        leaks_(leaks),
        outside_(part.atoms.size()) {}

  void Find() {
    for (const std::vector<int>& rows : Connected()) {
      rows_ = rows;
      CollectPersons();
      if (!Affordable()) {
        leaks_.push_back(LeakOf(LeakKind::kUnverified, part_, atoms_));
        continue;
      }
      std::vector<int> chosen;
      for (int size = 1; size < threshold_; ++size) Choose(0, size, chosen);
    }
  }

 private:
  // Sets of rows that share columns.
  std::vector<std::vector<int>> Connected() const {
    std::vector<int> parent(space_.kept.size());
    std::iota(parent.begin(), parent.end(), 0);
    const auto find = [&](int x) {
      while (parent[x] != x) x = parent[x] = parent[parent[x]];
      return x;
    };
    std::map<int, int> first_row;
    for (std::size_t r = 0; r < space_.kept.size(); ++r) {
      for (const auto& [column, value] : space_.kept[r]) {
        const auto [it, is_new] = first_row.emplace(column, static_cast<int>(r));
        if (!is_new) parent[find(static_cast<int>(r))] = find(it->second);
      }
    }
    std::map<int, std::vector<int>> sets;
    for (std::size_t r = 0; r < space_.kept.size(); ++r) {
      sets[find(static_cast<int>(r))].push_back(static_cast<int>(r));
    }
    std::vector<std::vector<int>> result;
    for (auto& [root, rows] : sets) result.push_back(std::move(rows));
    return result;
  }

  void CollectPersons() {
    std::set<int> atoms;
    std::set<int> persons;
    for (const int r : rows_) {
      for (const auto& [column, value] : space_.kept[r]) atoms.insert(column);
    }
    for (const int a : atoms) {
      persons.insert(part_.atoms[a].persons.begin(), part_.atoms[a].persons.end());
    }
    atoms_ = Sorted(atoms);
    persons_ = Sorted(persons);
    found_.clear();
  }

  bool Affordable() const {
    double combinations = 0;
    double of_size = 1;
    for (int size = 1; size < threshold_; ++size) {
      of_size *= (static_cast<double>(persons_.size()) - size + 1) / size;
      combinations += std::max(0.0, of_size);
    }
    return combinations <= static_cast<double>(kMostCombinations);
  }

  void Choose(std::size_t from, int more, std::vector<int>& chosen) {
    if (more == 0) {
      Test(chosen);
      return;
    }
    for (std::size_t i = from; i + more <= persons_.size(); ++i) {
      chosen.push_back(persons_[i]);
      Choose(i + 1, more - 1, chosen);
      chosen.pop_back();
    }
  }

  bool Inside(int atom, const std::vector<int>& chosen) const {
    const std::vector<int>& persons = part_.atoms[atom].persons;
    return std::includes(chosen.begin(), chosen.end(), persons.begin(), persons.end());
  }

  // Whether something about these persons, and nobody else, is determined. In a reduced basis only
  // rows whose pivot lies inside can take part.
  void Test(const std::vector<int>& chosen) {
    std::vector<const ModularRow*> rows;
    for (const int r : rows_) {
      if (Inside(space_.kept[r].front().first, chosen)) rows.push_back(&space_.kept[r]);
    }
    if (rows.empty()) return;
    for (const std::vector<int>& smaller : found_) {
      if (std::includes(chosen.begin(), chosen.end(), smaller.begin(), smaller.end())) return;
    }
    for (const ModularRow* row : rows) {
      for (const auto& [column, value] : *row) outside_[column] = !Inside(column, chosen);
    }
    if (!DependentOutside(rows, outside_, space_.prime)) return;
    std::vector<int> inside;
    for (const int a : atoms_) {
      if (Inside(a, chosen)) inside.push_back(a);
    }
    found_.push_back(chosen);
    leaks_.push_back(LeakOf(LeakKind::kDetermined, part_, inside));
  }

  const AuditPart& part_;
  const RowSpace& space_;
  int threshold_;
  std::vector<Leak>& leaks_;
  std::vector<bool> outside_;  // right at the columns of the rows under test
  std::vector<int> rows_;
  std::vector<int> atoms_;
  std::vector<int> persons_;
  std::vector<std::vector<int>> found_;
};

// Beside persons it does not matter what is known about nobody.
void ForgetNobody(const AuditPart& part, std::vector<RationalRow>& rows) {
  for (RationalRow& row : rows)
    std::erase_if(row, [&](const auto& term) { return term.first >= part.first_nobody; });
}

void AuditDetermined(const AuditPart& part, int threshold, std::vector<Leak>& leaks) {
  const int atoms = static_cast<int>(part.atoms.size());
  if (part.first_small == atoms) return;
  std::vector<RationalRow> rows;
  for (const AuditRow& row : part.rows) rows.push_back(row.terms);
  if (part.first_nobody < atoms) {
    for (const ModularRow& row : ReduceRows(rows, atoms, part.first_nobody).kept) {
      std::vector<int> empty;
      for (const auto& [column, value] : row) empty.push_back(column);
      leaks.push_back(LeakOf(LeakKind::kDetermined, part, empty));
    }
    ForgetNobody(part, rows);
    std::erase_if(rows, [](const RationalRow& row) { return row.empty(); });
  }
  // A vector with few persons touches only atoms of few persons: all else is eliminated first.
  const RowSpace space = ReduceRows(rows, part.first_nobody, part.first_small);
  SmallGroups(part, space, threshold, leaks).Find();
}

// The numbers of one combination that makes the leak, or, for a leak by bounds, that touch it.
std::vector<int> NumbersBehind(const Publication& publication,
                               const std::vector<AuditPart>& parts,
                               const Leak& leak) {
  const auto inside = [&](int answer) {
    return std::binary_search(leak.answers.begin(), leak.answers.end(), answer);
  };
  for (const AuditPart& part : parts) {
    std::vector<bool> outside;
    for (const Atom& atom : part.atoms) outside.push_back(!inside(atom.answers.front()));
    if (std::find(outside.begin(), outside.end(), false) == outside.end()) continue;
    std::vector<RationalRow> rows;
    for (const AuditRow& row : part.rows) rows.push_back(row.terms);
    if (!leak.persons.empty()) ForgetNobody(part, rows);
    std::vector<int> numbers;
    if (leak.kind == LeakKind::kDetermined) {
      for (const int r : CombinationInside(rows, outside)) numbers.push_back(part.rows[r].number);
    }
    if (!numbers.empty()) return numbers;
  }
  std::vector<int> touching;
  for (int n = 0; n < static_cast<int>(publication.numbers.size()); ++n) {
    const auto& terms = publication.numbers[n].terms;
    if (std::any_of(terms.begin(), terms.end(), [&](const auto& t) { return inside(t.answer); })) {
      touching.push_back(n);
    }
  }
  return touching;
}

std::vector<Leak> AuditParts(const std::vector<AuditPart>& parts, const Publication& publication) {
  std::vector<Leak> leaks;
  for (const AuditPart& part : parts) {
    AuditDetermined(part, publication.threshold, leaks);
    for (const std::vector<int>& atoms : DeterminedByBounds(part, publication)) {
      leaks.push_back(LeakOf(LeakKind::kAtTheBounds, part, atoms));
    }
  }
  return leaks;
}

}  // namespace

PublishedNumber MeanOf(std::string label, const std::vector<int>& answers, const Decimal& printed) {
  PublishedNumber number{std::move(label), {}, {}, {}};
  const Rational share(1, std::max<std::int64_t>(1, static_cast<std::int64_t>(answers.size())));
  for (const int answer : answers) number.terms.push_back({answer, share});
  Rational half(1, 2);
  for (int digit = 0; digit < printed.scale(); ++digit) half /= 10;
  number.least = ToRational(printed) - half;
  number.most = ToRational(printed) + half;
  return number;
}

std::vector<Leak> AuditPublication(const Publication& publication) {
  return AuditParts(SplitPublication(publication), publication);
}

std::vector<bool> ProtectPublication(const Publication& publication) {
  std::vector<bool> shown(publication.numbers.size(), true);
  Publication left = publication;
  for (;;) {
    const std::vector<AuditPart> parts = SplitPublication(left);
    const std::vector<Leak> leaks = AuditParts(parts, left);
    if (leaks.empty()) return shown;
    std::set<int> withheld;
    for (const Leak& leak : leaks) {
      const std::vector<int> numbers = NumbersBehind(left, parts, leak);
      // A leak that loses a number to another one may be gone in the next round.
      const bool hit =
          std::any_of(numbers.begin(), numbers.end(), [&](int n) { return withheld.contains(n); });
      if (hit) continue;
      withheld.insert(*std::min_element(numbers.begin(), numbers.end(), [&](int a, int b) {
        const PublishedNumber &first = left.numbers[a], &second = left.numbers[b];
        return std::pair(first.importance, first.terms.size()) <
               std::pair(second.importance, second.terms.size());
      }));
    }
    for (const int n : withheld) {
      shown[n] = false;
      left.numbers[n].terms.clear();  // a number without terms tells nothing
    }
  }
}

}  // namespace teraju::statistics
