// The service of things.proto with handlers that a test sets.
#pragma once

#include <functional>

#include "common/rpc/pipeline.h"
#include "common/rpc/testdata/things.grpc.pb.h"

namespace teraju::rpc {

namespace v1 = rpctest::v1;

inline const auth::PermissionTable& ThingsTable() {
  static const auto& table = *new auth::PermissionTable(
      *auth::PermissionTable::Parse("roles: employee service operator\n"
                                    "things.get: employee=self service=any\n"
                                    "things.create: employee=self\n"));
  return table;
}

// What the test's handlers do, and what they saw.
struct Handlers {
  std::function<absl::StatusOr<v1::Thing>(const CallContext&, const v1::GetThingRequest&)> get =
      [](const CallContext& call, const v1::GetThingRequest& request) -> absl::StatusOr<v1::Thing> {
    if (absl::Status allowed = call.Authorize(auth::Object{.resource = request.name(),
                                                           .agency = call.principal().agency,
                                                           .person = "employees/budi"});
        !allowed.ok()) {
      return allowed;
    }
    v1::Thing thing;
    thing.set_name(request.name());
    return thing;
  };
  std::function<absl::StatusOr<v1::Thing>(const CallContext&, const v1::CreateThingRequest&)>
      create;
  std::function<absl::StatusOr<v1::Thing>(const CallContext&)> open = [](const CallContext&) {
    return v1::Thing();
  };
  std::function<absl::StatusOr<v1::Thing>(
      const CallContext&, const v1::UploadThingRequest&, Source&)>
      upload;
  std::function<absl::Status(const CallContext&, const Sink&)> download;
};

class ThingsService final : public v1::Things::CallbackService {
 public:
  ThingsService(Pipeline& pipeline, Handlers& handlers) : pipeline_(pipeline), on_(handlers) {}

  grpc::ServerUnaryReactor* GetThing(grpc::CallbackServerContext* context,
                                     const v1::GetThingRequest* request,
                                     v1::Thing* response) override {
    return pipeline_.Unary(context, request, response, [this, request](const CallContext& call) {
      return on_.get(call, *request);
    });
  }
  grpc::ServerUnaryReactor* CreateThing(grpc::CallbackServerContext* context,
                                        const v1::CreateThingRequest* request,
                                        v1::Thing* response) override {
    return pipeline_.Unary(context, request, response, [this, request](const CallContext& call) {
      return on_.create(call, *request);
    });
  }
  grpc::ServerUnaryReactor* GreetThing(grpc::CallbackServerContext* context,
                                       const v1::GreetThingRequest* request,
                                       v1::Thing* response) override {
    return pipeline_.Unary(
        context, request, response, [this](const CallContext& call) { return on_.open(call); });
  }
  grpc::ServerUnaryReactor* AnswerThing(grpc::CallbackServerContext* context,
                                        const v1::AnswerThingRequest* request,
                                        v1::Thing* response) override {
    return pipeline_.Unary(
        context, request, response, [this](const CallContext& call) { return on_.open(call); });
  }
  grpc::ServerUnaryReactor* WaitThing(grpc::CallbackServerContext* context,
                                      const v1::WaitThingRequest* request,
                                      v1::Thing* response) override {
    return pipeline_.Unary(
        context, request, response, [this](const CallContext& call) { return on_.open(call); });
  }
  grpc::ServerReadReactor<v1::UploadThingRequest>* UploadThing(grpc::CallbackServerContext* context,
                                                               v1::Thing* response) override {
    return pipeline_.Upload<v1::UploadThingRequest>(
        context,
        response,
        [this](const CallContext& call, const v1::UploadThingRequest& first, Source& source) {
          return on_.upload(call, first, source);
        });
  }
  grpc::ServerWriteReactor<google::api::HttpBody>* DownloadThing(
      grpc::CallbackServerContext* context, const v1::DownloadThingRequest* request) override {
    return pipeline_.Download(context, request, [this](const CallContext& call, const Sink& sink) {
      return on_.download(call, sink);
    });
  }

 private:
  Pipeline& pipeline_;
  Handlers& on_;
};

}  // namespace teraju::rpc
