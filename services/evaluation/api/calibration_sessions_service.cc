#include "services/evaluation/api/calibration_sessions_service.h"

#include <optional>
#include <utility>
#include <vector>

#include "common/api/field_mask.h"
#include "common/api/strong_id.h"
#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "services/evaluation/api/access.h"
#include "services/evaluation/api/calibrate.h"
#include "services/evaluation/api/paging.h"
#include "services/evaluation/domain/calibration.h"
#include "services/evaluation/store/calibration_store.h"
#include "services/evaluation/store/evaluation_store.h"
#include "services/evaluation/store/unit_result_store.h"

namespace teraju::evaluation {
namespace {

using Session = v1::CalibrationSession;
using CalibratedList = std::vector<v1::CalibratedRating>;

// The unit's higher leader reaches a session as `appraiser`, who appraises its people as `rater`.
auth::Object SessionObject(const StoredSession& stored) {
  const std::string agency(api::AgencyOf(stored.session.name()));
  auth::Object object = AgencyObject(agency, stored.session.name());
  for (const std::string& unit : stored.position.unit_path)
    object.unit_path.push_back(UnitName(agency, unit));
  object.appraiser = stored.position.appraiser;
  object.raters = stored.leaders;
  return object;
}

}  // namespace

absl::StatusOr<Session> CalibrationSessionsService::AuthorizeSession(const CallContext& call,
                                                                     const Key& key) {
  using Found = std::optional<StoredSession>;
  ASSIGN_OR_RETURN(Found found,
                   database_.Read(call, [&](postgres::Transaction& tx) -> absl::StatusOr<Found> {
                     return CalibrationStore(tx).Find(key);
                   }));
  const std::string name = kCalibrationSessionName.Format({key.agency, key.id});
  RETURN_IF_ERROR(
      call.Authorize(found.has_value() ? SessionObject(*found) : AgencyObject(key.agency, name)));
  if (!found.has_value()) return errors::ResourceNotFound(name);
  return std::move(found->session);
}

grpc::ServerUnaryReactor* CalibrationSessionsService::GetCalibrationSession(
    grpc::CallbackServerContext* context,
    const v1::GetCalibrationSessionRequest* request,
    v1::CalibrationSession* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<Session> {
        ASSIGN_OR_RETURN(const Key key, ParseKey(kCalibrationSessionName, request->name(), "name"));
        ASSIGN_OR_RETURN(Session session, AuthorizeSession(call, key));
        if (session.state() != Session::OPEN) return session;
        ASSIGN_OR_RETURN(const Key unit, ParseKey(kUnitResultName, session.unit_result(), "name"));
        return database_.ReadSnapshot(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<Session> {
              if (std::optional<StoredUnitResult> found = UnitResultStore(tx).Find(unit))
                *session.mutable_after() = CheckedDistribution(std::move(found->result));
              session.set_changed(CalibrationStore(tx).CountChanged(key));
              return session;
            });
      });
}

grpc::ServerUnaryReactor* CalibrationSessionsService::ListCalibrationSessions(
    grpc::CallbackServerContext* context,
    const v1::ListCalibrationSessionsRequest* request,
    v1::ListCalibrationSessionsResponse* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this,
       request](const CallContext& call) -> absl::StatusOr<v1::ListCalibrationSessionsResponse> {
        ASSIGN_OR_RETURN(const std::string agency, ParseAgency(request->parent(), "parent"));
        SessionQuery query;
        ASSIGN_OR_RETURN(query.scope, call.AuthorizeList(AgencyId(agency), request->parent()));
        ASSIGN_OR_RETURN(query.page, PageOf(*request));
        if (!request->period().empty()) {
          ASSIGN_OR_RETURN(query.period, ParsePeriod(request->period(), "period"));
        }
        query.caller = call.principal().subject;
        using Sessions = std::vector<Session>;
        ASSIGN_OR_RETURN(
            Sessions sessions,
            database_.Read(call, [&](postgres::Transaction& tx) -> absl::StatusOr<Sessions> {
              return CalibrationStore(tx).List(agency, query);
            }));
        for (Session& session : sessions) {
          session.clear_before();
          session.clear_after();
          session.clear_changed();
        }
        v1::ListCalibrationSessionsResponse reply;
        reply.set_next_page_token(FillPage(
            *request, query.page, std::move(sessions), *reply.mutable_calibration_sessions()));
        return reply;
      });
}

