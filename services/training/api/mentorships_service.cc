#include "services/training/api/mentorships_service.h"

#include "common/api/list_page.h"
#include "common/errors/field_violations.h"
#include "common/errors/status_macros.h"
#include "common/operations/operations.h"
#include "common/postgres/codec.h"
#include "common/postgres/record_change.h"
#include "common/time/western_day.h"
#include "services/training/api/authorized_read.h"
#include "services/training/api/effects.h"
#include "services/training/api/mentor_matcher.h"
#include "services/training/domain/lifecycle.h"
#include "services/training/domain/mentoring.h"
#include "services/training/store/mentorship_store.h"

namespace teraju::training {
namespace {

// PERMISSION_DENIED unless the caller is one of the two, or may decide for the agency.
absl::Status AuthorizePair(const CallContext& call,
                           postgres::Database& database,
                           const MentorshipKey& key) {
  return AuthorizedRead(
             call,
             database,
             key,
             [&](postgres::Transaction& tx) { return MentorshipStore(tx).Get(key); },
             [&](const v1::Mentorship& pair) { return PairObject(call, key.agency, pair); })
      .status();
}

absl::Status CheckAgency(const v1::MatchingRun& run, const AgencyId& agency) {
  errors::FieldViolations violations;
  if (api::AgencyOf(run.cycle_period()) != agency.value()) {
    violations.Add("matchingRun.cyclePeriod",
                   "OTHER_AGENCY",
                   "Harus milik instansi yang sama.",
                   "Must belong to the same agency.");
  }
  return violations.ToStatus();
}

}  // namespace

grpc::ServerUnaryReactor* MentorshipsService::CreateMatchingRun(
    grpc::CallbackServerContext* context,
    const v1::CreateMatchingRunRequest* request,
    v1::MatchingRun* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::MatchingRun> {
        ASSIGN_OR_RETURN(const AgencyId agency, api::ParseAgencyName(request->parent(), "parent"));
        RETURN_IF_ERROR(call.Authorize(AgencyObject(agency, request->parent())));
        RETURN_IF_ERROR(CheckAgency(request->matching_run(), agency));
        const RunKey key{agency, StrongId<RunTag>(NewUuid7(call.time()))};
        return database_.Write(call,
                               [&](postgres::Transaction& tx) -> absl::StatusOr<v1::MatchingRun> {
                                 RecordChange(tx, key.Name(), "matchingRun.created");
                                 return MentorshipStore(tx).InsertRun(key, request->matching_run());
                               });
      });
}

grpc::ServerUnaryReactor* MentorshipsService::SolveMatchingRun(
    grpc::CallbackServerContext* context,
    const v1::SolveMatchingRunRequest* request,
    google::longrunning::Operation* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<google::longrunning::Operation> {
        ASSIGN_OR_RETURN(const RunKey key, RunKey::Parse(request->name(), "name"));
        ASSIGN_OR_RETURN(const v1::MatchingRun run,
                         AuthorizedRead(call, database_, key, [&](postgres::Transaction& tx) {
                           return MentorshipStore(tx).GetRun(key);
                         }));
        RETURN_IF_ERROR(domain::CheckSolvable(run));
        RETURN_IF_ERROR(evaluation_.CheckPublished(call, run.cycle_period()));
        return database_.Write(call, [&](postgres::Transaction& tx) {
          return operations::Start(
              tx, "training", MentorMatcher::kKind, key.agency.value(), key.Name(), *request);
        });
      });
}

grpc::ServerUnaryReactor* MentorshipsService::GetMatchingRun(
    grpc::CallbackServerContext* context,
    const v1::GetMatchingRunRequest* request,
    v1::MatchingRun* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::MatchingRun> {
        ASSIGN_OR_RETURN(const RunKey key, RunKey::Parse(request->name(), "name"));
        return AuthorizedRead(call, database_, key, [&](postgres::Transaction& tx) {
          return MentorshipStore(tx).GetRun(key);
        });
      });
}

grpc::ServerUnaryReactor* MentorshipsService::ListMentorships(
    grpc::CallbackServerContext* context,
    const v1::ListMentorshipsRequest* request,
    v1::ListMentorshipsResponse* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::ListMentorshipsResponse> {
        ASSIGN_OR_RETURN(const AgencyId agency, api::ParseAgencyName(request->parent(), "parent"));
        ASSIGN_OR_RETURN(const auth::Scope scope, call.AuthorizeList(agency, request->parent()));
        ASSIGN_OR_RETURN(const api::ListPage page, api::ParseListPage(*request));
        std::string run_id;
        if (!request->matching_run().empty()) {
          ASSIGN_OR_RETURN(const RunKey run, RunKey::Parse(request->matching_run(), "matchingRun"));
          run_id = run.id.value();
        }
        ASSIGN_OR_RETURN(auto pairs, database_.Read(call, [&](postgres::Transaction& tx) {
          return MentorshipStore(tx).List(
              agency, scope, run_id, page.after_or_empty(0), page.limit());
        }));
        v1::ListMentorshipsResponse list;
        api::FinishListPage(*request,
                            page,
                            std::move(pairs),
                            list.mutable_mentorships(),
                            list,
                            [](const v1::Mentorship& last) {
                              return std::vector<std::string>{api::IdOf(last.name())};
                            });
        return list;
      });
}

