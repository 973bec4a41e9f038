// What every service takes from identity over gRPC: keys, role bindings, its own token.
#pragma once

#include <string>

#include "common/auth/access_follower.h"
#include "common/auth/jwks_source.h"
#include "common/logging/secret.h"
#include "common/rpc/channel.h"
#include "common/rpc/client_call.h"
#include "common/rpc/service_token.h"
#include "common/time/clock.h"

namespace teraju::identity::v1 {
class Mandate;
class FollowAccessResponse;
}  // namespace teraju::identity::v1

namespace teraju::service {

// The key set of teraju.identity.v1.OAuth/GetJwks.
auth::JwksSource::Fetch KeysFromIdentity(const rpc::Channel& identity);

// The feed of roles and revocations, for this process as one follower; role bindings of the whole
// installation, page by page, when they have changed.
auth::AccessFollower::Source AccessFromIdentity(const rpc::Channel& identity,
                                                rpc::TokenSource own_token);

// What an answer of the feed means, without role bindings.
auth::AccessUpdate ToAccessUpdate(const identity::v1::FollowAccessResponse& news);

// As a replica keeps it.
auth::Mandate ToMandate(const identity::v1::Mandate& mandate);

// A token for this service by client credentials (RFC 6749, section 4.4).
rpc::ServiceToken::Fetch TokenFromIdentity(const rpc::Channel& identity,
                                           std::string client_id,
                                           logging::Secret secret,
                                           const time::Clock& clock);

}  // namespace teraju::service
