// Who appraises whom on every day: the heads of units over an interval, and the way upward from
// each unit.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "services/identity/domain/leadership.h"

namespace teraju::identity::domain {

struct TreeUnit {
  std::string id;
  std::string display_name;
  std::string parent;  // empty: a root
};

// An assignment as the calculation sees it. Open ends are absl::CivilDay::max().
struct Post {
  std::string person;  // `employees/{id}`
  std::string unit;
  std::string title;
  v1::Assignment::Kind kind = v1::Assignment::DEFINITIVE;
  bool leads_unit = false;
  absl::CivilDay first;
  absl::CivilDay last = absl::CivilDay::max();
};

// An official's term at the head of a unit.
struct Term {
  std::string person;  // `officials/{id}`
  std::string unit;
  absl::CivilDay first;
  absl::CivilDay last = absl::CivilDay::max();
};

// A superior, where and by what right.
struct Superior {
  std::string person;
  std::string unit;
  std::string unit_name;
  bool official = false;
  v1::Assignment::Kind kind = v1::Assignment::DEFINITIVE;  // of an employee
};

// The reporting line of one person.
struct Line {
  std::string unit;
  std::vector<std::string> unit_path;  // the unit and those above it, nearest first
  bool leads_unit = false;
  std::optional<Superior>
      appraiser;  // absent: every post above is vacant and no official is in office
  std::optional<Superior> next_appraiser;
  std::vector<std::string> vacant;  // names of the units passed over on the way to the appraiser
};

// Days of one person in one unit and post under one appraiser. Where something else of the line
// changes within it, the line is that of its last day.
struct Segment {
  std::string person;
  absl::CivilDay first;
  absl::CivilDay last;
  std::string title;
  Line line;
};

// How the appraiser was found, for people.
struct Explanation {
  std::string id;
  std::string en;
};
Explanation Explain(const Line& line);

// The head of every unit on every day of an interval.
// * The head of a unit: the official in office there; else the definitive head; else PJ, PLT, PLH,
// TT that lead it; of
//   several alike, the one who began last.
// * The appraiser: the head of the person's unit; for a head, the head of the unit above; upward
// over vacant posts; never the
//   person. The next appraiser: the next other head further up.
// Cost: for each unit the changes on its way up; for each post the changes that fall into it.
class HeadCalendar {
 public:
  // `units`: the tree, or as much of it as lies above the units asked about. `heads`: posts with
  // leads_unit; others are ignored. The interval includes `last`.
  HeadCalendar(std::span<const TreeUnit> units,
               std::span<const Post> heads,
               std::span<const Term> terms,
               absl::CivilDay first,
               absl::CivilDay last);

  // The line of `person`, whose definitive post on `day` is in `unit`. FAILED_PRECONDITION
  // (NO_APPRAISER) when there is none above; INVALID_ARGUMENT (UNIT_UNKNOWN) for a unit outside the
  // tree.
  absl::StatusOr<Line> Resolve(std::string_view person,
                               std::string_view unit,
                               absl::CivilDay day) const;

  // Cuts the definitive posts of one person, in order of their first days, into segments and
  // appends these to `segments`. Posts in units outside the tree are passed over.
  void Cut(std::span<const Post> definitive, std::vector<Segment>& segments) const;

 private:
  // A head somewhere on the way up.
  struct Link {
    int person;
    int unit;
    bool official;
    v1::Assignment::Kind kind;
    friend bool operator==(const Link&, const Link&) = default;
  };
  // Days on which the way up from a unit stays the same: the heads met, nearest first.
  struct Span {
    absl::CivilDay first;
    absl::CivilDay last;
    std::vector<Link> links;
  };
  struct Claim;  // one candidate for the head of a unit
  struct Unit {
    std::string id;
    std::string display_name;
    int parent = -1;
    std::vector<Span> way_up;
    bool built = false;
  };

  int PersonIndex(const std::string& person);
  std::vector<Span> OwnHeads(std::vector<Claim>& claims) const;
  void Build(int unit, std::vector<std::vector<Claim>>& claims);
  // The first span that ends on or after `day`.
  std::vector<Span>::const_iterator SpanAt(const Unit& unit, absl::CivilDay day) const;
  Line LineOf(int person, int unit, const Span& span) const;
  const Link* FirstOther(const Span& span, int person, int besides) const;
  std::optional<Superior> SuperiorOf(const Link* link) const;

  absl::CivilDay first_;
  absl::CivilDay last_;
  std::vector<Unit> units_;
  absl::flat_hash_map<std::string, int> unit_index_;
  std::vector<std::string> persons_;
  absl::flat_hash_map<std::string, int> person_index_;
};

}  // namespace teraju::identity::domain
