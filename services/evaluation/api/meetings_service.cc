#include "services/evaluation/api/meetings_service.h"

#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "common/api/field_mask.h"
#include "common/api/strong_id.h"
#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "services/evaluation/api/access.h"
#include "services/evaluation/api/paging.h"
#include "services/evaluation/domain/timestamps.h"
#include "services/evaluation/store/cycle_store.h"
#include "services/evaluation/store/meeting_store.h"
#include "services/evaluation/store/work_plan_store.h"
#include "teraju/evaluation/v1/error_reason.pb.h"

namespace teraju::evaluation {
namespace {

// Its leader reaches it as `appraiser`, who took part as `rater`; an action's owner as `self`.
auth::Object MeetingObject(const v1::Meeting& meeting) {
  auth::Object object = AgencyObject(std::string(api::AgencyOf(meeting.name())), meeting.name());
  object.appraiser = SubjectOf(meeting.leader());
  for (const std::string& name : meeting.attendants()) object.raters.push_back(SubjectOf(name));
  return object;
}

auth::Object ActionObject(const v1::ActionItem& item) {
  auth::Object object = AgencyObject(std::string(api::AgencyOf(item.name())), item.name());
  object.appraiser = SubjectOf(item.leader());
  object.person = SubjectOf(item.owner());
  return object;
}

}  // namespace

absl::StatusOr<v1::Meeting> MeetingsService::AuthorizeMeeting(const CallContext& call,
                                                              const Key& key) {
  using Found = std::optional<v1::Meeting>;
  ASSIGN_OR_RETURN(Found found,
                   database_.Read(call, [&](postgres::Transaction& tx) -> absl::StatusOr<Found> {
                     return MeetingStore(tx).Find(key);
                   }));
  const std::string name = kMeetingName.Format({key.agency, key.id});
  RETURN_IF_ERROR(
      call.Authorize(found.has_value() ? MeetingObject(*found) : AgencyObject(key.agency, name)));
  if (!found.has_value()) return errors::ResourceNotFound(name);
  return *std::move(found);
}

absl::Status MeetingsService::AuthorizeAttendants(const CallContext& call,
                                                  const PeriodKey& period,
                                                  const v1::Meeting& meeting) {
  std::vector<std::string> subjects;
  for (const std::string& name : meeting.attendants()) {
    RETURN_IF_ERROR(ParsePerson(name, period.ToName(), "meeting.attendants"));
    subjects.push_back(SubjectOf(name));
  }
  using Plans = std::vector<v1::WorkPlan>;
  ASSIGN_OR_RETURN(const Plans plans,
                   database_.Read(call, [&](postgres::Transaction& tx) -> absl::StatusOr<Plans> {
                     return WorkPlanStore(tx).FindOfPeople(
                         period.cycle_key(), subjects, meeting.date());
                   }));
  std::map<std::string, const v1::WorkPlan*> by_person;
  for (const v1::WorkPlan& plan : plans) by_person[plan.snapshot().employee()] = &plan;
  for (const std::string& name : meeting.attendants()) {
    const auto found = by_person.find(name);
    RETURN_IF_ERROR(call.Authorize(found == by_person.end()
                                       ? AgencyObject(period.agency, name)
                                       : SnapshotObject(found->second->snapshot(), name)));
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::Meeting> MeetingsService::ChangeMeeting(
    const CallContext& call,
    const std::string& name,
    const std::string& etag,
    const std::string& type,
    absl::FunctionRef<absl::Status(v1::Meeting&)> change) {
  ASSIGN_OR_RETURN(const Key key, ParseKey(kMeetingName, name, "name"));
  RETURN_IF_ERROR(AuthorizeMeeting(call, key).status());
  return database_.Write(call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::Meeting> {
    RecordChange(tx, name, type);
    MeetingStore store(tx);
    ASSIGN_OR_RETURN(v1::Meeting meeting,
                     store.Update(key, api::Precondition::FromEtag(etag), change));
    store.AddActions(meeting);
    return meeting;
  });
}

grpc::ServerUnaryReactor* MeetingsService::GetMeeting(grpc::CallbackServerContext* context,
                                                      const v1::GetMeetingRequest* request,
                                                      v1::Meeting* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::Meeting> {
        ASSIGN_OR_RETURN(const Key key, ParseKey(kMeetingName, request->name(), "name"));
        ASSIGN_OR_RETURN(v1::Meeting meeting, AuthorizeMeeting(call, key));
        return database_.Read(call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::Meeting> {
          MeetingStore(tx).AddActions(meeting);
          return meeting;
        });
      });
}

grpc::ServerUnaryReactor* MeetingsService::ListMeetings(grpc::CallbackServerContext* context,
                                                        const v1::ListMeetingsRequest* request,
                                                        v1::ListMeetingsResponse* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::ListMeetingsResponse> {
        ASSIGN_OR_RETURN(const std::string agency, ParseAgency(request->parent(), "parent"));
        ASSIGN_OR_RETURN(const auth::Scope scope,
                         call.AuthorizeList(AgencyId(agency), request->parent()));
        MeetingQuery query{.agency = scope.agency, .caller = call.principal().subject};
        ASSIGN_OR_RETURN(query.page, PageOf(*request));
        if (!request->period().empty()) {
          ASSIGN_OR_RETURN(query.period, ParsePeriod(request->period(), "period"));
        }
        using Meetings = std::vector<v1::Meeting>;
        ASSIGN_OR_RETURN(
            Meetings meetings,
            database_.Read(call, [&](postgres::Transaction& tx) -> absl::StatusOr<Meetings> {
              return MeetingStore(tx).List(agency, query);
            }));
        v1::ListMeetingsResponse reply;
        reply.set_next_page_token(
            FillPage(*request, query.page, std::move(meetings), *reply.mutable_meetings()));
        return reply;
      });
}

grpc::ServerUnaryReactor* MeetingsService::CreateMeeting(grpc::CallbackServerContext* context,
                                                         const v1::CreateMeetingRequest* request,
                                                         v1::Meeting* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::Meeting> {
        ASSIGN_OR_RETURN(const std::string agency, ParseAgency(request->parent(), "parent"));
        v1::Meeting meeting = request->meeting();
        ASSIGN_OR_RETURN(const PeriodKey period, ParsePeriod(meeting.period(), "meeting.period"));
        if (period.agency != agency) return errors::Denied(call.permission(), meeting.period());
        RETURN_IF_ERROR(AuthorizeAttendants(call, period, meeting));
        meeting.set_leader(PersonName(agency, call.principal().subject));
        meeting.set_state(v1::Meeting::DRAFT);
        domain::SetTime(*meeting.mutable_create_time(), call.time());
        return database_.Write(call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::Meeting> {
          ASSIGN_OR_RETURN(v1::Cycle cycle, CycleStore(tx).Get(period.cycle_key()));
          if (FindPeriod(cycle, period.period) == nullptr)
            return errors::ResourceNotFound(meeting.period());
          MeetingStore store(tx);
          v1::Meeting made = store.Insert({agency, NewUuid7(call.time())}, period, meeting);
          store.AddActions(made);
          RecordChange(tx, made.name(), "meeting.created");
          return made;
        });
      });
}

