// The change feed of another service, for FeedConsumer.
#pragma once

#include <string>

#include "common/auth/authorizer.h"
#include "common/postgres/feed_consumer.h"
#include "common/rpc/channel.h"
#include "common/rpc/client_call.h"

namespace teraju::changes {

// Asks `peer` (`identity`) through `channel`, as this service. The channel and the authorizer must
// outlive it.
postgres::FeedSource FollowPeer(const std::string& peer,
                                const rpc::Channel& channel,
                                rpc::TokenSource own_token,
                                const auth::Authorizer& authorizer);

}  // namespace teraju::changes
