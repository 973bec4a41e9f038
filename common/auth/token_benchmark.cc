// What a bearer token adds to a call: one that was seen before, one that is new, and the question
// of permission behind it.
#include <benchmark/benchmark.h>

#include "common/auth/authorizer.h"
#include "common/auth/token_signer.h"
#include "common/auth/token_verifier.h"

namespace teraju::auth {
namespace {

constexpr char kIssuer[] = "https://identity.teraju";

struct Fixture {
  const TokenSigner signer = TokenSigner::Generate();
  FixedKeys keys{*ParseKeySet(MakeKeySetDocument({&signer}))};
  const time::SystemClock clock{};
  const TokenVerifier verifier{{.issuer = kIssuer}, keys, clock};
  const Principal person{.subject = "employees/0191d6a0-0000-7000-8000-000000000001",
                         .agency = AgencyId("kota-dumai"),
                         .session = "0191d6a0-0000-7000-8000-000000000002"};

  std::string Token(int number) const {
    const absl::Time now = clock.Now();
    return signer.Sign({.issuer = kIssuer,
                        .principal = person,
                        .issue_time = now,
                        .expire_time = now + absl::Minutes(10),
                        .token_id = std::to_string(number)});
  }
};

void TokenSeenBefore(benchmark::State& state) {
  const Fixture fixture;
  const std::string token = fixture.Token(0);
  for (auto _ : state) {
    if (!fixture.verifier.Verify(token).ok()) state.SkipWithError("refused");
  }
}
BENCHMARK(TokenSeenBefore);

void TokenNew(benchmark::State& state) {
  const Fixture fixture;
  std::vector<std::string> tokens;
  for (int i = 0; i < 20000; ++i) tokens.push_back(fixture.Token(i));
  std::size_t next = 0;
  for (auto _ : state) {
    if (!fixture.verifier.Verify(tokens[next++]).ok()) state.SkipWithError("refused");
  }
}
// Each token once.
BENCHMARK(TokenNew)->Iterations(20000);

// Two bindings, a thousand sessions that have ended, a unit six levels down.
void PermissionBehindIt(benchmark::State& state) {
  const Fixture fixture;
  InMemoryBindings bindings(fixture.clock);
  std::vector<Revocation> ended;
  for (int i = 0; i < 1000; ++i)
    ended.push_back({.key = SessionKey(std::to_string(i)), .expire_time = absl::InfiniteFuture()});
  bindings.Revoke(ended, fixture.clock.Now());
  bindings.HoldUntil(absl::InfiniteFuture());
  bindings.Replace(
      {{fixture.person.agency, fixture.person.subject, "unit_hr", "health"},
       {fixture.person.agency, fixture.person.subject, "appraisal_team", "education"}});
  const Authorizer authorizer(PermissionTable::Default(), bindings);
  const Object object{.agency = fixture.person.agency,
                      .unit_path = {"a", "b", "c", "d", "health", "city"},
                      .person = "employees/somebody"};
  for (auto _ : state) {
    const bool allowed = authorizer.fresh() && !authorizer.Revoked(fixture.person) &&
                         authorizer.Allowed(fixture.person, "evaluation.workPlans.get", object);
    if (!allowed) state.SkipWithError("refused");
  }
}
BENCHMARK(PermissionBehindIt);

}  // namespace
}  // namespace teraju::auth

BENCHMARK_MAIN();