grpc::ServerUnaryReactor* CalibrationSessionsService::CreateCalibrationSession(
    grpc::CallbackServerContext* context,
    const v1::CreateCalibrationSessionRequest* request,
    v1::CalibrationSession* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<Session> {
        const Session& wanted = request->calibration_session();
        ASSIGN_OR_RETURN(const std::string agency, ParseAgency(request->parent(), "parent"));
        ASSIGN_OR_RETURN(
            const Key unit,
            ParseKey(kUnitResultName, wanted.unit_result(), "calibrationSession.unitResult"));
        if (unit.agency != agency) return errors::Denied(call.permission(), wanted.unit_result());
        using Found = std::optional<StoredUnitResult>;
        ASSIGN_OR_RETURN(
            const Found found,
            database_.Read(call, [&](postgres::Transaction& tx) -> absl::StatusOr<Found> {
              return UnitResultStore(tx).Find(unit);
            }));
        StoredSession asked;
        asked.session.set_name(wanted.unit_result());
        if (found.has_value()) asked.position = found->position;
        RETURN_IF_ERROR(call.Authorize(SessionObject(asked)));
        if (!found.has_value()) return errors::ResourceNotFound(wanted.unit_result());
        for (const std::string& name : wanted.attendants())
          RETURN_IF_ERROR(ParsePerson(name, request->parent(), "calibrationSession.attendants"));
        return database_.Write(call, [&](postgres::Transaction& tx) {
          return OpenSession(tx, {agency, NewUuid7(call.time())}, wanted);
        });
      });
}

grpc::ServerUnaryReactor* CalibrationSessionsService::UpdateCalibrationSession(
    grpc::CallbackServerContext* context,
    const v1::UpdateCalibrationSessionRequest* request,
    v1::CalibrationSession* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<Session> {
        const Session& update = request->calibration_session();
        ASSIGN_OR_RETURN(
            const Key key,
            ParseKey(kCalibrationSessionName, update.name(), "calibrationSession.name"));
        RETURN_IF_ERROR(AuthorizeSession(call, key).status());
        for (const std::string& name : update.attendants())
          RETURN_IF_ERROR(ParsePerson(name, update.name(), "calibrationSession.attendants"));
        return database_.Write(call, [&](postgres::Transaction& tx) -> absl::StatusOr<Session> {
          RecordChange(tx, update.name(), "calibrationSession.updated");
          return CalibrationStore(tx).Update(
              key,
              api::Precondition::FromEtag(update.etag()),
              [&](Session& session) -> absl::Status {
                RETURN_IF_ERROR(domain::MoveSession(session, domain::CalibrationAction::kUpdate));
                return api::MergeByMask(request->update_mask(), update, session);
              });
        });
      });
}

grpc::ServerUnaryReactor* CalibrationSessionsService::ListCalibratedRatings(
    grpc::CallbackServerContext* context,
    const v1::ListCalibratedRatingsRequest* request,
    v1::ListCalibratedRatingsResponse* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this,
       request](const CallContext& call) -> absl::StatusOr<v1::ListCalibratedRatingsResponse> {
        ASSIGN_OR_RETURN(const Key key,
                         ParseKey(kCalibrationSessionName, request->parent(), "parent"));
        RETURN_IF_ERROR(AuthorizeSession(call, key).status());
        ASSIGN_OR_RETURN(const PageQuery page, PageOf(*request));
        ASSIGN_OR_RETURN(
            CalibratedList ratings,
            database_.Read(call, [&](postgres::Transaction& tx) -> absl::StatusOr<CalibratedList> {
              return CalibrationStore(tx).ListRatings(key, call.principal().subject, page);
            }));
        v1::ListCalibratedRatingsResponse reply;
        if (static_cast<int>(ratings.size()) == page.size) {
          ratings.pop_back();
          reply.set_next_page_token(
              api::MakePageToken(*request, {IdOf(ratings.back().evaluation())}));
        }
        std::vector<Reading> readings;
        for (v1::CalibratedRating& rating : ratings) {
          if (rating.reason().empty()) domain::ExplainChange(rating);
          readings.push_back({rating.employee(), rating.evaluation()});
          *reply.add_calibrated_ratings() = std::move(rating);
        }
        RETURN_IF_ERROR(RecordReadings(database_, call, readings));
        return reply;
      });
}

