// One call: who, when, until when, with which permission. Made by the pipeline, passed down by
// reference.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/auth/authorizer.h"
#include "common/auth/principal.h"

namespace teraju::auth {

class CallContext {
 public:
  struct Fields {
    Principal principal;
    std::string token;       // as received, forwarded to peers; never logged
    std::string method;      // `teraju.evaluation.v1.Cycles/CloseCycle`
    std::string permission;  // empty for public methods
    std::string call_id;     // for logs and errors (x-request-id)
    std::string traceparent;
    std::string locale = "id";
    std::string source;  // where the client is, for public methods only; never logged or stored
    absl::Time time;     // taken once, when the call began
    absl::Time deadline = absl::InfiniteFuture();
    std::string on_behalf_of;  // for whom a service works without being called; empty in calls
    std::string request_id;    // idempotency key, empty without one
    std::string request_hash;  // SHA-256 of the canonical request without its request_id
    bool validate_only = false;
    std::function<bool()> cancelled;
  };

  CallContext(Fields fields, const Authorizer& authorizer)
      : fields_(std::move(fields)), authorizer_(authorizer) {}
  CallContext(const CallContext&) = delete;
  CallContext& operator=(const CallContext&) = delete;

  const Principal& principal() const { return fields_.principal; }
  const std::string& token() const { return fields_.token; }
  const std::string& method() const { return fields_.method; }
  const std::string& permission() const { return fields_.permission; }
  const std::string& call_id() const { return fields_.call_id; }
  const std::string& traceparent() const { return fields_.traceparent; }
  const std::string& locale() const { return fields_.locale; }
  const std::string& source() const { return fields_.source; }
  absl::Time time() const { return fields_.time; }
  absl::Time deadline() const { return fields_.deadline; }
  // Who enters what this call enters: the caller, also where he speaks for another.
  const std::string& actor() const {
    return principal().acting.empty() ? principal().subject : principal().acting;
  }
  // For whom, if not for himself: the person he speaks for.
  const std::string& on_behalf_of() const {
    return principal().acting.empty() ? fields_.on_behalf_of : principal().subject;
  }
  const std::string& request_id() const { return fields_.request_id; }
  const std::string& request_hash() const { return fields_.request_hash; }
  bool validate_only() const { return fields_.validate_only; }
  // Whether nobody waits for the answer any more. Work that takes long asks now and then.
  bool cancelled() const { return fields_.cancelled && fields_.cancelled(); }

  // Every handler of a method with a permission asks this about the object it works on, before it
  // validates (AIP-211). PERMISSION_DENIED in the same words whether out of reach or absent. A
  // handler that answers without having asked is stopped by the pipeline.
  // Who speaks for another changes nothing that is about himself, and nothing in the other's name
  // that he decides on as appraiser or rater: PERMISSION_DENIED (DUTIES_SEPARATED).
  absl::Status Authorize(const Object& object) const;
  // The same question with another permission of the table.
  absl::Status Authorize(std::string_view permission, const Object& object) const;
  bool Allowed(std::string_view permission, const Object& object) const;
  // For lists: what the caller may see. PERMISSION_DENIED when nothing.
  absl::StatusOr<Scope> AuthorizeList(const AgencyId& agency, std::string_view resource) const;
  // The same question with another permission of the table.
  absl::StatusOr<Scope> AuthorizeList(std::string_view permission,
                                      const AgencyId& agency,
                                      std::string_view resource) const;
  // For methods about no object (the caller's own session): says so explicitly.
  void AuthorizedByToken() const { asked_ = true; }

  bool asked() const { return asked_; }

 private:
  Fields fields_;
  const Authorizer& authorizer_;
  mutable std::atomic<bool> asked_ = false;
};

}  // namespace teraju::auth

namespace teraju {
using auth::CallContext;
}  // namespace teraju
