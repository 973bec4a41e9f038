#include "services/identity/domain/line_changes.h"

#include <algorithm>
#include <set>

#include "fmt/format.h"

namespace teraju::identity::domain {
namespace {

constexpr absl::CivilDay kEpoch(1970, 1, 1);

using Spans = std::span<const LineSpan>;

// Takes the spans of one person off the front.
Spans Take(Spans& from, const PersonKey& person) {
  const auto end = std::find_if(
      from.begin(), from.end(), [&](const LineSpan& span) { return !(span.person == person); });
  const Spans mine = from.first(end - from.begin());
  from = from.subspan(mine.size());
  return mine;
}

std::uint32_t On(Spans spans, std::int32_t day) {
  const auto found = std::find_if(spans.begin(), spans.end(), [&](const LineSpan& span) {
    return span.first <= day && day <= span.last;
  });
  return found == spans.end() ? 0 : found->appraiser;
}

void CompareOne(const PersonKey& person,
                Spans before,
                Spans after,
                std::vector<LineChange>& changes) {
  std::set<std::int32_t> days;  // on which either begins or has ended
  for (const Spans& spans : {before, after}) {
    for (const LineSpan& span : spans) {
      days.insert(span.first);
      if (span.last != kOpen) days.insert(span.last + 1);
    }
  }
  const std::size_t begin = changes.size();
  for (auto day = days.begin(); day != days.end(); ++day) {
    const auto next = std::next(day);
    const LineChange change{
        person, *day, next == days.end() ? kOpen : *next - 1, On(before, *day), On(after, *day)};
    if (change.before == change.after) continue;
    if (changes.size() > begin && changes.back().last == change.first - 1 &&
        changes.back().before == change.before && changes.back().after == change.after) {
      changes.back().last = change.last;
    } else {
      changes.push_back(change);
    }
  }
}

}  // namespace

PersonKey PersonKey::Of(std::string_view uuid) {
  PersonKey key;
  int digits = 0;
  for (const char c : uuid) {
    if (c == '-') continue;
    std::uint64_t& half = digits++ < 16 ? key.high : key.low;
    half = half << 4 | static_cast<std::uint64_t>(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
  }
  return key;
}

std::string PersonKey::ToUuid() const {
  return fmt::format("{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
                     high >> 32,
                     high >> 16 & 0xffff,
                     high & 0xffff,
                     low >> 48,
                     low & 0xffffffffffff);
}

std::int32_t ToDayNumber(absl::CivilDay day) {
  return day == absl::CivilDay::max() ? kOpen : static_cast<std::int32_t>(day - kEpoch);
}

absl::CivilDay FromDayNumber(std::int32_t number) {
  return number == kOpen ? absl::CivilDay::max() : kEpoch + number;
}

std::vector<LineChange> CompareLines(Spans before, Spans after) {
  std::vector<LineChange> changes;
  while (!before.empty() || !after.empty()) {
    const bool first = after.empty() || (!before.empty() && before[0].person < after[0].person);
    const PersonKey person = first ? before[0].person : after[0].person;
    const Spans mine = Take(before, person);
    CompareOne(person, mine, Take(after, person), changes);
  }
  return changes;
}

}  // namespace teraju::identity::domain
