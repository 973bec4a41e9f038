// What every service takes from identity over gRPC: keys, role bindings, its own token.
#pragma once

#include <string>

#include "common/auth/bindings_follower.h"
#include "common/auth/jwks_source.h"
#include "common/logging/secret.h"
#include "common/rpc/channel.h"
#include "common/rpc/client_call.h"
#include "common/rpc/service_token.h"
#include "common/time/clock.h"

namespace teraju::service {

// The key set of teraju.identity.v1.OAuth/GetJwks.
auth::JwksSource::Fetch KeysFromIdentity(const rpc::Channel& identity);

// All bindings of the installation, page by page.
auth::BindingsFollower::Source BindingsFromIdentity(const rpc::Channel& identity,
                                                    rpc::TokenSource own_token);

// A token for this service by client credentials (RFC 6749, section 4.4).
rpc::ServiceToken::Fetch TokenFromIdentity(const rpc::Channel& identity,
                                           std::string client_id,
                                           logging::Secret secret,
                                           const time::Clock& clock);

}  // namespace teraju::service
