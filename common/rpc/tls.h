// Mutual TLS between services: one certificate per service, own authority, files that are read
// again when they change.
#pragma once

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "grpcpp/security/credentials.h"
#include "grpcpp/security/server_credentials.h"

namespace teraju::rpc {

// PEM files. All three or none: without them the connection is plain.
struct TlsFiles {
  std::string certificate;  // chain, own certificate first, with a URI name
  std::string key;
  std::string authority;  // whose certificates are believed
  int reload_seconds = 10;

  bool enabled() const { return !certificate.empty(); }
};

// INVALID_ARGUMENT naming the file that cannot be read, or when some are given and others not.
absl::Status CheckTlsFiles(const TlsFiles& files);

// A client certificate is required and verified before any frame is read.
std::shared_ptr<grpc::ServerCredentials> MakeServerCredentials(const TlsFiles& files);
std::shared_ptr<grpc::ChannelCredentials> MakeChannelCredentials(const TlsFiles& files);

}  // namespace teraju::rpc