grpc::ServerUnaryReactor* CalibrationSessionsService::ProposeCalibratedRating(
    grpc::CallbackServerContext* context,
    const v1::ProposeCalibratedRatingRequest* request,
    v1::CalibratedRating* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::CalibratedRating> {
        ASSIGN_OR_RETURN(const Key key, ParseKey(kCalibrationSessionName, request->name(), "name"));
        ASSIGN_OR_RETURN(const Key evaluation,
                         ParseKey(kEvaluationName, request->evaluation(), "evaluation"));
        RETURN_IF_ERROR(AuthorizeSession(call, key).status());
        if (evaluation.agency != key.agency)
          return errors::Denied(call.permission(), request->evaluation());
        return database_.Write(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::CalibratedRating> {
              return ProposeInSession(tx,
                                      key,
                                      evaluation,
                                      {.results = request->result_rating(),
                                       .behavior = request->behavior_rating(),
                                       .reason = request->reason(),
                                       .by = PersonName(key.agency, call.principal().subject)});
            });
      });
}

grpc::ServerUnaryReactor* CalibrationSessionsService::DecideCalibratedRating(
    grpc::CallbackServerContext* context,
    const v1::DecideCalibratedRatingRequest* request,
    v1::CalibratedRating* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::CalibratedRating> {
        ASSIGN_OR_RETURN(const Key key, ParseKey(kCalibrationSessionName, request->name(), "name"));
        ASSIGN_OR_RETURN(const Key evaluation,
                         ParseKey(kEvaluationName, request->evaluation(), "evaluation"));
        if (evaluation.agency != key.agency)
          return errors::Denied(call.permission(), request->evaluation());
        using Found = std::optional<v1::Evaluation>;
        ASSIGN_OR_RETURN(
            Found found,
            database_.Read(call, [&](postgres::Transaction& tx) -> absl::StatusOr<Found> {
              return EvaluationStore(tx).Find(evaluation);
            }));
        RETURN_IF_ERROR(
            Authorized(call, key.agency, request->evaluation(), std::move(found)).status());
        return database_.Write(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::CalibratedRating> {
              return DecideInSession(tx,
                                     key,
                                     evaluation,
                                     {.proposal_id = request->proposal_id(),
                                      .accept = request->accept(),
                                      .note = request->note(),
                                      .by = PersonName(key.agency, call.principal().subject)});
            });
      });
}

grpc::ServerUnaryReactor* CalibrationSessionsService::CloseCalibrationSession(
    grpc::CallbackServerContext* context,
    const v1::CloseCalibrationSessionRequest* request,
    v1::CalibrationSession* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<Session> {
        ASSIGN_OR_RETURN(const Key key, ParseKey(kCalibrationSessionName, request->name(), "name"));
        RETURN_IF_ERROR(AuthorizeSession(call, key).status());
        return database_.Write(call, [&](postgres::Transaction& tx) -> absl::StatusOr<Session> {
          RecordChange(tx, request->name(), "calibrationSession.closed");
          return CalibrationStore(tx).Update(
              key, api::Precondition::FromEtag(request->etag()), [&](Session& session) {
                return CloseSession(tx, key, session);
              });
        });
      });
}

}  // namespace teraju::evaluation