grpc::ServerUnaryReactor* MentorshipsService::AcceptMentorship(
    grpc::CallbackServerContext* context,
    const v1::AcceptMentorshipRequest* request,
    v1::Mentorship* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::Mentorship> {
        ASSIGN_OR_RETURN(const MentorshipKey key, MentorshipKey::Parse(request->name(), "name"));
        RETURN_IF_ERROR(AuthorizePair(call, database_, key));
        const std::string me = "agencies/" + key.agency.value() + "/" + call.principal().subject;
        return database_.Write(call, [&](postgres::Transaction& tx) {
          RecordChange(tx, key.Name(), "mentorship.accepted");
          return MentorshipStore(tx).Update(
              key, api::Precondition::FromEtag(request->etag()), [&](v1::Mentorship& pair) {
                return domain::AcceptMentorship(pair, me);
              });
        });
      });
}

grpc::ServerUnaryReactor* MentorshipsService::VetoMentorship(
    grpc::CallbackServerContext* context,
    const v1::VetoMentorshipRequest* request,
    v1::Mentorship* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::Mentorship> {
        ASSIGN_OR_RETURN(const MentorshipKey key, MentorshipKey::Parse(request->name(), "name"));
        RETURN_IF_ERROR(AuthorizePair(call, database_, key));
        return database_.Write(call, [&](postgres::Transaction& tx) {
          RecordChange(tx, key.Name(), "mentorship.vetoed");
          return MentorshipStore(tx).Update(
              key, api::Precondition::FromEtag(request->etag()), [&](v1::Mentorship& pair) {
                return domain::VetoMentorship(pair, request->comment());
              });
        });
      });
}

grpc::ServerUnaryReactor* MentorshipsService::CloseMentorship(
    grpc::CallbackServerContext* context,
    const v1::CloseMentorshipRequest* request,
    v1::Mentorship* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::Mentorship> {
        ASSIGN_OR_RETURN(const MentorshipKey key, MentorshipKey::Parse(request->name(), "name"));
        RETURN_IF_ERROR(AuthorizePair(call, database_, key));
        return database_.Write(call, [&](postgres::Transaction& tx) {
          RecordChange(tx, key.Name(), "mentorship.closed");
          return MentorshipStore(tx).Update(
              key, api::Precondition::FromEtag(request->etag()), [&](v1::Mentorship& pair) {
                return domain::CloseMentorship(pair, request->outcome(), request->comment());
              });
        });
      });
}

grpc::ServerUnaryReactor* MentorshipsService::CreateMentoringSession(
    grpc::CallbackServerContext* context,
    const v1::CreateMentoringSessionRequest* request,
    v1::MentoringSession* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::MentoringSession> {
        ASSIGN_OR_RETURN(const MentorshipKey key,
                         MentorshipKey::Parse(request->parent(), "parent"));
        RETURN_IF_ERROR(AuthorizePair(call, database_, key));
        const std::string me = "agencies/" + key.agency.value() + "/" + call.principal().subject;
        return database_.Write(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::MentoringSession> {
              // Locked, so that a pair that is being closed gets no further meeting.
              MentorshipStore store(tx);
              RETURN_IF_ERROR(
                  store
                      .Update(key,
                              api::Precondition::None(),
                              [&](v1::Mentorship& pair) {
                                return domain::CheckSession(
                                    pair, request->session(), time::WesternDay(call.time()));
                              })
                      .status());
              v1::MentoringSession session = store.InsertSession(key, request->session(), me);
              RecordChange(tx, session.name(), "mentoringSession.created");
              return session;
            });
      });
}

grpc::ServerUnaryReactor* MentorshipsService::ListMentoringSessions(
    grpc::CallbackServerContext* context,
    const v1::ListMentoringSessionsRequest* request,
    v1::ListMentoringSessionsResponse* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this,
       request](const CallContext& call) -> absl::StatusOr<v1::ListMentoringSessionsResponse> {
        ASSIGN_OR_RETURN(const MentorshipKey key,
                         MentorshipKey::Parse(request->parent(), "parent"));
        RETURN_IF_ERROR(AuthorizePair(call, database_, key));
        ASSIGN_OR_RETURN(const api::ListPage page, api::ParseListPage(*request));
        using Sessions = std::vector<v1::MentoringSession>;
        ASSIGN_OR_RETURN(
            Sessions sessions,
            database_.Read(call, [&](postgres::Transaction& tx) -> absl::StatusOr<Sessions> {
              return MentorshipStore(tx).ListSessions(
                  key, page.after_or_empty(0), page.after_or_empty(1), page.limit());
            }));
        v1::ListMentoringSessionsResponse list;
        api::FinishListPage(*request,
                            page,
                            std::move(sessions),
                            list.mutable_sessions(),
                            list,
                            [](const v1::MentoringSession& last) {
                              return std::vector<std::string>{
                                  postgres::ToText(last.date()).value_or(""),
                                  api::IdOf(last.name())};
                            });
        return list;
      });
}

grpc::ServerUnaryReactor* MentorshipsService::EstimateMentoringEffect(
    grpc::CallbackServerContext* context,
    const v1::EstimateMentoringEffectRequest* request,
    google::longrunning::Operation* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<google::longrunning::Operation> {
        ASSIGN_OR_RETURN(const RunKey key, RunKey::Parse(request->name(), "name"));
        RETURN_IF_ERROR(AuthorizedRead(call, database_, key, [&](postgres::Transaction& tx) {
                          return MentorshipStore(tx).GetRun(key);
                        }).status());
        return StartEstimate(call, database_, evaluation_, MentoringEffects::kKind, key, *request);
      });
}

}  // namespace teraju::training
