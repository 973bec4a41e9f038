// The methods of teraju.evaluation.v1.Meetings.
#pragma once

#include "absl/functional/function_ref.h"
#include "common/postgres/database.h"
#include "common/rpc/pipeline.h"
#include "services/evaluation/domain/guidance.h"
#include "services/evaluation/store/names.h"
#include "teraju/evaluation/v1/guidance_service.grpc.pb.h"

namespace teraju::evaluation {

class MeetingsService final : public v1::Meetings::CallbackService {
 public:
  MeetingsService(rpc::Pipeline& pipeline, postgres::Database& database)
      : pipeline_(pipeline), database_(database) {}

  grpc::ServerUnaryReactor* GetMeeting(grpc::CallbackServerContext* context,
                                       const v1::GetMeetingRequest* request,
                                       v1::Meeting* response) override;
  grpc::ServerUnaryReactor* ListMeetings(grpc::CallbackServerContext* context,
                                         const v1::ListMeetingsRequest* request,
                                         v1::ListMeetingsResponse* response) override;
  grpc::ServerUnaryReactor* CreateMeeting(grpc::CallbackServerContext* context,
                                          const v1::CreateMeetingRequest* request,
                                          v1::Meeting* response) override;
  grpc::ServerUnaryReactor* UpdateMeeting(grpc::CallbackServerContext* context,
                                          const v1::UpdateMeetingRequest* request,
                                          v1::Meeting* response) override;
  grpc::ServerUnaryReactor* CloseMeeting(grpc::CallbackServerContext* context,
                                         const v1::CloseMeetingRequest* request,
                                         v1::Meeting* response) override;
  grpc::ServerUnaryReactor* CreateActionItem(grpc::CallbackServerContext* context,
                                             const v1::CreateActionItemRequest* request,
                                             v1::ActionItem* response) override;
  grpc::ServerUnaryReactor* CompleteActionItem(grpc::CallbackServerContext* context,
                                               const v1::CompleteActionItemRequest* request,
                                               v1::ActionItem* response) override;
  grpc::ServerUnaryReactor* DropActionItem(grpc::CallbackServerContext* context,
                                           const v1::DropActionItemRequest* request,
                                           v1::ActionItem* response) override;
  grpc::ServerUnaryReactor* ReopenActionItem(grpc::CallbackServerContext* context,
                                             const v1::ReopenActionItemRequest* request,
                                             v1::ActionItem* response) override;

 private:
  // The meeting, for a caller who has the method's permission on it.
  absl::StatusOr<v1::Meeting> AuthorizeMeeting(const CallContext& call, const Key& key);
  // Refuses whom the caller does not appraise in the cycle.
  absl::Status AuthorizeAttendants(const CallContext& call,
                                   const PeriodKey& period,
                                   const v1::Meeting& meeting);
  absl::StatusOr<v1::Meeting> ChangeMeeting(const CallContext& call,
                                            const std::string& name,
                                            const std::string& etag,
                                            const std::string& type,
                                            absl::FunctionRef<absl::Status(v1::Meeting&)> change);
  absl::StatusOr<v1::ActionItem> ChangeAction(const CallContext& call,
                                              const std::string& name,
                                              const std::string& etag,
                                              domain::ActionItemAction action,
                                              const std::string& outcome);

  rpc::Pipeline& pipeline_;
  postgres::Database& database_;
};

}  // namespace teraju::evaluation
