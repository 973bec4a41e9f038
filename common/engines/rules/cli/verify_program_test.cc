// Runs teraju-verify on a receipt that a simulated city published: it stays valid for ever, so a
// change of packs or receipts that breaks this test breaks receipts that people hold.
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <memory>
#include <string>
#include <vector>

#include "common/engines/rules/json.h"
#include "common/testing/program.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace teraju::rules {
namespace {

using ::teraju::testing::Outcome;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

const std::string kReceipt = TERAJU_RULES_TESTDATA "/receipt.json";
const std::string kKey = TERAJU_RULES_TESTDATA "/key.pem";

Outcome Verify(const std::vector<std::string>& arguments, const std::string& input = "") {
  return teraju::testing::RunProgram(TERAJU_VERIFY, arguments, input);
}

// The public half of a new key.
std::string AnotherKey() {
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(
      EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"), EVP_PKEY_free);
  const std::unique_ptr<BIO, decltype(&BIO_free)> out(BIO_new(BIO_s_mem()), BIO_free);
  PEM_write_bio_PUBKEY(out.get(), key.get());
  char* text = nullptr;
  const long size = BIO_get_mem_data(out.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

TEST(VerifyProgram, AcceptsTheReceiptAsItIs) {
  const Outcome english = Verify({"--lang=en", "--key", kKey, kReceipt});
  EXPECT_EQ(english.status, 0) << english.out << english.err;
  EXPECT_THAT(english.out,
              AllOf(StartsWith("ok    The signature of the log's head is valid (key ac7b99b381f62"),
                    HasSubstr("The decision is in the agency's log, number 81259 / 92195."),
                    HasSubstr("Recomputed to the same: annual"),
                    HasSubstr("The receipt's predicate is what was computed: VERY_GOOD."),
                    Not(HasSubstr("FAIL"))));
  EXPECT_THAT(english.err, IsEmpty());
  const Outcome indonesian = Verify({"--key=" + kKey}, teraju::testing::ReadFile(kReceipt));
  EXPECT_EQ(indonesian.status, 0);
  EXPECT_THAT(indonesian.out, HasSubstr("Predikat tanda terima adalah hasil hitungan: VERY_GOOD."));
}

TEST(VerifyProgram, RefusesAReceiptWithOneOtherValue) {
  struct Case {
    const char *from, *to, *finding;
  };
  const Case cases[] = {
      {R"(realisation: 26.)", R"(realisation: 27.)", "The receipt is not the one"},
      {R"(\"predicate\":\"VERY_GOOD\")", R"(\"predicate\":\"GOOD\")", "The receipt is not the one"},
      {R"(\"valid_from\": \")", R"(\"valid_from\": \"1)", "The rules in the file are not those"},
      {R"("method":"teraju)", R"("method":"Teraju)", "The decision is not proven to be in the log"},
      {R"("treeSize":"92195")", R"("treeSize":"92196")", "The signature of the log's head is not"},
  };
  const std::string receipt = teraju::testing::ReadFile(kReceipt);
  for (const Case& test : cases) {
    std::string altered = receipt;
    const std::size_t at = altered.find(test.from);
    ASSERT_NE(at, std::string::npos) << test.from;
    altered.replace(at, std::string(test.from).size(), test.to);
    const Outcome outcome = Verify({"--key", kKey, "--lang", "en", "-"}, altered);
    EXPECT_EQ(outcome.status, 1) << test.from;
    EXPECT_THAT(outcome.out, HasSubstr(std::string("FAIL  ") + test.finding));
  }
}

TEST(VerifyProgram, RefusesAnotherKey) {
  const teraju::testing::TemporaryFolder folder;
  const std::string key = folder.Write("key.pem", AnotherKey());
  const Outcome outcome = Verify({"--key", key, "--lang=en", kReceipt});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.out,
              StartsWith("FAIL  The head of the log is signed by the key ac7b99b381f"));
  EXPECT_THAT(Verify({"--key", key, kReceipt}).out, StartsWith("FAIL  Kepala log ditandatangani"));
}

TEST(VerifyProgram, GivesJsonForPrograms) {
  const Outcome good = Verify({"--key", kKey, "--json", kReceipt});
  EXPECT_EQ(good.status, 0);
  const Json json = ParseJson(good.out).value();
  EXPECT_TRUE(json.Find("ok")->flag);
  const Json& finding = json.Find("findings")->items.at(0);
  EXPECT_TRUE(finding.Find("ok")->flag);
  EXPECT_THAT(finding.Find("text_id")->text, StartsWith("Tanda tangan kepala log sah"));
  EXPECT_THAT(finding.Find("text_en")->text, StartsWith("The signature of the log's head is"));
  const teraju::testing::TemporaryFolder folder;
  const Outcome bad = Verify({"--key", folder.Write("key.pem", AnotherKey()), "--json", kReceipt});
  EXPECT_EQ(bad.status, 1);
  EXPECT_FALSE(ParseJson(bad.out).value().Find("ok")->flag);
}

TEST(VerifyProgram, TellsWhichFileCannotBeUsedAndWhy) {
  const auto refused = [](const std::vector<std::string>& arguments, const std::string& input) {
    const Outcome outcome = Verify(arguments, input);
    EXPECT_EQ(outcome.status, 2);
    EXPECT_THAT(outcome.out, IsEmpty());
    return outcome.err;
  };
  EXPECT_THAT(refused({"--key", kKey, "--lang=en"}, "{}"),
              StartsWith("teraju-verify: - is no receipt file; keep the answer of"));
  EXPECT_THAT(refused({"--key", kKey}, "{"), HasSubstr("- bukan berkas tanda terima; simpan"));
  EXPECT_THAT(refused({"--key", kKey, "--lang=en", "/nowhere.json"}, ""),
              HasSubstr("/nowhere.json cannot be read: there is no such file; "));
  EXPECT_THAT(refused({"--key=/", kReceipt}, ""), HasSubstr("/ tidak dapat dibaca: itu sebuah"));
  EXPECT_THAT(refused({"--key", kReceipt, "--lang=en", kReceipt}, ""),
              HasSubstr("receipt.json is no Ed25519 public key in PEM; take the key that"));
}

TEST(VerifyProgram, HelpsInBothLanguagesAndRefusesWrongUsage) {
  EXPECT_THAT(Verify({"--help"}).out, HasSubstr("memeriksa tanda terima tanpa jaringan"));
  const Outcome help = Verify({"--help", "--lang=en"});
  EXPECT_EQ(help.status, 0);
  EXPECT_THAT(help.out, HasSubstr("--key=KEY.pem    the agency's public key"));
  EXPECT_THAT(help.err, IsEmpty());
  const Outcome keyless = Verify({kReceipt, "--lang", "en"});
  EXPECT_EQ(keyless.status, 2);
  EXPECT_THAT(keyless.out, IsEmpty());
  EXPECT_THAT(keyless.err, StartsWith("teraju-verify: The agency's key is missing; write --key"));
  EXPECT_THAT(keyless.err, HasSubstr("\n  teraju-verify [option...] --key=KEY.pem [receipt.json]"));
  EXPECT_THAT(Verify({"--format=json"}).err, StartsWith("teraju-verify: Opsi --format tidak"));
}

}  // namespace
}  // namespace teraju::rules
