#include "services/evaluation/api/evidence_files_service.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "common/api/strong_id.h"
#include "common/errors/error.h"
#include "common/errors/field_violations.h"
#include "common/errors/status_macros.h"
#include "services/evaluation/api/access.h"
#include "services/evaluation/api/evidence_spool.h"
#include "services/evaluation/api/paging.h"
#include "services/evaluation/domain/evidence.h"
#include "services/evaluation/domain/work_plan.h"
#include "services/evaluation/store/evidence_store.h"
#include "teraju/evaluation/v1/error_reason.pb.h"

namespace teraju::evaluation {
namespace {

absl::StatusOr<EvidenceSpool> Spool(rpc::Source& source) {
  ASSIGN_OR_RETURN(EvidenceSpool spool, EvidenceSpool::Make());
  for (;;) {
    ASSIGN_OR_RETURN(const std::optional<std::string> chunk, source.Next());
    if (!chunk.has_value()) return spool;
    RETURN_IF_ERROR(spool.Add(*chunk));
  }
}

}  // namespace

grpc::ServerUnaryReactor* EvidenceFilesService::ListEvidence(grpc::CallbackServerContext* context,
                                                             const v1::ListEvidenceRequest* request,
                                                             v1::ListEvidenceResponse* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::ListEvidenceResponse> {
        ASSIGN_OR_RETURN(const Key key, ParseKey(kWorkPlanName, request->parent(), "parent"));
        RETURN_IF_ERROR(AuthorizePlan(database_, call, key).status());
        ASSIGN_OR_RETURN(const PageQuery page, PageOf(*request));
        using Files = std::vector<v1::Evidence>;
        ASSIGN_OR_RETURN(
            Files files,
            database_.Read(call, [&](postgres::Transaction& tx) -> absl::StatusOr<Files> {
              return EvidenceStore(tx).List(key, page);
            }));
        v1::ListEvidenceResponse reply;
        reply.set_next_page_token(
            FillPage(*request, page, std::move(files), *reply.mutable_evidence()));
        return reply;
      });
}

absl::StatusOr<v1::Evidence> EvidenceFilesService::Receive(const CallContext& call,
                                                           const v1::UploadEvidenceRequest& first,
                                                           rpc::Source& source) {
  ASSIGN_OR_RETURN(const Key key, ParseKey(kWorkPlanName, first.parent(), "parent"));
  ASSIGN_OR_RETURN(const v1::WorkPlan plan, AuthorizePlan(database_, call, key));
  if (!first.item_id().empty() && domain::FindItem(plan, first.item_id()) == nullptr) {
    return errors::InvalidArgument(v1::ITEM_UNKNOWN, "The plan has no such item.")
        .With("item", first.item_id());
  }
  RETURN_IF_ERROR(domain::CheckMediaType(first.body().content_type()));
  ASSIGN_OR_RETURN(EvidenceSpool spool, Spool(source));
  RETURN_IF_ERROR(domain::CheckContent(
      first.body().content_type(), spool.head(), spool.binary(), spool.size()));
  ASSIGN_OR_RETURN(const std::string sha256, spool.Finish());
  v1::Evidence evidence;
  evidence.set_item_id(first.item_id());
  evidence.set_media_type(domain::BareMediaType(first.body().content_type()));
  evidence.set_size_bytes(spool.size());
  evidence.set_sha256(absl::BytesToHexString(sha256));
  return database_.Write(call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::Evidence> {
    RETURN_IF_ERROR(spool.Rewind());
    RETURN_IF_ERROR(EvidenceContents(tx).Put(
        key.agency, sha256, spool.size(), [&] { return spool.Read(kEvidenceBlock); }));
    const v1::Evidence stored = EvidenceStore(tx).Insert(
        {key.agency, key.id, NewUuid7(call.time())}, evidence, IdOf(plan.cycle()));
    RecordChange(tx, stored.name(), "evidence.uploaded");
    return stored;
  });
}

grpc::ServerReadReactor<v1::UploadEvidenceRequest>* EvidenceFilesService::UploadEvidence(
    grpc::CallbackServerContext* context, v1::Evidence* response) {
  return pipeline_.Upload<v1::UploadEvidenceRequest>(
      context,
      response,
      [this](const CallContext& call, const v1::UploadEvidenceRequest& first, rpc::Source& source) {
        return Receive(call, first, source);
      });
}

absl::Status EvidenceFilesService::Send(const CallContext& call,
                                        const std::string& name,
                                        const rpc::Sink& sink) {
  ASSIGN_OR_RETURN(const PlanChildKey key, ParsePlanChild(kEvidenceName, name, "name"));
  RETURN_IF_ERROR(AuthorizePlan(database_, call, key.plan_key()).status());
  ASSIGN_OR_RETURN(
      const std::optional<v1::Evidence> evidence,
      database_.Read(call,
                     [&](postgres::Transaction& tx) -> absl::StatusOr<std::optional<v1::Evidence>> {
                       return EvidenceStore(tx).Find(key);
                     }));
  if (!evidence.has_value()) return errors::ResourceNotFound(name);
  const std::string sha256 = absl::HexStringToBytes(evidence->sha256());
  for (int number = 0;; ++number) {
    // A connection is held for one block at a time, not while the client takes it.
    ASSIGN_OR_RETURN(
        std::optional<std::string> block,
        database_.Read(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<std::optional<std::string>> {
              return EvidenceContents(tx).Get(key.agency, sha256, number);
            }));
    if (!block.has_value()) return absl::OkStatus();
    google::api::HttpBody chunk;
    chunk.set_content_type(evidence->media_type());
    chunk.set_data(*std::move(block));
    if (!sink(std::move(chunk))) return absl::CancelledError("The client is gone.");
  }
}

grpc::ServerWriteReactor<google::api::HttpBody>* EvidenceFilesService::DownloadEvidence(
    grpc::CallbackServerContext* context, const v1::DownloadEvidenceRequest* request) {
  return pipeline_.Download(
      context, request, [this, request](const CallContext& call, const rpc::Sink& sink) {
        return Send(call, request->name(), sink);
      });
}

}  // namespace teraju::evaluation
