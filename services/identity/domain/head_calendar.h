// Who leads which unit on every day of an interval, and the way upward from each unit.
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
#include "services/identity/domain/reporting_line.h"
#include "services/identity/domain/unit_state.h"

namespace teraju::identity::domain {

// * The head of a unit: the official in office there; else the definitive head; else PJ, PLT, PLH,
//   TT that lead it; of several alike, the one who began last. An abolished unit has none.
// * The appraiser: the head of the person's unit; for a head, the head of the unit above; upward
//   over vacant posts and levels without a head; never the person, and nobody whom the person leads
//   by an equal or better right. The next appraiser: the next other head further up.
// Cost: for each unit the changes on its way up; for each post the changes that fall into it.
class HeadCalendar {
 public:
  // `states`: the tree over the interval, or as much of it as lies above the units asked about and
  // the definitive posts of their heads. `posts`: those with leads_unit make heads; the definitive
  // posts of heads say under whom these stand; others are ignored. The interval includes `last`.
  HeadCalendar(std::span<const UnitState> states,
               std::span<const Post> posts,
               std::span<const Term> terms,
               absl::CivilDay first,
               absl::CivilDay last);

  // The line of `person`, whose definitive post on `day` is in `unit`. FAILED_PRECONDITION
  // (NO_APPRAISER) when there is none above; INVALID_ARGUMENT (UNIT_UNKNOWN) for a unit outside the
  // tree.
  // `posts`: those of the person with a share, each appraised by its head for that share.
  absl::StatusOr<Line> Resolve(std::string_view person,
                               std::string_view unit,
                               absl::CivilDay day,
                               std::span<const Post> posts = {}) const;
  // Whether `person` leads `unit` or one above it on `day`.
  bool IsAbove(std::string_view person, std::string_view unit, absl::CivilDay day) const;

  // Cuts the definitive posts of one person, in order of their first days, into segments and
  // appends these to `segments`. Days in units outside the tree are passed over. Posts with a share
  // among `posts` are secondments.
  void Cut(std::span<const Post> posts, std::vector<Segment>& segments) const;

 private:
  struct Head {
    int person;
    bool official;
    v1::Assignment::Kind kind;
    friend bool operator==(const Head& a, const Head& b) {
      return a.person == b.person && a.official == b.official && a.kind == b.kind;
    }
  };
  // A unit on the way up, as it is then, with its head.
  struct Step {
    int state;
    std::optional<Head> head;
    friend bool operator==(const Step& a, const Step& b) {
      return a.state == b.state && a.head == b.head;
    }
  };
  // Days on which the way up from a unit stays the same.
  struct Span {
    absl::CivilDay first;
    absl::CivilDay last;
    std::vector<Step> steps;  // the unit itself, then those above
  };
  struct Claim {  // one candidate for the head of a unit
    absl::CivilDay first;
    absl::CivilDay last;
    Head head;
  };
  struct Unit {
    std::vector<int> states;  // in order of their days
    std::vector<Claim> claims;
    std::vector<Span> way_up;
    bool built = false;
  };
  struct Home {  // where a head's definitive post is
    absl::CivilDay first;
    absl::CivilDay last;
    int unit;
  };

  int PersonIndex(const std::string& person);
  std::optional<int> FindPerson(std::string_view person) const;
  void Claims(std::span<const Post> posts, std::span<const Term> terms);
  std::vector<Span> OwnHeads(const Unit& unit, int state) const;
  void Build(int unit);
  void Append(Unit& unit, const Span& own, const std::vector<Span>& above) const;
  // The first span that ends on or after `day`.
  std::vector<Span>::const_iterator SpanAt(const Unit& unit, absl::CivilDay day) const;
  // By which right `person` leads somebody in `unit` on `day`; smaller is better.
  std::optional<int> Leads(int person, int unit, absl::CivilDay day) const;
  bool IsSubordinate(const Head& head, const Span& span, int person, absl::CivilDay day) const;
  Line LineOf(std::optional<int> person, const Span& span, absl::CivilDay day) const;
  // The line at home, with the shares of those who appraise elsewhere.
  Line SharedLine(std::optional<int> person,
                  const Span& span,
                  std::span<const Post> posts,
                  absl::CivilDay day) const;
  std::vector<absl::CivilDay> CutDays(std::optional<int> person,
                                      const Span& span,
                                      std::span<const Post> posts,
                                      absl::CivilDay from,
                                      absl::CivilDay until) const;

  absl::CivilDay first_;
  absl::CivilDay last_;
  std::vector<UnitState> states_;
  std::vector<int> unit_of_state_;
  std::vector<Unit> units_;
  absl::flat_hash_map<std::string, int> unit_index_;
  std::vector<std::string> persons_;
  absl::flat_hash_map<std::string, int> person_index_;
  std::vector<std::vector<Home>> homes_;  // by person
};

}  // namespace teraju::identity::domain
