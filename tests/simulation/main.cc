// Carries a city through its appraisal year as clients of the public REST API would: HR office,
// everybody in it, the mayor, raters and citizens, each with an own token. Seeded; knows no
// database.
//
//   teraju-simulation --city DIR --operator FILE [--agency ID] [--host H] [--port P] [--units N]
//   [--seed S] [--report FILE]
#include <cstdio>
#include <cstring>
#include <fstream>

#include "tests/simulation/world.h"

namespace {

int Usage(const char* message) {
  std::fprintf(stderr,
               "teraju-simulation: %s\nusage: teraju-simulation --city DIR --operator FILE "
               "[--agency ID] [--host HOST] "
               "[--port PORT] [--units N] [--seed N] [--report FILE]\n",
               message);
  return 2;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace teraju::simulation;  // NOLINT(google-build-using-namespace): it is all about it
  Options options;
  std::string agency;
  for (int i = 1; i < argc; i += 2) {
    const std::string flag = argv[i];
    if (i + 1 == argc) return Usage((flag + " needs a value").c_str());
    const std::string value = argv[i + 1];
    if (flag == "--city") {
      options.city = value;
    } else if (flag == "--operator") {
      options.operator_file = value;
    } else if (flag == "--agency") {
      agency = value;
    } else if (flag == "--host") {
      options.host = value;
    } else if (flag == "--port") {
      options.port = value;
    } else if (flag == "--units") {
      options.units = std::atoi(value.c_str());
    } else if (flag == "--seed") {
      options.seed = static_cast<std::uint32_t>(std::strtoul(value.c_str(), nullptr, 10));
    } else if (flag == "--report") {
      options.report = value;
    } else {
      return Usage(("unknown option " + flag).c_str());
    }
  }
  if (options.city.empty() || options.operator_file.empty())
    return Usage("--city and --operator are needed");
  while (options.city.ends_with('/')) options.city.pop_back();
  if (agency.empty()) agency = options.city.substr(options.city.rfind('/') + 1);

  World world(options);
  world.agency = "agencies/" + agency;
  world.agency_name = agency;
  try {
    EnterCity(world);
    SetGoals(world);
    OpenYear(world);
    SignEverybodyIn(world);
    AgreePlans(world);
    LiveQuarters(world);
    GatherFeedback(world);
    AskCitizens(world);
    AssessCompetencies(world);
    CloseYear(world);
    PlanTraining(world);
    PairMentors(world);
    FollowUp(world);
    const std::string page = ClosingPage(world);
    std::fputs(page.c_str(), stdout);
    if (!options.report.empty()) std::ofstream(options.report) << page;
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "\nteraju-simulation: %s\n", failure.what());
    return 1;
  }
  return 0;
}
