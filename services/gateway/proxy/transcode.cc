#include "services/gateway/proxy/transcode.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "common/errors/error.h"
#include "common/errors/field_violations.h"
#include "common/errors/status_macros.h"
#include "google/api/httpbody.pb.h"
#include "google/protobuf/field_mask.pb.h"
#include "services/gateway/http/request_head.h"
#include "services/gateway/routing/uri.h"

namespace teraju::gateway {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

absl::Status Violation(std::string_view field,
                       std::string_view reason,
                       std::string_view text_id,
                       std::string_view text_en) {
  errors::FieldViolations violations;
  violations.Add(field, reason, text_id, text_en);
  return violations.ToStatus();
}

absl::Status BodyInvalid(std::string_view detail) {
  return errors::InvalidArgument(errors::reasons::BODY_INVALID,
                                 fmt::format("The body cannot be taken: {}.", detail))
      .With("detail", detail);
}

// Fills one request step by step.
class RequestMaker {
 public:
  RequestMaker(const json::Codec& codec,
               const Method& method,
               const RouteMatch& match,
               const HttpInput& input)
      : codec_(codec),
        method_(method),
        route_(*match.route),
        match_(match),
        input_(input),
        message_(method.request->prototype->New()) {}

  absl::StatusOr<std::unique_ptr<Message>> Run() {
    RETURN_IF_ERROR(ReadBody());
    RETURN_IF_ERROR(BindPath());
    RETURN_IF_ERROR(BindQuery());
    DeriveMask();
    RETURN_IF_ERROR(SetRequestId());
    return std::move(message_);
  }

 private:
  absl::Status ReadBody() {
    if (method_.upload()) return absl::OkStatus();  // its body follows in pieces
    if (route_.body.empty())
      return input_.body.empty() ? absl::OkStatus() : BodyInvalid("this route takes none");
    const FieldDescriptor* field =
        route_.body == "*" ? nullptr
                           : method_.descriptor->input_type()->FindFieldByName(route_.body);
    if (field != nullptr && field == method_.raw_request) {
      auto* raw = static_cast<google::api::HttpBody*>(
          message_->GetReflection()->MutableMessage(message_.get(), field));
      raw->set_content_type(std::string(input_.content_type));
      raw->set_data(std::string(input_.body));
      return absl::OkStatus();
    }
    if (input_.body.empty()) return absl::OkStatus();
    if (!IsJson(input_.content_type)) return BodyInvalid("Content-Type must be application/json");
    ASSIGN_OR_RETURN(document_, json::Document::Parse(input_.body));
    return field == nullptr ? codec_.Read(*document_.root(), *message_)
                            : codec_.ReadField(*document_.root(), field, *message_);
  }

  static bool IsJson(std::string_view content_type) {
    std::string_view type = content_type.substr(0, content_type.find(';'));
    while (!type.empty() && type.back() == ' ') type.remove_suffix(1);
    return http::EqualsIgnoreCase(type, "application/json") ||
           http::EqualsIgnoreCase(type, "application/merge-patch+json");
  }

  absl::Status BindPath() {
    for (const Binding& binding : match_.bindings) {
      const auto [parent, field] = Resolve(binding.field_path);
      if (field->type() == FieldDescriptor::TYPE_STRING) {
        const std::string said = parent->GetReflection()->GetString(*parent, field);
        if (!said.empty() && said != binding.value) {
          return Violation(
              binding.field_path,
              "PATH_DIFFERS",
              "Isian ini berbeda dari alamat permintaan. Hapus, atau samakan.",
              "This field differs from the path of the request. Remove it or make them equal.");
        }
      }
      RETURN_IF_ERROR(codec_.SetText(binding.field_path, binding.value, *message_));
    }
    return absl::OkStatus();
  }

  // The message that holds a field and the field; the path was checked when the route was made.
  std::pair<Message*, const FieldDescriptor*> Resolve(std::string_view path) {
    Message* parent = message_.get();
    const std::vector<std::string_view> names = Split(path, '.');
    for (std::size_t i = 0; i + 1 < names.size(); ++i) {
      const FieldDescriptor* field =
          parent->GetDescriptor()->FindFieldByName(std::string(names[i]));
      parent = parent->GetReflection()->MutableMessage(parent, field);
    }
    return {parent, parent->GetDescriptor()->FindFieldByName(std::string(names.back()))};
  }

  absl::Status BindQuery() {
    const auto query = ParseQuery(input_.query);
    if (!query) {
      return Violation("?",
                       "QUERY_MALFORMED",
                       "Bagian setelah ? tidak terbaca. Periksa penyandian persen.",
                       "What follows the ? cannot be read. Check its percent encoding.");
    }
    std::set<std::string, std::less<>> seen;
    for (const auto& [name, value] : *query) {
      const std::string proto_name = ProtoPath(name);
      if (BoundElsewhere(proto_name)) {
        return Violation(
            name,
            "NOT_A_PARAMETER",
            "Isian ini bukan parameter. Kirim di badan permintaan atau di alamat saja.",
            "This field is no parameter here. Send it in the body or in the path only.");
      }
      if (!seen.insert(proto_name).second && !IsRepeated(proto_name)) {
        return Violation(name,
                         "FIELD_TWICE",
                         "Parameter ini ditulis dua kali. Tulis sekali saja.",
                         "This parameter is given twice. Give it once.");
      }
      RETURN_IF_ERROR(codec_.SetText(name, value, *message_));
    }
    return absl::OkStatus();
  }

