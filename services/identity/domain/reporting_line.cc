#include "services/identity/domain/reporting_line.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "common/errors/error.h"
#include "fmt/ranges.h"
#include "services/identity/domain/calendar.h"
#include "teraju/identity/v1/error_reason.pb.h"

namespace teraju::identity::domain {
namespace {

constexpr int kNobody = -1;

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

std::pair<std::string_view, std::string_view> TextOfRight(const Superior& superior) {
  if (superior.official) return {"pejabat pimpinan", "the official who leads"};
  switch (superior.kind) {
    case v1::Assignment::APPOINTED_ACTING:
      return {"penjabat (Pj.) pimpinan", "the appointed acting head of"};
    case v1::Assignment::ACTING:
      return {"pelaksana tugas (Plt.) pimpinan", "the acting head of"};
    case v1::Assignment::DAILY_ACTING:
      return {"pelaksana harian (Plh.) pimpinan", "the daily acting head of"};
    case v1::Assignment::ADDITIONAL:
      return {"pimpinan dengan tugas tambahan", "the head by additional task of"};
    default:
      return {"pimpinan definitif", "the definitive head of"};
  }
}

}  // namespace

struct HeadCalendar::Claim {
  absl::CivilDay first;
  absl::CivilDay last;
  Link link;
};

Explanation Explain(const Line& line) {
  if (!line.appraiser) {
    return {
        "Tidak ada pejabat penilai: seluruh jabatan pimpinan di atasnya lowong dan pejabat puncak "
        "belum dimasukkan.",
        "There is no appraiser: every post of head above is vacant and no top official has been "
        "entered."};
  }
  const auto [id, en] = TextOfRight(*line.appraiser);
  const std::string_view unit = line.appraiser->unit_name;
  Explanation text{fmt::format("Dinilai oleh {} {}.", id, unit),
                   fmt::format("Appraised by {} {}.", en, unit)};
  if (line.leads_unit) {
    text.id = "Memimpin unitnya sendiri. " + text.id;
    text.en = "Leads the own unit. " + text.en;
  }
  if (!line.vacant.empty()) {
    text.id += fmt::format(" Jabatan pimpinan lowong: {}.", fmt::join(line.vacant, "; "));
    text.en += fmt::format(" Vacant posts of head: {}.", fmt::join(line.vacant, "; "));
  }
  return text;
}

HeadCalendar::HeadCalendar(std::span<const TreeUnit> units,
                           std::span<const Post> heads,
                           std::span<const Term> terms,
                           absl::CivilDay first,
                           absl::CivilDay last)
    : first_(first), last_(last) {
  units_.reserve(units.size());
  for (const TreeUnit& unit : units) {
    unit_index_.emplace(unit.id, static_cast<int>(units_.size()));
    units_.push_back({unit.id, unit.display_name, -1, {}, false});
  }
  for (const TreeUnit& unit : units) {
    const auto parent = unit_index_.find(unit.parent);
    if (parent != unit_index_.end()) units_[unit_index_[unit.id]].parent = parent->second;
  }
  std::vector<std::vector<Claim>> claims(units_.size());
  const auto claim = [&](const std::string& person,
                         const std::string& unit,
                         absl::CivilDay from,
                         absl::CivilDay until,
                         bool official,
                         v1::Assignment::Kind kind) {
    const auto found = unit_index_.find(unit);
    if (found == unit_index_.end() || until < first_ || from > last_) return;
    claims[found->second].push_back(
        {from, until, {PersonIndex(person), found->second, official, kind}});
  };
  for (const Post& post : heads) {
    if (post.leads_unit) claim(post.person, post.unit, post.first, post.last, false, post.kind);
  }
  for (const Term& term : terms) claim(term.person, term.unit, term.first, term.last, true, {});
  for (int unit = 0; unit < static_cast<int>(units_.size()); ++unit) Build(unit, claims);
}

int HeadCalendar::PersonIndex(const std::string& person) {
  const auto [found, inserted] = person_index_.emplace(person, static_cast<int>(persons_.size()));
  if (inserted) persons_.push_back(person);
  return found->second;
}

// The heads of one unit, as spans that cover the interval without gaps; a vacancy has no link.
std::vector<HeadCalendar::Span> HeadCalendar::OwnHeads(std::vector<Claim>& claims) const {
  std::vector<absl::CivilDay> cuts = {first_};
  for (const Claim& claim : claims) {
    if (claim.first > first_) cuts.push_back(claim.first);
    if (claim.last < last_) cuts.push_back(claim.last + 1);
  }
  std::sort(cuts.begin(), cuts.end());
  cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());
  // The best claim first: the first one that covers a day holds it.
  std::sort(claims.begin(), claims.end(), [&](const Claim& a, const Claim& b) {
    return std::tuple(Rank(a.link.official, a.link.kind),
                      -(a.first - absl::CivilDay()),
                      persons_[a.link.person]) < std::tuple(Rank(b.link.official, b.link.kind),
                                                            -(b.first - absl::CivilDay()),
                                                            persons_[b.link.person]);
  });
  std::vector<Span> spans;
  for (std::size_t i = 0; i < cuts.size(); ++i) {
    Span span{cuts[i], i + 1 < cuts.size() ? cuts[i + 1] - 1 : last_, {}};
    const auto holder = std::find_if(claims.begin(), claims.end(), [&](const Claim& claim) {
      return claim.first <= span.first && claim.last >= span.first;
    });
    if (holder != claims.end()) span.links.push_back(holder->link);
    spans.push_back(std::move(span));
  }
  return spans;
}

