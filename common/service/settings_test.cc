#include "common/service/settings.h"

#include <filesystem>
#include <fstream>

#include "common/errors/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace teraju::service {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(Settings, TellsOfEveryFaultAtOnceAndOfNamesThatNobodyReads) {
  Settings settings("evaluation",
                    {{"TERAJU_EVALUATION_PORT", "seventy"},
                     {"TERAJU_EVALUATION_PROT", "7000"},
                     {"TERAJU_EVALUATION_REFLECT", "yes"},
                     {"TERAJU_IDENTITY_PROT", "of another service"},
                     {"HOME", "/"}});
  EXPECT_EQ(settings.Integer("PORT", 50051, 0, 65535), 50051);
  EXPECT_FALSE(settings.Switch("REFLECT", false));
  settings.RequiredText("TOKEN_ISSUER");
  const absl::Status faults = settings.Check();
  EXPECT_EQ(faults.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(faults.message()),
              AllOf(HasSubstr("TERAJU_EVALUATION_PORT must be a whole number from 0 to 65535"),
                    HasSubstr("TERAJU_EVALUATION_REFLECT must be on or off"),
                    HasSubstr("TERAJU_EVALUATION_TOKEN_ISSUER is required"),
                    HasSubstr("TERAJU_EVALUATION_PROT"),
                    Not(HasSubstr("TERAJU_IDENTITY_PROT"))));
}

TEST(Settings, AreRightWhenEveryNameHasBeenRead) {
  Settings settings("evaluation",
                    {{"TERAJU_EVALUATION_PORT", "7000"}, {"TERAJU_EVALUATION_DRAIN_SECONDS", ""}});
  EXPECT_EQ(settings.Integer("PORT", 50051, 0, 65535), 7000);
  EXPECT_EQ(settings.Seconds("DRAIN_SECONDS", 8, 1, 600), absl::Seconds(8));
  EXPECT_TRUE(settings.Check().ok()) << settings.Check();
}

TEST(Settings, ReadASecretFromAFileAndRefuseToGuessBetweenTwo) {
  const std::string file = (std::filesystem::path(::testing::TempDir()) / "secret").string();
  std::ofstream(file) << "kata sandi\nsecond line\n";
  Settings one("evaluation", {{"TERAJU_EVALUATION_CLIENT_SECRET_FILE", file}});
  EXPECT_EQ(one.RequiredSecret("CLIENT_SECRET").Reveal(), "kata sandi");
  EXPECT_TRUE(one.Check().ok()) << one.Check();

  Settings both("evaluation",
                {{"TERAJU_EVALUATION_CLIENT_SECRET_FILE", file},
                 {"TERAJU_EVALUATION_CLIENT_SECRET", "other"}});
  both.RequiredSecret("CLIENT_SECRET");
  EXPECT_THAT(std::string(both.Check().message()),
              AllOf(HasSubstr("CLIENT_SECRET_FILE"), Not(HasSubstr("other"))));

  Settings none("evaluation", {{"TERAJU_EVALUATION_CLIENT_SECRET_FILE", file + "-absent"}});
  none.RequiredSecret("CLIENT_SECRET");
  EXPECT_THAT(std::string(none.Check().message()), HasSubstr("CLIENT_SECRET_FILE names no file"));
}

}  // namespace
}  // namespace teraju::service