  // The proto names of a path given in JSON names; as it is where it is unknown.
  std::string ProtoPath(std::string_view path) const {
    const json::MessagePlan* plan = method_.request;
    std::string out;
    for (const std::string_view name : Split(path, '.')) {
      const json::FieldPlan* field = plan == nullptr ? nullptr : plan->Find(name);
      if (!out.empty()) out.push_back('.');
      out += field == nullptr ? std::string(name) : field->field->name();
      plan = field == nullptr ? nullptr : field->message;
    }
    return out;
  }

  bool IsRepeated(std::string_view path) const {
    const google::protobuf::Descriptor* type = method_.descriptor->input_type();
    const FieldDescriptor* field = nullptr;
    for (const std::string_view name : Split(path, '.')) {
      field = type == nullptr ? nullptr : type->FindFieldByName(std::string(name));
      type = field == nullptr ? nullptr : field->message_type();
    }
    return field != nullptr && field->is_repeated();
  }

  bool BoundElsewhere(std::string_view path) const {
    if (route_.body == "*") return true;
    if (!route_.body.empty() && (path == route_.body || path.starts_with(route_.body + ".")))
      return true;
    return std::any_of(match_.bindings.begin(), match_.bindings.end(), [&](const Binding& binding) {
      return path == binding.field_path;
    });
  }

  void DeriveMask() {
    if (route_.http_method != "PATCH" || method_.update_mask == nullptr || input_.body.empty())
      return;
    const google::protobuf::Reflection* reflection = message_->GetReflection();
    if (reflection->HasField(*message_, method_.update_mask)) return;
    const FieldDescriptor* field = method_.descriptor->input_type()->FindFieldByName(route_.body);
    if (field == nullptr || field->message_type() == nullptr) return;
    auto* mask = static_cast<google::protobuf::FieldMask*>(
        reflection->MutableMessage(message_.get(), method_.update_mask));
    for (std::string& path : codec_.PathsOf(*document_.root(), field->message_type())) {
      // Which resource, and which state of it: not what to change.
      if (path != "name" && path != "etag") mask->add_paths(std::move(path));
    }
    if (mask->paths_size() == 0) reflection->ClearField(message_.get(), method_.update_mask);
  }

  absl::Status SetRequestId() {
    std::string_view key = input_.idempotency_key;
    if (key.empty() || method_.request_id == nullptr) return absl::OkStatus();
    if (key.size() >= 2 && key.front() == '"' && key.back() == '"')
      key = key.substr(1, key.size() - 2);
    const google::protobuf::Reflection* reflection = message_->GetReflection();
    const std::string said = reflection->GetString(*message_, method_.request_id);
    if (!said.empty() && said != key) {
      return Violation("requestId",
                       "HEADER_DIFFERS",
                       "requestId berbeda dari Idempotency-Key. Kirim satu saja.",
                       "requestId differs from the header Idempotency-Key. Send only one of them.");
    }
    reflection->SetString(message_.get(), method_.request_id, std::string(key));
    return absl::OkStatus();
  }

  const json::Codec& codec_;
  const Method& method_;
  const Route& route_;
  const RouteMatch& match_;
  const HttpInput& input_;
  std::unique_ptr<Message> message_;
  json::Document document_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Message>> MakeRequest(const json::Codec& codec,
                                                     const Method& method,
                                                     const RouteMatch& match,
                                                     const HttpInput& input) {
  return RequestMaker(codec, method, match, input).Run();
}

absl::StatusOr<http::Response> MakeResponse(const json::Codec& codec,
                                            const Method& method,
                                            const Message& message) {
  http::Response response;
  if (method.raw_response) {
    const auto& raw = static_cast<const google::api::HttpBody&>(message);
    response.headers.emplace_back("Content-Type", SafeContentType(raw.content_type()));
    response.body = raw.data();
  } else {
    ASSIGN_OR_RETURN(response.body, codec.Print(message));
    response.headers.emplace_back("Content-Type", "application/json");
  }
  const bool cacheable = method.read_only && method.rule.access == rpc::MethodRule::Access::kPublic;
  response.headers.emplace_back("Cache-Control", cacheable ? "public, max-age=60" : "no-store");
  return response;
}

std::string SafeContentType(std::string_view content_type) {
  const bool safe = !content_type.empty() && content_type.size() <= 200 &&
                    std::all_of(content_type.begin(), content_type.end(), [](char c) {
                      return c >= 0x20 && c < 0x7f;
                    });
  return safe ? std::string(content_type) : "application/octet-stream";
}

}  // namespace teraju::gateway