grpc::ServerUnaryReactor* MeetingsService::UpdateMeeting(grpc::CallbackServerContext* context,
                                                         const v1::UpdateMeetingRequest* request,
                                                         v1::Meeting* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::Meeting> {
        const v1::Meeting& update = request->meeting();
        ASSIGN_OR_RETURN(const Key key, ParseKey(kMeetingName, update.name(), "meeting.name"));
        ASSIGN_OR_RETURN(const v1::Meeting seen, AuthorizeMeeting(call, key));
        v1::Meeting merged = seen;
        RETURN_IF_ERROR(api::MergeByMask(request->update_mask(), update, merged));
        ASSIGN_OR_RETURN(const PeriodKey period, ParsePeriod(seen.period(), "meeting.period"));
        RETURN_IF_ERROR(AuthorizeAttendants(call, period, merged));
        return ChangeMeeting(call,
                             update.name(),
                             update.etag(),
                             "meeting.updated",
                             [&](v1::Meeting& meeting) -> absl::Status {
                               RETURN_IF_ERROR(domain::CheckMeetingDraft(meeting));
                               return api::MergeByMask(request->update_mask(), update, meeting);
                             });
      });
}

grpc::ServerUnaryReactor* MeetingsService::CloseMeeting(grpc::CallbackServerContext* context,
                                                        const v1::CloseMeetingRequest* request,
                                                        v1::Meeting* response) {
  return pipeline_.Unary(context, request, response, [this, request](const CallContext& call) {
    return ChangeMeeting(
        call, request->name(), request->etag(), "meeting.closed", [&](v1::Meeting& meeting) {
          return domain::CloseMeeting(meeting, call.time());
        });
  });
}

