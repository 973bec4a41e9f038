// The fixture of tests of imports: jobs are created, filled, run and taken back as a client does.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/errors/error.h"
#include "common/operations/operation_store.h"
#include "common/operations/worker.h"
#include "common/testing/eventually.h"
#include "services/identity/api/identity_fixture.h"
#include "services/identity/api/import_work.h"
#include "services/identity/domain/test_data.h"

namespace teraju::identity {

inline constexpr std::size_t kPiece = std::size_t{256} << 10;

class ImportsTest : public IdentityTest {
 protected:
  void SetUp() override {
    IdentityTest::SetUp();
    ASSERT_THAT(CreateAgency(), testing::IsOk());
    StartWorker();
  }
  void TearDown() override { worker_.reset(); }

  void StartWorker() {
    worker_ = std::make_unique<operations::Worker>(
        operations::WorkerOptions{.service = "identity",
                                  .poll = absl::Milliseconds(20),
                                  .backoff = absl::Milliseconds(10)},
        operations::Handlers{{kImport, Import(database())}},
        database(),
        testing::internal::DenyAll(),
        host_.logger());
  }

  std::string CreateJob() {
    v1::CreateImportJobRequest request;
    request.set_parent("agencies/dumai");
    const auto job =
        Call<v1::ImportJobs>(kAdmin, &v1::ImportJobs::StubInterface::CreateImportJob, request);
    EXPECT_THAT(job, testing::IsOk());
    return job->name();
  }

  absl::StatusOr<v1::ImportFile> Upload(const std::string& job,
                                        const std::string& kind,
                                        const std::string& content,
                                        const Caller& caller = kAdmin) {
    grpc::ClientContext context;
    host_.Prepare(context, caller);
    v1::ImportFile file;
    auto client = host_.Client<v1::ImportJobs>();
    auto writer = client.stub().UploadImportFile(&context, &file);
    v1::UploadImportFileRequest request;
    request.set_parent(job);
    request.set_kind(kind);
    std::size_t at = 0;
    do {
      request.mutable_body()->set_data(content.substr(at, kPiece));
      if (!writer->Write(request)) break;
      request.Clear();
      at += kPiece;
    } while (at < content.size());
    writer->WritesDone();
    const grpc::Status status = writer->Finish();
    if (!status.ok()) return errors::FromGrpc(status);
    return file;
  }
  void UploadCity(const std::string& job) {
    ASSERT_THAT(Upload(job, "units", ReadTestData("kota-dumai/hierarki-unor.csv")),
                testing::IsOk());
    ASSERT_THAT(Upload(job, "employees", ReadTestData("kota-dumai/export-data-asn.csv")),
                testing::IsOk());
    ASSERT_THAT(Upload(job, "assignments", ReadTestData("kota-dumai/penugasan.csv")),
                testing::IsOk());
  }

  absl::StatusOr<google::longrunning::Operation> Start(const std::string& job) {
    v1::RunImportJobRequest request;
    request.set_name(job);
    return Call<v1::ImportJobs>(kAdmin, &v1::ImportJobs::StubInterface::RunImportJob, request);
  }
  // The job at the end of the operation; the operation's error where it failed.
  absl::StatusOr<v1::ImportJob> End(const absl::StatusOr<google::longrunning::Operation>& started) {
    if (!started.ok()) return started.status();
    const std::string id = started->name().substr(started->name().rfind('/') + 1);
    std::optional<operations::Seen> seen;
    const auto ended = [&] {
      EXPECT_THAT(database().Read(testing::TestCall(),
                                  [&](postgres::Transaction& tx) {
                                    seen = operations::OperationStore(tx, "identity").Find(id);
                                    return absl::OkStatus();
                                  }),
                  testing::IsOk());
      return seen && seen->operation.done();
    };
    if (!testing::Eventually(ended, absl::Minutes(1)))
      return absl::DeadlineExceededError("the operation did not end");
    if (seen->operation.has_error()) return errors::FromRpc(seen->operation.error());
    v1::ImportJob job;
    seen->operation.response().UnpackTo(&job);
    return job;
  }
  absl::StatusOr<v1::ImportJob> Run(const std::string& job) { return End(Start(job)); }
  absl::StatusOr<v1::ImportJob> Validate(const std::string& job) {
    v1::ValidateImportJobRequest request;
    request.set_name(job);
    return End(
        Call<v1::ImportJobs>(kAdmin, &v1::ImportJobs::StubInterface::ValidateImportJob, request));
  }
  absl::StatusOr<v1::ImportJob> RollBack(const std::string& job) {
    v1::RollBackImportJobRequest request;
    request.set_name(job);
    return End(
        Call<v1::ImportJobs>(kAdmin, &v1::ImportJobs::StubInterface::RollBackImportJob, request));
  }
  std::vector<v1::ImportRowResult> Results(const std::string& job) {
    std::vector<v1::ImportRowResult> results;
    v1::ListImportRowResultsRequest request;
    request.set_parent(job);
    do {
      const auto page = Call<v1::ImportJobs>(
          kAdmin, &v1::ImportJobs::StubInterface::ListImportRowResults, request);
      EXPECT_THAT(page, testing::IsOk());
      results.insert(results.end(), page->row_results().begin(), page->row_results().end());
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    return results;
  }
  std::string Download(const std::string& job, const std::string& kind) {
    grpc::ClientContext context;
    host_.Prepare(context, kAdmin);
    v1::DownloadImportRowResultsRequest request;
    request.set_parent(job);
    request.set_kind(kind);
    auto client = host_.Client<v1::ImportJobs>();
    auto reader = client.stub().DownloadImportRowResults(&context, request);
    std::string text;
    google::api::HttpBody body;
    while (reader->Read(&body)) text += body.data();
    const grpc::Status status = reader->Finish();
    EXPECT_TRUE(status.ok()) << status.error_message();
    return text;
  }
  std::string Count(const std::string& table) { return Query("SELECT count(*) FROM " + table)[0]; }

  std::unique_ptr<operations::Worker> worker_;
};

}  // namespace teraju::identity
