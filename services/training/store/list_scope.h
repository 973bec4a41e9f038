// What a caller may see of rows about persons, as parameters of a statement.
#pragma once

#include <string>

#include "common/auth/authorizer.h"
#include "common/auth/call_context.h"
#include "common/postgres/codec.h"

namespace teraju::training {

// The condition `agency OR employee = self OR appraiser = appraiser OR unit_path && units`. Rows
// name persons in full, tokens by what follows the agency.
struct ListScope {
  ListScope(const auth::Scope& scope, const AgencyId& agency_id, const CallContext& call)
      : agency(scope.agency), units(postgres::ToArray(scope.units)) {
    const std::string me = "agencies/" + agency_id.value() + "/" + call.principal().subject;
    if (scope.self) self = me;
    if (scope.appraiser) appraiser = me;
  }

  bool agency;
  std::string self;
  std::string appraiser;
  std::string units;
};

}  // namespace teraju::training