void HeadCalendar::Build(int index, std::vector<std::vector<Claim>>& claims) {
  Unit& unit = units_[index];
  if (unit.built) return;
  unit.built = true;  // set first: a cycle in bad data ends here
  std::vector<Span> own = OwnHeads(claims[index]);
  if (unit.parent >= 0) Build(unit.parent, claims);
  if (unit.parent < 0 || units_[unit.parent].way_up.empty()) {
    unit.way_up = std::move(own);
    return;
  }
  // Both lists cover the interval: walk them side by side.
  const std::vector<Span>& above = units_[unit.parent].way_up;
  std::size_t a = 0;
  for (std::size_t o = 0; o < own.size() && a < above.size();) {
    Span span{
        std::max(own[o].first, above[a].first), std::min(own[o].last, above[a].last), own[o].links};
    span.links.insert(span.links.end(), above[a].links.begin(), above[a].links.end());
    if (!unit.way_up.empty() && unit.way_up.back().links == span.links) {
      unit.way_up.back().last = span.last;
    } else {
      unit.way_up.push_back(span);
    }
    if (own[o].last == span.last) ++o;
    if (above[a].last == span.last) ++a;
  }
}

std::vector<HeadCalendar::Span>::const_iterator HeadCalendar::SpanAt(const Unit& unit,
                                                                     absl::CivilDay day) const {
  return std::partition_point(
      unit.way_up.begin(), unit.way_up.end(), [&](const Span& s) { return s.last < day; });
}

const HeadCalendar::Link* HeadCalendar::FirstOther(const Span& span,
                                                   int person,
                                                   int besides) const {
  const auto found = std::find_if(span.links.begin(), span.links.end(), [&](const Link& link) {
    return link.person != person && link.person != besides;
  });
  return found == span.links.end() ? nullptr : &*found;
}

std::optional<Superior> HeadCalendar::SuperiorOf(const Link* link) const {
  if (link == nullptr) return std::nullopt;
  const Unit& unit = units_[link->unit];
  return Superior{persons_[link->person], unit.id, unit.display_name, link->official, link->kind};
}

Line HeadCalendar::LineOf(int person, int unit, const Span& span) const {
  Line line{.unit = units_[unit].id};
  const Link* appraiser = FirstOther(span, person, kNobody);
  const Link* next = appraiser == nullptr ? nullptr : FirstOther(span, person, appraiser->person);
  line.leads_unit =
      !span.links.empty() && span.links[0].unit == unit && span.links[0].person == person;
  line.appraiser = SuperiorOf(appraiser);
  line.next_appraiser = SuperiorOf(next);
  bool below_appraiser = true;
  for (int at = unit; at >= 0 && line.unit_path.size() <= units_.size(); at = units_[at].parent) {
    line.unit_path.push_back(units_[at].id);
    if (appraiser != nullptr && at == appraiser->unit) below_appraiser = false;
    const bool has_head = std::any_of(
        span.links.begin(), span.links.end(), [&](const Link& link) { return link.unit == at; });
    if (below_appraiser && !has_head) line.vacant.push_back(units_[at].display_name);
  }
  return line;
}

absl::StatusOr<Line> HeadCalendar::Resolve(std::string_view person,
                                           std::string_view unit,
                                           absl::CivilDay day) const {
  const auto found = unit_index_.find(std::string(unit));
  if (found == unit_index_.end()) {
    return errors::InvalidArgument(v1::UNIT_UNKNOWN, "The unit is not in the tree.")
        .With("unit", unit);
  }
  const auto span = SpanAt(units_[found->second], day);
  const auto known = person_index_.find(std::string(person));
  Line line;
  if (span != units_[found->second].way_up.end() && span->first <= day) {
    line = LineOf(known == person_index_.end() ? kNobody - 1 : known->second, found->second, *span);
  }
  if (!line.appraiser) {
    return errors::FailedPrecondition(v1::NO_APPRAISER,
                                      "Nobody leads any unit above the person on this day.")
        .With("date", FormatDay(day));
  }
  return line;
}

void HeadCalendar::Cut(std::span<const Post> definitive, std::vector<Segment>& segments) const {
  const std::size_t begin = segments.size();
  const auto appraiser_of = [](const Line& line) {
    return line.appraiser ? line.appraiser->person : std::string();
  };
  for (const Post& post : definitive) {
    const auto found = unit_index_.find(post.unit);
    if (found == unit_index_.end()) continue;
    const absl::CivilDay from = std::max(post.first, first_);
    const absl::CivilDay until = std::min(post.last, last_);
    const auto known = person_index_.find(post.person);
    const int person = known == person_index_.end() ? kNobody - 1 : known->second;
    const Unit& unit = units_[found->second];
    for (auto span = SpanAt(unit, from); span != unit.way_up.end() && span->first <= until;
         ++span) {
      Segment next{post.person,
                   std::max(from, span->first),
                   std::min(until, span->last),
                   post.title,
                   LineOf(person, found->second, *span)};
      if (next.last < next.first) continue;
      if (segments.size() > begin) {
        Segment& before = segments.back();
        if (before.last + 1 == next.first && before.line.unit == next.line.unit &&
            before.title == next.title && appraiser_of(before.line) == appraiser_of(next.line)) {
          before.last = next.last;
          before.line = std::move(next.line);
          continue;
        }
      }
      segments.push_back(std::move(next));
    }
  }
}

}  // namespace teraju::identity::domain
