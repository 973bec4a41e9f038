#include "services/identity/api/installation.h"

#include "common/errors/status_macros.h"
#include "common/service/identity_source.h"
#include "services/identity/api/access_feed_service.h"
#include "services/identity/api/mandates_service.h"
#include "services/identity/api/role_bindings_service.h"

namespace teraju::identity {
namespace {

constexpr absl::Duration kTimeout = absl::Seconds(2);
constexpr char kSubject[] = "services/identity";

// Shorter leads are for tests: verifiers read the keys every five minutes.
domain::KeySchedule ScheduleOf(service::Settings& settings) {
  domain::KeySchedule schedule = kKeySchedule;
  schedule.lead = settings.Seconds("SIGNING_KEY_LEAD_SECONDS", 600, 1, 86'400);
  schedule.age = absl::Hours(24) * settings.Integer("SIGNING_KEY_DAYS", 90, 1, 3650);
  return schedule;
}

}  // namespace

Installation::Installation(service::Host& host)
    : hasher_(host.settings().Integer("PASSWORD_HASHES", 2, 1, 64)),
      issuer_(host.settings().RequiredText("TOKEN_ISSUER"),
              host.database(),
              ScheduleOf(host.settings())),
      bootstrap_(host.settings().RequiredText("BOOTSTRAP_FILE"), hasher_, host.logger()) {
  auto secrets = ReadServiceSecrets(host.settings().Text("SERVICE_SECRETS_FILE", ""));
  if (secrets.ok()) {
    secrets_ = *std::move(secrets);
  } else {
    host.settings().Fault("SERVICE_SECRETS_FILE", std::string(secrets.status().message()));
  }
  auto providers = ReadOidcSettings(host.settings().Text("SIGN_IN_PROVIDERS_FILE", ""));
  if (providers.ok()) {
    providers_ = *std::move(providers);
  } else {
    host.settings().Fault("SIGN_IN_PROVIDERS_FILE", std::string(providers.status().message()));
  }
  host.SetKeys([this, &host] { return issuer_.KeySet(host.OwnCall("identity.keys", kTimeout)); });
  host.SetAccess([this, &host, follower = NewUuid4()](
                     const auth::AccessVersion& known) -> absl::StatusOr<auth::AccessUpdate> {
    const CallContext call = host.OwnCall("identity.access", kTimeout);
    RETURN_IF_ERROR(bootstrap_.Ensure(host.database(), call));
    ASSIGN_OR_RETURN(const v1::FollowAccessResponse news,
                     FollowAccess(host.database(), call, follower, known.changes));
    auth::AccessUpdate update = service::ToAccessUpdate(news);
    if (update.version.bindings != known.bindings) {
      ASSIGN_OR_RETURN(update.bindings, ReadAllBindings(host.database(), call));
      ASSIGN_OR_RETURN(update.mandates, ReadAllMandates(host.database(), call));
    }
    return update;
  });
  host.SetOwnToken([this, &host]() -> absl::StatusOr<rpc::ServiceToken::Token> {
    const CallContext call = host.OwnCall("identity.token", kTimeout);
    auth::Principal principal;
    principal.subject = kSubject;
    principal.client = kSubject;
    ASSIGN_OR_RETURN(std::string token, issuer_.Issue(call, principal));
    return rpc::ServiceToken::Token{std::move(token), call.time() + kAccessTokenLife};
  });
}

}  // namespace teraju::identity
