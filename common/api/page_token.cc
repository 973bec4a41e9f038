#include "common/api/page_token.h"

#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <optional>

#include "absl/strings/escaping.h"
#include "common/errors/error.h"
#include "common/errors/field_violations.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"

namespace teraju::api {
namespace {

using google::protobuf::Message;
using google::protobuf::io::CodedInputStream;
using google::protobuf::io::CodedOutputStream;

constexpr int kHashBytes = 8;

// Deterministic within one build; a token that outlives a release starts again from the first page.
std::string HashOfQuery(const Message& request) {
  const std::unique_ptr<Message> query(request.New());
  query->CopyFrom(request);
  for (const char* name : {"page_size", "page_token"}) {
    const auto* field = query->GetDescriptor()->FindFieldByName(name);
    if (field != nullptr) query->GetReflection()->ClearField(query.get(), field);
  }
  std::string bytes = query->GetDescriptor()->full_name() + '\0';
  {
    google::protobuf::io::StringOutputStream stream(&bytes);
    CodedOutputStream coded(&stream);
    coded.SetSerializationDeterministic(true);
    query->SerializeToCodedStream(&coded);
  }
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest;
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest.data());
  return {reinterpret_cast<const char*>(digest.data()), kHashBytes};
}

std::string TokenOf(const Message& request) {
  const auto* field = request.GetDescriptor()->FindFieldByName("page_token");
  return field == nullptr ? std::string() : request.GetReflection()->GetString(request, field);
}

// Length-prefixed texts behind the hash.
std::optional<std::vector<std::string>> Decode(const std::string& token, const std::string& hash) {
  std::string bytes;
  if (!absl::WebSafeBase64Unescape(token, &bytes) || absl::WebSafeBase64Escape(bytes) != token ||
      bytes.substr(0, kHashBytes) != hash) {
    return std::nullopt;
  }
  const int size = static_cast<int>(bytes.size()) - kHashBytes;
  CodedInputStream coded(reinterpret_cast<const std::uint8_t*>(bytes.data()) + kHashBytes, size);
  std::vector<std::string> key;
  while (coded.CurrentPosition() < size) {
    std::uint32_t length = 0;
    if (!coded.ReadVarint32(&length)) return std::nullopt;
    if (!coded.ReadString(&key.emplace_back(), static_cast<int>(length))) return std::nullopt;
  }
  return key;
}

}  // namespace

absl::StatusOr<int> PageSize(int requested, int fallback, int maximum) {
  if (requested < 0) {
    errors::FieldViolations violations;
    violations.Add("pageSize", "TOO_SMALL", "Tidak boleh negatif.", "Must not be negative.");
    return violations.ToStatus();
  }
  return requested == 0 ? fallback : std::min(requested, maximum);
}

absl::StatusOr<std::vector<std::string>> ParsePageToken(const Message& request) {
  const std::string token = TokenOf(request);
  if (token.empty()) return std::vector<std::string>();
  auto key = Decode(token, HashOfQuery(request));
  if (!key) {
    return errors::InvalidArgument(errors::reasons::PAGE_TOKEN_INVALID,
                                   "The page token was not issued for this query.");
  }
  return *std::move(key);
}

std::string MakePageToken(const Message& request, const std::vector<std::string>& last_key) {
  std::string bytes = HashOfQuery(request);
  {
    google::protobuf::io::StringOutputStream stream(&bytes);
    CodedOutputStream coded(&stream);
    for (const std::string& value : last_key) {
      coded.WriteVarint32(static_cast<std::uint32_t>(value.size()));
      coded.WriteString(value);
    }
  }
  return absl::WebSafeBase64Escape(bytes);
}

}  // namespace teraju::api
