#include "common/rpc/streams.h"

#include "absl/synchronization/notification.h"
#include "common/rpc/testdata/pipeline_fixture.h"
#include "common/testing/eventually.h"

namespace teraju::rpc {
namespace {

namespace v1 = rpctest::v1;
using errors::reasons::BODY_TOO_LARGE;
using errors::reasons::FIELD_INVALID;
using errors::reasons::PERMISSION_DENIED;
using errors::reasons::TOKEN_MISSING;
using ::testing::AllOf;
using testing::Caller;
using testing::HasReason;
using testing::IsOk;
using testing::StatusIs;

class UploadTest : public PipelineTest {
 protected:
  absl::Status Upload(const Caller& caller,
                      const std::vector<std::string>& chunks,
                      const std::string& name = "things/1") {
    grpc::ClientContext context;
    host_.Prepare(context, caller);
    v1::Thing response;
    const auto writer = things().stub().UploadThing(&context, &response);
    v1::UploadThingRequest message;
    message.set_name(name);
    for (const std::string& chunk : chunks) {
      message.mutable_body()->set_data(chunk);
      if (!writer->Write(message)) break;
      message.clear_name();
    }
    writer->WritesDone();
    const grpc::Status status = writer->Finish();
    return errors::FromGrpc(status);
  }
  void Collect() {
    handlers_.upload = [this](const CallContext& call,
                              const v1::UploadThingRequest& first,
                              Source& source) -> absl::StatusOr<v1::Thing> {
      call.AuthorizedByToken();
      v1::Thing thing;
      thing.set_name(first.name());
      while (true) {
        auto chunk = source.Next();
        if (!chunk.ok()) return chunk.status();
        if (!*chunk) return thing;
        received_ += **chunk;
      }
    };
  }

