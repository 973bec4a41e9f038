// The OpenAPI 3.1 description of all routes, made from the descriptors that serve them.
#pragma once

#include <string>

#include "services/gateway/openapi/contract.h"
#include "services/gateway/proxy/method.h"
#include "services/gateway/routing/route_table.h"

namespace teraju::gateway {

// One path per concrete pattern: `/v1/{name=agencies/*/cycles/*}` becomes
// `/v1/agencies/{agency}/cycles/{cycle}`, since a resource name as one parameter would make
// templates collide. Fails where two routes still do.
absl::StatusOr<std::string> MakeOpenApi(const Contract& contract,
                                        const RouteTable& routes,
                                        const Methods& methods,
                                        const std::string& version);

// The path of a route as OpenAPI writes it.
std::string ConcretePath(const Route& route);

}  // namespace teraju::gateway
