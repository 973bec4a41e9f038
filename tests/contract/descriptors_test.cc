// What every method, message and reason of the suite must obey, read from the descriptors.
#include <algorithm>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "common/auth/permissions.h"
#include "gmock/gmock.h"
#include "google/api/annotations.pb.h"
#include "google/api/field_behavior.pb.h"
#include "google/api/field_info.pb.h"
#include "google/api/resource.pb.h"
#include "gtest/gtest.h"
#include "teraju/catalog/v1/error_reason.pb.h"
#include "teraju/errors/v1/error_reason.pb.h"
#include "teraju/evaluation/v1/error_reason.pb.h"
#include "teraju/feedback/v1/error_reason.pb.h"
#include "teraju/identity/v1/error_reason.pb.h"
#include "teraju/options/v1/options.pb.h"
#include "teraju/training/v1/error_reason.pb.h"
#include "tests/contract/methods.h"

namespace teraju {
namespace {

using contract::AccessOf;
using contract::Methods;
using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::MethodDescriptor;
using ::testing::UnorderedElementsAreArray;

std::vector<const EnumDescriptor*> ReasonEnums() {
  return {errors::v1::ErrorReason_descriptor(),
          identity::v1::ErrorReason_descriptor(),
          catalog::v1::ErrorReason_descriptor(),
          evaluation::v1::ErrorReason_descriptor(),
          feedback::v1::ErrorReason_descriptor(),
          training::v1::ErrorReason_descriptor()};
}

bool Writes(const MethodDescriptor& method) {
  const auto& http = method.options().GetExtension(google::api::http);
  return http.pattern_case() != google::api::HttpRule::kGet;
}

TEST(Methods, AreManyEnoughForTheOtherTestsToMeanSomething) { EXPECT_GT(Methods().size(), 100U); }

TEST(Methods, HaveAnAccessRuleWhosePermissionStandsInTheTable) {
  const auto& table = auth::PermissionTable::Default();
  for (const MethodDescriptor* method : Methods()) {
    const auto& access = AccessOf(*method);
    EXPECT_NE(access.rule_case(), options::v1::Access::RULE_NOT_SET) << method->full_name();
    if (access.rule_case() == options::v1::Access::kPermission) {
      EXPECT_TRUE(table.Has(access.permission()))
          << method->full_name() << ": " << access.permission();
    }
  }
}

TEST(Methods, EveryPermissionOfTheTableBelongsToAMethod) {
  std::set<std::string> used = {
      "duties.combine",  // asked where a decision is about to be committed
      "operations.get",
      "operations.cancel",                    // google.longrunning.Operations has no options
      "identity.employees.getPersonalData"};  // what a view of an employee holds
  for (const MethodDescriptor* method : Methods()) used.insert(AccessOf(*method).permission());
  for (const std::string& permission : auth::PermissionTable::Default().Permissions()) {
    EXPECT_TRUE(used.contains(permission)) << permission;
  }
}

// The whole list of methods without a token. Each stands here with its reason.
TEST(Methods, WithoutATokenAreTheseAndNoOthers) {
  std::vector<std::string> open;
  for (const MethodDescriptor* method : Methods()) {
    if (AccessOf(*method).rule_case() != options::v1::Access::kPermission)
      open.emplace_back(method->full_name());
  }
  EXPECT_THAT(open,
              UnorderedElementsAreArray({
                  "teraju.audit.v1.AuditEvents.GetAuditKey",             // whoever checks a receipt
                  "teraju.evaluation.v1.PublicReports.GetPublicReport",  // counts without persons
                  "teraju.feedback.v1.Responses.SubmitResponse",  // nobody is identified: the token
                                                                  // is in the body
                  "teraju.feedback.v1.Responses.SubmitCitizenResponse",  // the same, for citizens
                  "teraju.feedback.v1.ImprovementActions.ListPublicImprovements",  // what changed,
                                                                                   // for everybody
                  "teraju.identity.v1.ExternalSignIns.ListSignInProviders",   // before signing in
                  "teraju.identity.v1.ExternalSignIns.StartExternalSignIn",   // signing in
                  "teraju.identity.v1.ExternalSignIns.FinishExternalSignIn",  // signing in
                  "teraju.identity.v1.Sessions.ActivateSession",              // signing in
                  "teraju.identity.v1.Sessions.SignIn",                       // signing in
                  "teraju.identity.v1.Sessions.RefreshSession",               // staying signed in
                  "teraju.identity.v1.OAuth.IssueToken",              // signing in, for programs
                  "teraju.identity.v1.OAuth.GetJwks",                 // public keys are public
                  "teraju.identity.v1.OAuth.GetAuthorizationServer",  // where the endpoints are
              }));
}

TEST(Methods, HaveAnHttpRoute) {
  for (const MethodDescriptor* method : Methods()) {
    EXPECT_NE(method->options().GetExtension(google::api::http).pattern_case(),
              google::api::HttpRule::PATTERN_NOT_SET)
        << method->full_name();
  }
}

TEST(Methods, HaveARequestTypeOfTheirOwn) {
  std::map<std::string, std::string> owner;
  for (const MethodDescriptor* method : Methods()) {
    const auto [found, added] =
        owner.emplace(method->input_type()->full_name(), method->full_name());
    EXPECT_TRUE(added) << method->full_name() << " shares its request with " << found->second;
  }
}

TEST(Methods, ThatWriteTakeARequestId) {
  // Each exception carries something that must not be stored with its answer, or is safe to repeat
  // by itself.
  const std::set<std::string> exceptions = {
      "teraju.audit.v1.AuditLogs.CheckAuditLog",                     // computes, stores nothing
      "teraju.catalog.v1.Indicators.LintIndicator",                  // computes, stores nothing
      "teraju.catalog.v1.PolicyPacks.EvaluatePolicyPack",            // computes, stores nothing
      "teraju.catalog.v1.PolicyPacks.TestPolicyPack",                // computes, stores nothing
      "teraju.evaluation.v1.SharingAgreements.LookupSharedResults",  // reads
      "teraju.evaluation.v1.UnitResults.SimulateUnitResult",         // computes, stores nothing
      "teraju.evaluation.v1.EvidenceFiles.UploadEvidence",       // kept by the hash of its content
      "teraju.feedback.v1.CitizenSurveys.IssueSurveyTokens",     // the answer holds secrets
      "teraju.feedback.v1.CitizenSurveys.PrintSurveyTokens",     // the answer holds secrets
      "teraju.feedback.v1.Responses.SubmitResponse",             // the token is its own idempotency
      "teraju.feedback.v1.Responses.SubmitCitizenResponse",      // the token is its own idempotency
      "teraju.identity.v1.AccessFeed.FollowAccess",              // says what is known
      "teraju.identity.v1.Accounts.IssueActivationCodes",        // the answer holds secrets
      "teraju.identity.v1.Employees.LookupEmployee",             // reads
      "teraju.identity.v1.ExternalSignIns.StartExternalSignIn",  // the answer holds a secret
      "teraju.identity.v1.ExternalSignIns.FinishExternalSignIn",  // the answer holds secrets
      "teraju.identity.v1.ImportJobs.UploadImportFile",           // replaces the file
      "teraju.identity.v1.OAuth.IssueToken",                      // the answer holds secrets
      "teraju.identity.v1.ReportingLines.ResolveReportingLine",   // reads
      "teraju.identity.v1.Sessions.ActivateSession",              // the answer holds secrets
      "teraju.identity.v1.Sessions.ChangePassword",               // checks what it replaces
      "teraju.identity.v1.Sessions.RefreshSession",               // the answer holds secrets
      "teraju.identity.v1.Sessions.SignIn",                       // the answer holds secrets
  };
  for (const MethodDescriptor* method : Methods()) {
    if (!Writes(*method) || exceptions.contains(method->full_name())) continue;
    const FieldDescriptor* field = method->input_type()->FindFieldByName("request_id");
    ASSERT_NE(field, nullptr) << method->full_name();
    EXPECT_EQ(field->options().GetExtension(google::api::field_info).format(),
              google::api::FieldInfo::UUID4)
        << method->full_name();
  }
}

TEST(Methods, ThatListHavePages) {
  for (const MethodDescriptor* method : Methods()) {
    if (!method->name().starts_with("List")) continue;
    EXPECT_NE(method->input_type()->FindFieldByName("page_size"), nullptr) << method->full_name();
    const bool feed = method->name() == "ListChanges";
    EXPECT_NE(method->input_type()->FindFieldByName(feed ? "cursor" : "page_token"), nullptr)
        << method->full_name();
    EXPECT_NE(method->output_type()->FindFieldByName(feed ? "next_cursor" : "next_page_token"),
              nullptr)
        << method->full_name();
  }
}

// AIP-203: a client must be able to see what each field of a request and of a resource is.
TEST(Messages, FieldsOfRequestsAndResourcesSayTheirBehaviour) {
  for (const MethodDescriptor* method : Methods()) {
    for (const Descriptor* message : {method->input_type(), method->output_type()}) {
      const bool resource = message->options().HasExtension(google::api::resource);
      if (message != method->input_type() && !resource) continue;
      for (int i = 0; i < message->field_count(); ++i) {
        const FieldDescriptor* field = message->field(i);
        if (field->containing_oneof() != nullptr || field->name() == "body") continue;
        EXPECT_GT(field->options().ExtensionSize(google::api::field_behavior), 0)
            << field->full_name();
      }
    }
  }
}

TEST(Messages, NoResultHoldsABinaryFloat) {
  std::set<const Descriptor*> seen;
  std::vector<const Descriptor*> next;
  for (const MethodDescriptor* method : Methods())
    next.insert(next.end(), {method->input_type(), method->output_type()});
  while (!next.empty()) {
    const Descriptor* message = next.back();
    next.pop_back();
    if (!seen.insert(message).second || !message->full_name().starts_with("teraju.")) continue;
    for (int i = 0; i < message->field_count(); ++i) {
      const FieldDescriptor* field = message->field(i);
      EXPECT_NE(field->cpp_type(), FieldDescriptor::CPPTYPE_DOUBLE) << field->full_name();
      EXPECT_NE(field->cpp_type(), FieldDescriptor::CPPTYPE_FLOAT) << field->full_name();
      if (field->message_type() != nullptr) next.push_back(field->message_type());
    }
  }
}

TEST(Messages, SecretsAreMarkedSensitive) {
  const std::regex secret("(password|secret|.*_token|^code$|nip|full_name)");
  const std::regex harmless("(page_token|next_page_token)");
  for (const MethodDescriptor* method : Methods()) {
    for (const Descriptor* message : {method->input_type(), method->output_type()}) {
      for (int i = 0; i < message->field_count(); ++i) {
        const FieldDescriptor* field = message->field(i);
        if (!std::regex_match(field->name(), secret) || std::regex_match(field->name(), harmless))
          continue;
        EXPECT_TRUE(field->options().GetExtension(options::v1::sensitive)) << field->full_name();
      }
    }
  }
}

// What groups are counted by is told to services; whatever people read is made of other messages.
TEST(Messages, AGenderIsToldByOneMethodThatServicesAloneMayCall) {
  std::vector<std::string> telling;
  for (const MethodDescriptor* method : Methods()) {
    std::set<const Descriptor*> seen;
    std::vector<const Descriptor*> next = {method->output_type()};
    while (!next.empty()) {
      const Descriptor* message = next.back();
      next.pop_back();
      if (!seen.insert(message).second) continue;
      for (int i = 0; i < message->field_count(); ++i) {
        const FieldDescriptor* field = message->field(i);
        if (field->name() == "gender") {
          telling.push_back(method->full_name());
          EXPECT_TRUE(field->options().GetExtension(options::v1::sensitive));
        }
        if (field->message_type() != nullptr) next.push_back(field->message_type());
      }
    }
  }
  EXPECT_THAT(telling,
              UnorderedElementsAreArray({"teraju.identity.v1.Employees.ListEmployeeTraits"}));
  const auto& grants = auth::PermissionTable::Default().GrantsOf("identity.employees.listTraits");
  ASSERT_EQ(grants.size(), 1U);
  EXPECT_EQ(grants[0].role, "service");
}

TEST(Reasons, HaveTextsInBothLanguagesAndNoOneElsesNumber) {
  const std::regex form("[A-Z][A-Z0-9_]+[A-Z0-9]");
  for (const EnumDescriptor* reasons : ReasonEnums()) {
    for (int i = 1; i < reasons->value_count(); ++i) {
      const auto* reason = reasons->value(i);
      EXPECT_TRUE(std::regex_match(reason->name(), form)) << reason->full_name();
      EXPECT_LE(reason->name().size(), 63U);
      const auto& text = reason->options().GetExtension(options::v1::text);
      EXPECT_THAT(text.id(), ::testing::SizeIs(::testing::Gt(10))) << reason->full_name();
      EXPECT_THAT(text.en(), ::testing::SizeIs(::testing::Gt(10))) << reason->full_name();
      EXPECT_NE(text.id(), text.en()) << reason->full_name();
    }
  }
}

TEST(Reasons, NameTheSameMetadataInBothLanguages) {
  const std::regex key("\\{([a-z_]+)\\}");
  const auto keys = [&](const std::string& text) {
    std::set<std::string> found;
    for (std::sregex_iterator i(text.begin(), text.end(), key), end; i != end; ++i)
      found.insert((*i)[1]);
    return found;
  };
  for (const EnumDescriptor* reasons : ReasonEnums()) {
    for (int i = 1; i < reasons->value_count(); ++i) {
      const auto& text = reasons->value(i)->options().GetExtension(options::v1::text);
      EXPECT_EQ(keys(text.id()), keys(text.en())) << reasons->value(i)->full_name();
    }
  }
}

// A reason that two services give under one name would have two texts: shared ones stand in
// teraju.errors.v1.
TEST(Reasons, OfServicesDoNotHideTheCommonOnes) {
  const EnumDescriptor* common = errors::v1::ErrorReason_descriptor();
  for (const EnumDescriptor* reasons : ReasonEnums()) {
    if (reasons == common) continue;
    for (int i = 1; i < reasons->value_count(); ++i) {
      EXPECT_EQ(common->FindValueByName(reasons->value(i)->name()), nullptr)
          << reasons->value(i)->full_name();
    }
  }
}

}  // namespace
}  // namespace teraju