  std::string received_;
};

TEST_F(UploadTest, TakesChunksInOrder) {
  Collect();
  EXPECT_THAT(Upload(budi_, {"one ", "", "two ", "three"}), IsOk());
  EXPECT_EQ(received_, "one two three");
}

TEST_F(UploadTest, ChecksTheFirstMessageAsAnyRequest) {
  Collect();
  EXPECT_THAT(Upload({}, {"x"}), HasReason(TOKEN_MISSING));
  EXPECT_THAT(Upload({.subject = "apiClients/x", .agency = "city"}, {"x"}),
              HasReason(PERMISSION_DENIED));
  EXPECT_THAT(Upload(budi_, {"x"}, ""), HasReason(FIELD_INVALID));
  EXPECT_THAT(Upload(budi_, {}), HasReason(FIELD_INVALID));
  EXPECT_EQ(received_, "");
}

TEST_F(UploadTest, StopsAtTheMethodsLimit) {
  Collect();
  EXPECT_THAT(Upload(budi_, {std::string(500000, 'a'), std::string(500000, 'a')}), IsOk());
  EXPECT_EQ(received_.size(), 1000000u);
  EXPECT_THAT(Upload(budi_, {std::string(500000, 'a'), std::string(500001, 'a')}),
              AllOf(StatusIs(absl::StatusCode::kInvalidArgument), HasReason(BODY_TOO_LARGE)));
}

TEST_F(UploadTest, AHandlerMayAnswerBeforeTheEnd) {
  handlers_.upload = [](const CallContext&, const v1::UploadThingRequest& first, Source&)
      -> absl::StatusOr<v1::Thing> { return errors::ResourceNotFound(first.name()); };
  EXPECT_THAT(Upload(budi_, std::vector<std::string>(50, std::string(10000, 'a'))),
              StatusIs(absl::StatusCode::kNotFound));
}

// The danger is an upload that was cut off and is taken for a whole one.
TEST_F(UploadTest, ABrokenUploadNeverLooksComplete) {
  absl::Mutex mutex;
  int complete = 0;
  int broken = 0;
  handlers_.upload = [&](const CallContext& call,
                         const v1::UploadThingRequest&,
                         Source& source) -> absl::StatusOr<v1::Thing> {
    call.AuthorizedByToken();
    while (true) {
      auto chunk = source.Next();
      absl::MutexLock lock(&mutex);
      if (!chunk.ok()) {
        ++broken;
        return chunk.status();
      }
      if (!*chunk) {
        ++complete;
        return v1::Thing();
      }
    }
  };
  constexpr int kUploads = 500;
  for (int i = 0; i < kUploads; ++i) {
    grpc::ClientContext context;
    host_.Prepare(context, budi_);
    v1::Thing response;
    const auto writer = things().stub().UploadThing(&context, &response);
    v1::UploadThingRequest message;
    message.set_name("things/1");
    message.mutable_body()->set_data("half");
    writer->Write(message);
    context.TryCancel();
    writer->Finish();
  }
  testing::Eventually([&] { return host_.log_lines().size() >= kUploads; });
  absl::MutexLock lock(&mutex);
  EXPECT_EQ(complete, 0);
  EXPECT_GT(broken, 0);
}

class DownloadTest : public PipelineTest {
 protected:
  std::unique_ptr<grpc::ClientReaderInterface<google::api::HttpBody>> Start(
      grpc::ClientContext& context, const Caller& caller, const std::string& name = "things/1") {
    host_.Prepare(context, caller);
    v1::DownloadThingRequest request;
    request.set_name(name);
    return things().stub().DownloadThing(&context, request);
  }
};

TEST_F(DownloadTest, SendsChunksInOrder) {
  handlers_.download = [](const CallContext& call, const Sink& sink) {
    call.AuthorizedByToken();
    for (int i = 0; i < 100; ++i) {
      google::api::HttpBody chunk;
      chunk.set_data(std::to_string(i) + ",");
      EXPECT_TRUE(sink(std::move(chunk)));
    }
    return absl::OkStatus();
  };
  grpc::ClientContext context;
  const auto reader = Start(context, budi_);
  google::api::HttpBody chunk;
  std::string received;
  while (reader->Read(&chunk)) received += chunk.data();
  EXPECT_TRUE(reader->Finish().ok());
  EXPECT_TRUE(received.starts_with("0,1,2,") && received.ends_with(",99,")) << received;
}

TEST_F(DownloadTest, RefusesAsAnyMethod) {
  for (const auto& [caller, name, reason] :
       {std::tuple(Caller{}, "things/1", TOKEN_MISSING),
        std::tuple(
            Caller{.subject = "apiClients/x", .agency = "city"}, "things/1", PERMISSION_DENIED),
        std::tuple(budi_, "", FIELD_INVALID)}) {
    grpc::ClientContext context;
    const auto reader = Start(context, caller, name);
    google::api::HttpBody chunk;
    EXPECT_FALSE(reader->Read(&chunk));
    EXPECT_THAT(errors::FromGrpc(reader->Finish()), HasReason(reason));
  }
}

TEST_F(DownloadTest, TheHandlerHearsThatTheClientIsGone) {
  absl::Notification gone;
  handlers_.download = [&](const CallContext& call, const Sink& sink) {
    call.AuthorizedByToken();
    google::api::HttpBody chunk;
    chunk.set_data(std::string(100000, 'a'));
    while (sink(chunk)) {
    }
    gone.Notify();
    return absl::OkStatus();
  };
  grpc::ClientContext context;
  const auto reader = Start(context, budi_);
  google::api::HttpBody chunk;
  ASSERT_TRUE(reader->Read(&chunk));
  context.TryCancel();
  EXPECT_TRUE(gone.WaitForNotificationWithTimeout(absl::Seconds(10)));
  reader->Finish();
}

TEST_F(DownloadTest, ASlowClientHoldsTheHandlerBack) {
  std::atomic<int> written = 0;
  handlers_.download = [&](const CallContext& call, const Sink& sink) {
    call.AuthorizedByToken();
    google::api::HttpBody chunk;
    chunk.set_data(std::string(1 << 20, 'a'));
    for (int i = 0; i < 64 && sink(chunk); ++i) ++written;
    return absl::OkStatus();
  };
  grpc::ClientContext context;
  const auto reader = Start(context, budi_);
  google::api::HttpBody chunk;
  ASSERT_TRUE(reader->Read(&chunk));
  EXPECT_LT(written, 32);
  int read = 1;
  while (reader->Read(&chunk)) ++read;
  EXPECT_TRUE(reader->Finish().ok());
  EXPECT_EQ(read, 64);
}

}  // namespace
}  // namespace teraju::rpc
