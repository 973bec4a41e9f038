#include "services/identity/api/line_watch.h"

#include "common/postgres/commit_records.h"
#include "google/protobuf/util/json_util.h"
#include "services/identity/domain/calendar.h"
#include "services/identity/domain/leadership.h"
#include "services/identity/store/names.h"

namespace teraju::identity {
namespace {

constexpr int kPersonsAtOnce = 5000;
constexpr std::size_t kEventsAtOnce = 10'000;

std::string ToPayload(const v1::ReportingLineChange& change) {
  std::string json;
  (void)google::protobuf::util::MessageToJsonString(change, &json);
  return json;
}

}  // namespace

LineWatch::LineWatch(postgres::Transaction& tx, AgencyId agency, const LineScope& scope)
    : tx_(tx), agency_(std::move(agency)), heads_change_(scope.everybody || !scope.units.empty()) {
  if (!scope.everybody) {
    persons_ = scope.persons;
    if (!scope.units.empty()) {
      for (std::string& person : LineStore(tx_).PersonsBelow(agency_, scope.units))
        persons_->push_back(std::move(person));
    }
  }
  before_ = Read();
}

// Who appraises, by which shares, and the units above: what makes two lines the same.
std::uint32_t LineWatch::NumberOf(const domain::Line& line) {
  std::string key = line.appraiser ? line.appraiser->person : "";
  for (const domain::Share& share : line.shares)
    key += " " + share.superior.person + " " + std::to_string(share.percent);
  for (const std::string& unit : line.unit_path) key += " " + unit;
  const auto [found, added] =
      numbers_.emplace(std::move(key), static_cast<std::uint32_t>(appraisers_.size()));
  if (added) appraisers_.push_back(line.appraiser ? line.appraiser->person : "");
  return found->second;
}

// For persons who lead nobody the ways up from their own units are enough.
domain::HeadCalendar LineWatch::Heads() const {
  const LineStore store(tx_);
  if (heads_change_) return store.Heads(agency_, absl::CivilDay::min(), absl::CivilDay::max());
  std::vector<std::string> units;
  store.ForEachPerson(agency_, persons_, kPersonsAtOnce, [&](const auto& posts) {
    for (const domain::Post& post : posts) units.push_back(post.unit);
  });
  return store.HeadsAbove(agency_, units);
}

std::vector<domain::LineSpan> LineWatch::Read() {
  const LineStore store(tx_);
  const domain::HeadCalendar heads = Heads();
  std::vector<domain::LineSpan> lines;
  std::vector<domain::Segment> segments;
  const auto add = [&](const std::vector<domain::Post>& posts) {
    segments.clear();
    heads.Cut(posts, segments);
    for (const domain::Segment& segment : segments) {
      lines.push_back({domain::PersonKey::Of(LastSegment(segment.person)),
                       domain::ToDayNumber(segment.first),
                       domain::ToDayNumber(segment.last),
                       NumberOf(segment.line)});
    }
  };
  store.ForEachPerson(agency_, persons_, kPersonsAtOnce, add);
  return lines;
}

void LineWatch::Emit() {
  const std::vector<domain::LineSpan> after = Read();
  std::vector<postgres::Event> events;  // after an import there may be a million
  for (const domain::LineChange& change : domain::CompareLines(before_, after)) {
    v1::ReportingLineChange message;
    message.set_employee(kEmployeeName.Format({agency_.value(), change.person.ToUuid()}));
    *message.mutable_start_date() = domain::ToDate(domain::FromDayNumber(change.first));
    if (change.last != domain::kOpen)
      *message.mutable_end_date() = domain::ToDate(domain::FromDayNumber(change.last));
    const auto name = [&](std::uint32_t number) {
      const std::string& person = appraisers_[number];
      return person.empty() ? "" : kAgencyName.Format({agency_.value()}) + "/" + person;
    };
    message.set_appraiser(name(change.after));
    message.set_previous_appraiser(name(change.before));
    events.push_back({.agency = agency_.value(),
                      .resource = message.employee(),
                      .type = "reportingLine.changed",
                      .payload = ToPayload(message)});
    if (events.size() < kEventsAtOnce) continue;
    postgres::WriteEvents(tx_, events);
    events.clear();
  }
  for (postgres::Event& event : events) tx_.Emit(std::move(event));
}

LineScope ScopeOf(postgres::Transaction& tx, const EmployeeKey& key, const v1::Assignment* added) {
  LineScope scope;
  scope.persons.push_back(key.employee.value());
  scope.units = LineStore(tx).UnitsLedBy(key);
  // What may turn out to lead; whether it does depends on the unit's name.
  const bool may_lead =
      added != nullptr &&
      (added->leads_unit() || added->kind() != v1::Assignment::DEFINITIVE ||
       domain::PositionKindOf(added->position_title()) == v1::Employee::STRUCTURAL);
  if (may_lead) scope.units.push_back(LastSegment(added->unit()));
  return scope;
}

}  // namespace teraju::identity
