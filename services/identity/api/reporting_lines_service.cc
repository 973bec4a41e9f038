#include "services/identity/api/reporting_lines_service.h"

#include "common/errors/error.h"
#include "common/errors/field_violations.h"
#include "common/errors/status_macros.h"
#include "services/identity/api/access_objects.h"
#include "services/identity/domain/calendar.h"
#include "services/identity/domain/records.h"
#include "services/identity/store/day_text.h"
#include "services/identity/store/delegation_store.h"
#include "services/identity/store/line_store.h"
#include "services/identity/store/names.h"
#include "teraju/identity/v1/error_reason.pb.h"

namespace teraju::identity {
namespace {

constexpr int kMaxDays = 366;
constexpr int kPersonsPerPage = 500;

// The fields that a line and a segment have in common.
template <typename Message>
void FillLine(const AgencyId& agency, const domain::Line& line, Message& message) {
  message.set_unit(kUnitName.Format({agency.value(), line.unit}));
  for (std::string& unit : UnitNames(agency, line.unit_path))
    message.add_unit_path(std::move(unit));
  message.set_leads_unit(line.leads_unit);
  if (line.appraiser) message.set_appraiser(PersonName(agency, line.appraiser->person));
  if (line.next_appraiser)
    message.set_next_appraiser(PersonName(agency, line.next_appraiser->person));
  for (const domain::Share& share : line.shares) {
    v1::AppraiserShare& appraiser = *message.add_appraisers();
    appraiser.set_appraiser(PersonName(agency, share.superior.person));
    appraiser.set_unit(kUnitName.Format({agency.value(), share.unit}));
    appraiser.set_share_percent(share.percent);
  }
  domain::Explanation text = domain::Explain(line);
  message.set_explanation_id(std::move(text.id));
  message.set_explanation_en(std::move(text.en));
}

v1::Segment ToSegment(const AgencyId& agency,
                      const domain::Segment& segment,
                      const PersonPost& present) {
  v1::Segment message;
  message.set_employee(PersonName(agency, segment.person));
  *message.mutable_start_date() = domain::ToDate(segment.first);
  *message.mutable_end_date() = domain::ToDate(segment.last);
  message.set_days(static_cast<int>(segment.last - segment.first) + 1);
  message.set_position_title(segment.title);
  // The record names the kind of the present post; an earlier one is told by its title.
  message.set_position_kind(segment.title == present.present_title
                                ? present.present_kind
                                : domain::PositionKindOf(segment.title));
  FillLine(agency, segment.line, message);
  return message;
}

// Who prepares the appraisal for the appraiser, with a word of it: neither the person nor somebody
// whom the person leads.
void FillDelegate(postgres::Transaction& tx,
                  const EmployeeKey& key,
                  const domain::Line& line,
                  absl::CivilDay day,
                  const AsOf& as_of,
                  v1::ReportingLine& message) {
  const auto delegation = DelegationStore(tx).Of(
      key.agency, line.appraiser->person, {.day = DayText(day), .known = as_of.known});
  if (!delegation) return;
  const std::string person = "employees/" + key.employee.value();
  const EmployeeKey delegate{key.agency, EmployeeId(LastSegment(delegation->delegate()))};
  if (delegate.employee == key.employee || LineStore(tx).Leads(person, delegate, day, as_of)) {
    message.mutable_explanation_id()->append(
        " Delegasi penilaian tidak berlaku: penerimanya pegawai itu sendiri atau bawahannya.");
    message.mutable_explanation_en()->append(
        " The delegation does not count: it is to the person or a subordinate.");
    return;
  }
  message.set_delegate(delegation->delegate());
  const std::string until = domain::FormatDay(*domain::FromDate(delegation->end_date()));
  message.mutable_explanation_id()->append(" Penilaian didelegasikan sampai " + until + ".");
  message.mutable_explanation_en()->append(" Appraising is delegated until " + until + ".");
}

// The person's line on the day, if the caller may know of it.
absl::StatusOr<v1::ReportingLine> Resolve(postgres::Transaction& tx,
                                          const EmployeeKey& key,
                                          const v1::ResolveReportingLineRequest& request) {
  RETURN_IF_ERROR(tx.call().Authorize(PersonObject(tx, key, request.employee())));
  ASSIGN_OR_RETURN(const absl::CivilDay day, domain::ParseDate(request.date(), "date"));
  const LineStore store(tx);
  ASSIGN_OR_RETURN(const AsOf as_of, ReadAsOf(request));
  const auto place = store.PlaceOf(key, day, as_of);
  if (!place) {
    return errors::FailedPrecondition(v1::NO_ASSIGNMENT,
                                      "The person has no definitive assignment on this day.")
        .With("date", domain::FormatDay(day));
  }
  ASSIGN_OR_RETURN(const domain::Line line, store.Resolve(key, *place, day, as_of));
  v1::ReportingLine message;
  message.set_employee(request.employee());
  *message.mutable_date() = request.date();
  FillLine(key.agency, line, message);
  FillDelegate(tx, key, line, day, as_of, message);
  return message;
}

// The ids of the persons that the request names; empty where it asks for pages.
absl::StatusOr<std::vector<std::string>> NamedPersons(const AgencyId& agency,
                                                      const v1::ListSegmentsRequest& request) {
  std::vector<std::string> ids;
  errors::FieldViolations violations;
  for (const std::string& name : request.employees()) {
    ASSIGN_OR_RETURN(const auto parts, kEmployeeName.Parse(name, "employees"));
    if (parts[0] != agency.value()) {
      violations.Add("employees",
                     "AGENCY_DIFFERS",
                     "Sebutkan pegawai instansi yang diminta.",
                     "Name employees of the agency that is asked for.");
      break;
    }
    ids.push_back(parts[1]);
  }
  if (!ids.empty() && (!request.unit().empty() || !request.page_token().empty())) {
    violations.Add("employees",
                   "EXCLUDES_OTHERS",
                   "Kosongkan unit dan pageToken, atau employees.",
                   "Leave out unit and pageToken, or employees.");
  }
  RETURN_IF_ERROR(violations.ToStatus());
  return ids;
}

}  // namespace

grpc::ServerUnaryReactor* ReportingLinesService::ResolveReportingLine(
    grpc::CallbackServerContext* context,
    const v1::ResolveReportingLineRequest* request,
    v1::ReportingLine* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::ReportingLine> {
        ASSIGN_OR_RETURN(const auto agency, kAgencyName.Parse(request->parent(), "parent"));
        ASSIGN_OR_RETURN(const auto ids, kEmployeeName.Parse(request->employee(), "employee"));
        if (ids[0] != agency[0]) return errors::Denied(call.permission(), request->employee());
        const EmployeeKey key{AgencyId(ids[0]), EmployeeId(ids[1])};
        return database_.Read(
            call, [&](postgres::Transaction& tx) { return Resolve(tx, key, *request); });
      });
}