grpc::ServerUnaryReactor* MeetingsService::CreateActionItem(
    grpc::CallbackServerContext* context,
    const v1::CreateActionItemRequest* request,
    v1::ActionItem* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::ActionItem> {
        ASSIGN_OR_RETURN(const Key key, ParseKey(kMeetingName, request->parent(), "parent"));
        RETURN_IF_ERROR(AuthorizeMeeting(call, key).status());
        return database_.Write(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::ActionItem> {
              MeetingStore store(tx);
              const std::optional<v1::Meeting> meeting = store.Find(key);
              if (!meeting.has_value()) return errors::ResourceNotFound(request->parent());
              RETURN_IF_ERROR(domain::CheckMeetingDraft(*meeting));
              RETURN_IF_ERROR(domain::CheckActionItem(request->action_item(), *meeting));
              const v1::ActionItem item = store.InsertAction(
                  {key.agency, key.id, NewUuid7(call.time())}, request->action_item(), *meeting);
              RecordChange(tx, item.name(), "actionItem.agreed");
              return item;
            });
      });
}

absl::StatusOr<v1::ActionItem> MeetingsService::ChangeAction(const CallContext& call,
                                                             const std::string& name,
                                                             const std::string& etag,
                                                             domain::ActionItemAction action,
                                                             const std::string& outcome) {
  ASSIGN_OR_RETURN(const MeetingChildKey key, ParseMeetingChild(name, "name"));
  using Found = std::optional<v1::ActionItem>;
  ASSIGN_OR_RETURN(const Found found,
                   database_.Read(call, [&](postgres::Transaction& tx) -> absl::StatusOr<Found> {
                     return MeetingStore(tx).FindAction(key);
                   }));
  RETURN_IF_ERROR(
      call.Authorize(found.has_value() ? ActionObject(*found) : AgencyObject(key.agency, name)));
  if (!found.has_value()) return errors::ResourceNotFound(name);
  return database_.Write(call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::ActionItem> {
    RecordChange(tx, name, "actionItem.changed");
    return MeetingStore(tx).UpdateAction(
        key, api::Precondition::FromEtag(etag), [&](v1::ActionItem& item) {
          return domain::ChangeActionItem(item, action, outcome, call.time());
        });
  });
}

grpc::ServerUnaryReactor* MeetingsService::CompleteActionItem(
    grpc::CallbackServerContext* context,
    const v1::CompleteActionItemRequest* request,
    v1::ActionItem* response) {
  return pipeline_.Unary(context, request, response, [this, request](const CallContext& call) {
    return ChangeAction(call,
                        request->name(),
                        request->etag(),
                        domain::ActionItemAction::kComplete,
                        request->outcome());
  });
}

grpc::ServerUnaryReactor* MeetingsService::DropActionItem(grpc::CallbackServerContext* context,
                                                          const v1::DropActionItemRequest* request,
                                                          v1::ActionItem* response) {
  return pipeline_.Unary(context, request, response, [this, request](const CallContext& call) {
    return ChangeAction(
        call, request->name(), request->etag(), domain::ActionItemAction::kDrop, request->reason());
  });
}

grpc::ServerUnaryReactor* MeetingsService::ReopenActionItem(
    grpc::CallbackServerContext* context,
    const v1::ReopenActionItemRequest* request,
    v1::ActionItem* response) {
  return pipeline_.Unary(context, request, response, [this, request](const CallContext& call) {
    return ChangeAction(call,
                        request->name(),
                        request->etag(),
                        domain::ActionItemAction::kReopen,
                        request->reason());
  });
}

}  // namespace teraju::evaluation
