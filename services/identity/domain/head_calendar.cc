#include "services/identity/domain/head_calendar.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "common/errors/error.h"
#include "services/identity/domain/calendar.h"
#include "teraju/identity/v1/error_reason.pb.h"

namespace teraju::identity::domain {
namespace {

// Order of precedence among those who could head a unit on a day; 0 goes first.
int Rank(bool official, v1::Assignment::Kind kind) {
  if (official) return 0;
  switch (kind) {
    case v1::Assignment::DEFINITIVE:
      return 1;
    case v1::Assignment::APPOINTED_ACTING:
      return 2;
    case v1::Assignment::ACTING:
      return 3;
    case v1::Assignment::DAILY_ACTING:
      return 4;
    default:
      return 5;
  }
}

bool SameAppraisers(const Line& a, const Line& b) {
  const auto appraiser = [](const Line& line) {
    return line.appraiser ? std::string_view(line.appraiser->person) : std::string_view();
  };
  return appraiser(a) == appraiser(b) &&
         std::equal(a.shares.begin(),
                    a.shares.end(),
                    b.shares.begin(),
                    b.shares.end(),
                    [](const Share& x, const Share& y) {
                      return x.superior.person == y.superior.person && x.unit == y.unit &&
                             x.percent == y.percent;
                    });
}

void SortOut(std::vector<absl::CivilDay>& days) {
  std::sort(days.begin(), days.end());
  days.erase(std::unique(days.begin(), days.end()), days.end());
}

}  // namespace

HeadCalendar::HeadCalendar(std::span<const UnitState> states,
                           std::span<const Post> posts,
                           std::span<const Term> terms,
                           absl::CivilDay first,
                           absl::CivilDay last)
    : first_(first), last_(last) {
  states_.reserve(states.size());
  for (const UnitState& state : states) {
    if (state.last < first_ || state.first > last_) continue;
    const auto [found, inserted] = unit_index_.emplace(state.id, static_cast<int>(units_.size()));
    if (inserted) units_.emplace_back();
    units_[found->second].states.push_back(static_cast<int>(states_.size()));
    unit_of_state_.push_back(found->second);
    states_.push_back(state);
  }
  for (Unit& unit : units_) {
    std::sort(unit.states.begin(), unit.states.end(), [&](int a, int b) {
      return states_[a].first < states_[b].first;
    });
  }
  Claims(posts, terms);
  for (int unit = 0; unit < static_cast<int>(units_.size()); ++unit) Build(unit);
}

int HeadCalendar::PersonIndex(const std::string& person) {
  const auto [found, inserted] = person_index_.emplace(person, static_cast<int>(persons_.size()));
  if (inserted) persons_.push_back(person);
  return found->second;
}

std::optional<int> HeadCalendar::FindPerson(std::string_view person) const {
  const auto found = person_index_.find(std::string(person));
  return found == person_index_.end() ? std::nullopt : std::optional(found->second);
}

void HeadCalendar::Claims(std::span<const Post> posts, std::span<const Term> terms) {
  const auto within = [&](const std::string& unit, absl::CivilDay from, absl::CivilDay until) {
    const auto found = unit_index_.find(unit);
    return found == unit_index_.end() || until < first_ || from > last_ ? -1 : found->second;
  };
  for (const Post& post : posts) {
    const int unit = post.leads_unit ? within(post.unit, post.first, post.last) : -1;
    if (unit < 0) continue;
    units_[unit].claims.push_back(
        {post.first, post.last, {PersonIndex(post.person), false, post.kind}});
  }
  for (const Term& term : terms) {
    const int unit = within(term.unit, term.first, term.last);
    if (unit < 0) continue;
    units_[unit].claims.push_back({term.first, term.last, {PersonIndex(term.person), true, {}}});
  }
  homes_.resize(persons_.size());
  for (const Post& post : posts) {
    if (post.kind != v1::Assignment::DEFINITIVE) continue;
    const auto person = FindPerson(post.person);
    const int unit = person ? within(post.unit, post.first, post.last) : -1;
    if (unit >= 0) homes_[*person].push_back({post.first, post.last, unit});
  }
  // The best claim first: the first one that covers a day holds it.
  const auto key = [&](const Claim& claim) {
    return std::tuple(Rank(claim.head.official, claim.head.kind),
                      -(claim.first - absl::CivilDay()),
                      std::string_view(persons_[claim.head.person]));
  };
  for (Unit& unit : units_) {
    std::sort(unit.claims.begin(), unit.claims.end(), [&](const Claim& a, const Claim& b) {
      return key(a) < key(b);
    });
  }
}

// The heads of a unit in one of its states, as spans that cover the state without gaps.
std::vector<HeadCalendar::Span> HeadCalendar::OwnHeads(const Unit& unit, int state) const {
  const absl::CivilDay first = std::max(first_, states_[state].first);
  const absl::CivilDay last = std::min(last_, states_[state].last);
  if (states_[state].abolished) return {{first, last, {{state, std::nullopt}}}};
  std::vector<absl::CivilDay> cuts = {first};
  for (const Claim& claim : unit.claims) {
    if (claim.first > first && claim.first <= last) cuts.push_back(claim.first);
    if (claim.last >= first && claim.last < last) cuts.push_back(claim.last + 1);
  }
  SortOut(cuts);
  std::vector<Span> spans;
  for (std::size_t i = 0; i < cuts.size(); ++i) {
    Span span{cuts[i], i + 1 < cuts.size() ? cuts[i + 1] - 1 : last, {{state, std::nullopt}}};
    const auto holder =
        std::find_if(unit.claims.begin(), unit.claims.end(), [&](const Claim& claim) {
          return claim.first <= span.first && claim.last >= span.first;
        });
    if (holder != unit.claims.end()) span.steps[0].head = holder->head;
    spans.push_back(std::move(span));
  }
  return spans;
}

void HeadCalendar::Build(int unit) {
  if (units_[unit].built) return;
  units_[unit].built = true;  // set first: a cycle in bad data ends here
  static const std::vector<Span> nothing;
  for (const int state : units_[unit].states) {
    const auto parent = unit_index_.find(states_[state].parent);
    if (parent != unit_index_.end()) Build(parent->second);
    const std::vector<Span>& above =
        parent == unit_index_.end() ? nothing : units_[parent->second].way_up;
    for (const Span& own : OwnHeads(units_[unit], state)) Append(units_[unit], own, above);
  }
}

// Appends `own` with what stands above it on each of its days.
void HeadCalendar::Append(Unit& unit, const Span& own, const std::vector<Span>& above) const {
  const auto append = [&](Span span) {
    std::vector<Span>& way = unit.way_up;
    if (!way.empty() && way.back().steps == span.steps && way.back().last == span.first - 1) {
      way.back().last = span.last;
    } else {
      way.push_back(std::move(span));
    }
  };
  absl::CivilDay from = own.first;
  for (const Span& next : above) {
    if (next.last < from || next.first > own.last) continue;
    if (next.first > from) append({from, next.first - 1, own.steps});
    Span span{std::max(from, next.first), std::min(own.last, next.last), own.steps};
    span.steps.insert(span.steps.end(), next.steps.begin(), next.steps.end());
    const bool ends = span.last == own.last;
    from = span.last;
    append(std::move(span));
    if (ends) return;
    ++from;
  }
  append({from, own.last, own.steps});
}

std::vector<HeadCalendar::Span>::const_iterator HeadCalendar::SpanAt(const Unit& unit,
                                                                     absl::CivilDay day) const {
  return std::partition_point(
      unit.way_up.begin(), unit.way_up.end(), [&](const Span& s) { return s.last < day; });
}

std::optional<int> HeadCalendar::Leads(int person, int unit, absl::CivilDay day) const {
  const auto span = SpanAt(units_[unit], day);
  if (span == units_[unit].way_up.end() || span->first > day) return std::nullopt;
  std::optional<int> best;
  for (const Step& step : span->steps) {
    if (!step.head || step.head->person != person) continue;
    const int rank = Rank(step.head->official, step.head->kind);
    if (!best || rank < *best) best = rank;
  }
  return best;
}

// Whether `person` leads the head by a right at least as good as any by which the head leads the
// person.
bool HeadCalendar::IsSubordinate(const Head& head,
                                 const Span& span,
                                 int person,
                                 absl::CivilDay day) const {
  for (const Home& home : homes_[head.person]) {
    if (day < home.first || day > home.last) continue;
    const auto right = Leads(person, home.unit, day);
    if (!right) continue;
    return std::none_of(span.steps.begin(), span.steps.end(), [&](const Step& step) {
      return step.head && step.head->person == head.person &&
             Rank(step.head->official, step.head->kind) < *right;
    });
  }
  return false;
}

Line HeadCalendar::LineOf(std::optional<int> person, const Span& span, absl::CivilDay day) const {
  const auto superior = [&](const Step& step) {
    const UnitState& state = states_[step.state];
    return Superior{persons_[step.head->person],
                    state.id,
                    state.display_name,
                    step.head->official,
                    step.head->kind};
  };
  Line line{.unit = states_[span.steps[0].state].id};
  PassedOver& over = line.passed_over;
  for (const Step& step : span.steps) {
    const UnitState& state = states_[step.state];
    line.unit_path.push_back(state.id);
    if (step.head && person && step.head->person == *person) {
      if (&step == &span.steps[0]) {
        line.leads_unit = true;
      } else if (!line.appraiser) {
        over.own.push_back(state.display_name);
      }
    } else if (step.head && person && IsSubordinate(*step.head, span, *person, day)) {
      if (!line.appraiser) over.subordinate.push_back(state.display_name);
    } else if (!step.head) {
      if (line.appraiser) continue;
      (state.abolished      ? over.abolished
       : state.without_head ? over.without_head
                            : over.vacant)
          .push_back(state.display_name);
    } else if (!line.appraiser) {
      line.appraiser = superior(step);
    } else if (!line.next_appraiser && persons_[step.head->person] != line.appraiser->person) {
      line.next_appraiser = superior(step);
    }
  }
  return line;
}

Line HeadCalendar::SharedLine(std::optional<int> person,
                              const Span& span,
                              std::span<const Post> posts,
                              absl::CivilDay day) const {
  Line line = LineOf(person, span, day);
  const auto name = [&](const Span& way) { return states_[way.steps[0].state].display_name; };
  int at_home = 100;
  int largest = 0;
  std::optional<Line> elsewhere;
  for (const Post& post : posts) {
    const auto unit = unit_index_.find(post.unit);
    if (post.share == 0 || post.first > day || post.last < day || unit == unit_index_.end())
      continue;
    const auto way = SpanAt(units_[unit->second], day);
    if (way == units_[unit->second].way_up.end() || way->first > day) continue;
    Line there = LineOf(person, *way, day);
    if (!there.appraiser) continue;
    at_home -= post.share;
    line.shares.push_back({*there.appraiser, post.unit, name(*way), post.share});
    if (post.share > largest) {
      largest = post.share;
      elsewhere = std::move(there);
    }
  }
  if (line.appraiser && at_home > 0)
    line.shares.insert(line.shares.begin(), {*line.appraiser, line.unit, name(span), at_home});
  if (elsewhere && (largest > at_home || !line.appraiser)) {
    line.appraiser = elsewhere->appraiser;
    line.next_appraiser = elsewhere->next_appraiser;
    line.passed_over = elsewhere->passed_over;
  }
  return line;
}

bool HeadCalendar::IsAbove(std::string_view person,
                           std::string_view unit,
                           absl::CivilDay day) const {
  const auto leader = FindPerson(person);
  const auto found = unit_index_.find(std::string(unit));
  return leader && found != unit_index_.end() && Leads(*leader, found->second, day);
}

absl::StatusOr<Line> HeadCalendar::Resolve(std::string_view person,
                                           std::string_view unit,
                                           absl::CivilDay day,
                                           std::span<const Post> posts) const {
  const auto found = unit_index_.find(std::string(unit));
  if (found == unit_index_.end()) {
    return errors::InvalidArgument(v1::UNIT_UNKNOWN, "The unit is not in the tree.")
        .With("unit", unit);
  }
  const auto span = SpanAt(units_[found->second], day);
  Line line;
  if (span != units_[found->second].way_up.end() && span->first <= day) {
    line = SharedLine(FindPerson(person), *span, posts, day);
  }
  if (!line.appraiser) {
    return errors::FailedPrecondition(v1::NO_APPRAISER,
                                      "Nobody leads any unit above the person on this day.")
        .With("date", FormatDay(day));
  }
  return line;
}

// The days of the span on which the line may change: within it only for those who lead somebody,
// since a head's own post decides who is their subordinate, and for the seconded.
std::vector<absl::CivilDay> HeadCalendar::CutDays(std::optional<int> person,
                                                  const Span& span,
                                                  std::span<const Post> posts,
                                                  absl::CivilDay from,
                                                  absl::CivilDay until) const {
  std::vector<absl::CivilDay> days = {from};
  const auto cut = [&](absl::CivilDay day) {
    if (day > from && day <= until) days.push_back(day);
  };
  const auto cut_along = [&](int unit) {
    for (const Span& way : units_[unit].way_up) cut(way.first);
  };
  for (const Post& post : posts) {
    const auto unit = unit_index_.find(post.unit);
    if (post.share == 0 || unit == unit_index_.end()) continue;
    cut(post.first);
    if (post.last < until) cut(post.last + 1);
    cut_along(unit->second);
  }
  for (const Step& step : span.steps) {
    if (!step.head || !person) continue;
    for (const Home& home : homes_[step.head->person]) {
      cut(home.first);
      if (home.last < until) cut(home.last + 1);
      cut_along(home.unit);
    }
  }
  SortOut(days);
  return days;
}

void HeadCalendar::Cut(std::span<const Post> posts, std::vector<Segment>& segments) const {
  const std::size_t begin = segments.size();
  const auto append = [&](Segment next) {
    if (segments.size() > begin) {
      Segment& before = segments.back();
      if (before.last == next.first - 1 && before.line.unit == next.line.unit &&
          before.title == next.title && SameAppraisers(before.line, next.line)) {
        before.last = next.last;
        before.line = std::move(next.line);
        return;
      }
    }
    segments.push_back(std::move(next));
  };
  for (const Post& post : posts) {
    const auto found = unit_index_.find(post.unit);
    if (post.kind != v1::Assignment::DEFINITIVE || found == unit_index_.end()) continue;
    const absl::CivilDay from = std::max(post.first, first_);
    const absl::CivilDay until = std::min(post.last, last_);
    const auto person = FindPerson(post.person);
    const Unit& unit = units_[found->second];
    for (auto span = SpanAt(unit, from); span != unit.way_up.end() && span->first <= until;
         ++span) {
      const absl::CivilDay last = std::min(until, span->last);
      const auto days = CutDays(person, *span, posts, std::max(from, span->first), last);
      for (std::size_t i = 0; i < days.size() && days[i] <= last; ++i) {
        const absl::CivilDay end = i + 1 < days.size() ? days[i + 1] - 1 : last;
        append({post.person, days[i], end, post.title, SharedLine(person, *span, posts, days[i])});
      }
    }
  }
}

}  // namespace teraju::identity::domain
