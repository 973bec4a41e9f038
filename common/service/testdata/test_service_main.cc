// A service with nothing of its own, for the tests of a process's life.
#include <filesystem>

#include "common/auth/token_signer.h"
#include "common/service/run.h"
#include "test_service_migrations.h"

int main(int argc, char** argv) {
  return teraju::service::Run(
      argc, argv, "test", teraju::test_service::kMigrations, [](teraju::service::Host& host) {
        host.settings().Integer("OWN_SETTING", 1, 1, 9);
        // The keys come as soon as the file is there.
        host.SetKeys(
            [file = host.settings().Text("KEYS_AFTER", "/")]() -> absl::StatusOr<std::string> {
              static const auto* signer =
                  new teraju::auth::TokenSigner(teraju::auth::TokenSigner::Generate());
              if (!std::filesystem::exists(file)) return absl::UnavailableError("not yet");
              return teraju::auth::MakeKeySetDocument({signer});
            });
        host.SetAccess([](const teraju::auth::AccessVersion&) {
          teraju::auth::AccessUpdate update;
          update.lease = absl::Seconds(5);
          return update;
        });
        host.SetOwnToken([]() -> absl::StatusOr<teraju::rpc::ServiceToken::Token> {
          return absl::UnavailableError("none");
        });
      });
}