grpc::ServerUnaryReactor* ReportingLinesService::ListSegments(
    grpc::CallbackServerContext* context,
    const v1::ListSegmentsRequest* request,
    v1::ListSegmentsResponse* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::ListSegmentsResponse> {
        ASSIGN_OR_RETURN(const auto ids, kAgencyName.Parse(request->parent(), "parent"));
        const AgencyId agency(ids[0]);
        RETURN_IF_ERROR(call.Authorize(AgencyObject(agency, request->parent())));
        RETURN_IF_ERROR(CheckUnitName(agency, request->unit(), "unit"));
        ASSIGN_OR_RETURN(const std::vector<std::string> named, NamedPersons(agency, *request));
        ASSIGN_OR_RETURN(const domain::Days days,
                         domain::ParseDays(request->start_date(), request->end_date(), kMaxDays));
        ASSIGN_OR_RETURN(const PageQuery query, ReadPageQuery(*request, kPersonsPerPage));
        return database_.ReadSnapshot(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::ListSegmentsResponse> {
              const LineStore store(tx);
              const domain::HeadCalendar heads = store.Heads(agency, days.first, days.last);
              Page<std::vector<PersonPost>> page;
              if (named.empty()) {
                page = store.PersonPosts(
                    agency, LastSegment(request->unit()), days.first, days.last, query);
              } else {
                page.items = store.PostsOf(agency, named, days.first, days.last);
              }
              v1::ListSegmentsResponse list;
              std::vector<domain::Segment> segments;
              std::vector<domain::Post> posts;
              for (const std::vector<PersonPost>& person : page.items) {
                segments.clear();
                posts.clear();
                for (const PersonPost& post : person) posts.push_back(post.post);
                heads.Cut(posts, segments);
                for (const domain::Segment& segment : segments) {
                  *list.add_segments() = ToSegment(agency, segment, person.back());
                }
              }
              if (!page.next.empty())
                list.set_next_page_token(api::MakePageToken(*request, page.next));
              return list;
            });
      });
}

}  // namespace teraju::identity
