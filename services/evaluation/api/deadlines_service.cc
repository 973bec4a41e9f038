#include "services/evaluation/api/deadlines_service.h"

#include <optional>
#include <utility>
#include <vector>

#include "common/api/field_mask.h"
#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "services/evaluation/api/access.h"
#include "services/evaluation/api/deadline_keeping.h"
#include "services/evaluation/api/paging.h"
#include "services/evaluation/domain/cycle.h"
#include "services/evaluation/domain/deadline.h"
#include "services/evaluation/domain/timestamps.h"
#include "services/evaluation/store/cycle_store.h"
#include "services/evaluation/store/deadline_store.h"

namespace teraju::evaluation {
namespace {

absl::StatusOr<DeadlineKey> ParseDeadline(const std::string& name, std::string_view field) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, kDeadlineName.Parse(name, field));
  return DeadlineKey{ids[0], ids[1], ids[2]};
}

}  // namespace

grpc::ServerUnaryReactor* DeadlinesService::GetDeadline(grpc::CallbackServerContext* context,
                                                        const v1::GetDeadlineRequest* request,
                                                        v1::Deadline* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::Deadline> {
        ASSIGN_OR_RETURN(const DeadlineKey key, ParseDeadline(request->name(), "name"));
        RETURN_IF_ERROR(call.Authorize(AgencyObject(key.agency, request->name())));
        return database_.Read(call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::Deadline> {
          const std::optional<DeadlineRow> found = DeadlineStore(tx).Find(key);
          if (!found.has_value()) return errors::ResourceNotFound(request->name());
          return found->ToMessage();
        });
      });
}

grpc::ServerUnaryReactor* DeadlinesService::ListDeadlines(grpc::CallbackServerContext* context,
                                                          const v1::ListDeadlinesRequest* request,
                                                          v1::ListDeadlinesResponse* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::ListDeadlinesResponse> {
        ASSIGN_OR_RETURN(const CycleKey cycle, ParseCycle(request->parent(), "parent"));
        RETURN_IF_ERROR(call.Authorize(AgencyObject(cycle.agency, request->parent())));
        ASSIGN_OR_RETURN(const PageQuery page, PageOf(*request));
        using Deadlines = std::vector<v1::Deadline>;
        ASSIGN_OR_RETURN(
            Deadlines deadlines,
            database_.Read(call, [&](postgres::Transaction& tx) -> absl::StatusOr<Deadlines> {
              Deadlines found;
              for (const DeadlineRow& row : DeadlineStore(tx).List(cycle, page))
                found.push_back(row.ToMessage());
              return found;
            }));
        v1::ListDeadlinesResponse reply;
        reply.set_next_page_token(
            FillPage(*request, page, std::move(deadlines), *reply.mutable_deadlines()));
        return reply;
      });
}

grpc::ServerUnaryReactor* DeadlinesService::UpdateDeadline(grpc::CallbackServerContext* context,
                                                           const v1::UpdateDeadlineRequest* request,
                                                           v1::Deadline* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::Deadline> {
        const v1::Deadline& update = request->deadline();
        ASSIGN_OR_RETURN(const DeadlineKey key, ParseDeadline(update.name(), "deadline.name"));
        RETURN_IF_ERROR(call.Authorize(AgencyObject(key.agency, update.name())));
        return database_.Write(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::Deadline> {
              ASSIGN_OR_RETURN(const v1::Cycle cycle, CycleStore(tx).Get(key.cycle_key()));
              RETURN_IF_ERROR(domain::CheckOpenable(cycle));
              RETURN_IF_ERROR(domain::CheckDeadlineId(key.id, cycle));
              DeadlineStore store(tx);
              v1::Deadline deadline;
              if (const auto found = store.Find(key)) deadline = found->ToMessage();
              RETURN_IF_ERROR(api::MergeByMask(request->update_mask(), update, deadline));
              RETURN_IF_ERROR(domain::CheckDueTime(deadline, call.time()));
              const absl::Time due_time = domain::TimeOf(deadline.due_time());
              ASSIGN_OR_RETURN(const DeadlineRow row,
                               store.Set(key,
                                         due_time,
                                         domain::NextReminder(due_time, call.time()),
                                         api::Precondition::FromEtag(update.etag())));
              RecordChange(tx, update.name(), "deadline.set", DetailsOf(row));
              return row.ToMessage();
            });
      });
}

grpc::ServerUnaryReactor* DeadlinesService::DeleteDeadline(grpc::CallbackServerContext* context,
                                                           const v1::DeleteDeadlineRequest* request,
                                                           google::protobuf::Empty* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<google::protobuf::Empty> {
        ASSIGN_OR_RETURN(const DeadlineKey key, ParseDeadline(request->name(), "name"));
        RETURN_IF_ERROR(call.Authorize(AgencyObject(key.agency, request->name())));
        return database_.Write(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<google::protobuf::Empty> {
              RecordChange(tx, request->name(), "deadline.deleted");
              RETURN_IF_ERROR(
                  DeadlineStore(tx).Delete(key, api::Precondition::FromEtag(request->etag())));
              return google::protobuf::Empty();
            });
      });
}

}  // namespace teraju::evaluation
