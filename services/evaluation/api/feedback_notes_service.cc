#include "services/evaluation/api/feedback_notes_service.h"

#include <optional>
#include <utility>
#include <vector>

#include "common/api/strong_id.h"
#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "services/evaluation/api/access.h"
#include "services/evaluation/api/paging.h"
#include "services/evaluation/domain/guidance.h"
#include "services/evaluation/store/feedback_note_store.h"
#include "services/evaluation/store/work_plan_store.h"
#include "teraju/evaluation/v1/error_reason.pb.h"

namespace teraju::evaluation {

grpc::ServerUnaryReactor* FeedbackNotesService::ListFeedbackNotes(
    grpc::CallbackServerContext* context,
    const v1::ListFeedbackNotesRequest* request,
    v1::ListFeedbackNotesResponse* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::ListFeedbackNotesResponse> {
        ASSIGN_OR_RETURN(const std::string agency, ParseAgency(request->parent(), "parent"));
        FeedbackNoteQuery query;
        ASSIGN_OR_RETURN(query.scope, call.AuthorizeList(AgencyId(agency), request->parent()));
        ASSIGN_OR_RETURN(query.page, PageOf(*request));
        query.caller = call.principal().subject;
        query.employee = SubjectOf(request->employee());
        using Notes = std::vector<v1::FeedbackNote>;
        ASSIGN_OR_RETURN(
            Notes notes,
            database_.Read(call, [&](postgres::Transaction& tx) -> absl::StatusOr<Notes> {
              return FeedbackNoteStore(tx).List(agency, query);
            }));
        v1::ListFeedbackNotesResponse reply;
        reply.set_next_page_token(
            FillPage(*request, query.page, std::move(notes), *reply.mutable_feedback_notes()));
        std::vector<Reading> readings;
        for (const v1::FeedbackNote& note : reply.feedback_notes()) {
          if (note.author() != PersonName(agency, query.caller))
            readings.push_back({note.employee(), note.name()});
        }
        RETURN_IF_ERROR(RecordReadings(database_, call, readings));
        return reply;
      });
}

grpc::ServerUnaryReactor* FeedbackNotesService::CreateFeedbackNote(
    grpc::CallbackServerContext* context,
    const v1::CreateFeedbackNoteRequest* request,
    v1::FeedbackNote* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::FeedbackNote> {
        ASSIGN_OR_RETURN(const std::string agency, ParseAgency(request->parent(), "parent"));
        RETURN_IF_ERROR(call.Authorize(AgencyObject(agency, request->parent())));
        v1::FeedbackNote note = request->feedback_note();
        RETURN_IF_ERROR(ParsePerson(note.employee(), request->parent(), "feedbackNote.employee"));
        note.set_author(PersonName(agency, call.principal().subject));
        note.set_state(v1::FeedbackNote::GIVEN);
        return database_.Write(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::FeedbackNote> {
              const std::optional<v1::WorkPlan> plan =
                  WorkPlanStore(tx).FindOn(agency, SubjectOf(note.employee()), note.date());
              if (!plan.has_value()) return NoPlanOnDay(note.employee());
              RETURN_IF_ERROR(domain::CheckFeedbackNote(note, *plan, note.author()));
              note.set_work_plan(plan->name());
              const v1::FeedbackNote made =
                  FeedbackNoteStore(tx).Insert({agency, NewUuid7(call.time())}, note);
              RecordChange(tx, made.name(), "feedbackNote.given");
              return made;
            });
      });
}

grpc::ServerUnaryReactor* FeedbackNotesService::AcknowledgeFeedbackNote(
    grpc::CallbackServerContext* context,
    const v1::AcknowledgeFeedbackNoteRequest* request,
    v1::FeedbackNote* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::FeedbackNote> {
        ASSIGN_OR_RETURN(const Key key, ParseKey(kFeedbackNoteName, request->name(), "name"));
        using Found = std::optional<v1::FeedbackNote>;
        ASSIGN_OR_RETURN(
            Found found,
            database_.Read(call, [&](postgres::Transaction& tx) -> absl::StatusOr<Found> {
              return FeedbackNoteStore(tx).Find(key);
            }));
        RETURN_IF_ERROR(Authorized(call, key.agency, request->name(), std::move(found)).status());
        return database_.Write(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::FeedbackNote> {
              RecordChange(tx, request->name(), "feedbackNote.acknowledged");
              return FeedbackNoteStore(tx).Update(
                  key, api::Precondition::FromEtag(request->etag()), [&](v1::FeedbackNote& note) {
                    return domain::AcknowledgeFeedbackNote(note, request->reply(), call.time());
                  });
            });
      });
}

}  // namespace teraju::evaluation
