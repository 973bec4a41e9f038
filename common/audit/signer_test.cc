#include "common/audit/signer.h"

#include <fstream>

#include "absl/strings/escaping.h"
#include "common/testing/status_matchers.h"
#include "gtest/gtest.h"

namespace teraju::audit {
namespace {

using ::teraju::testing::IsOk;
using ::teraju::testing::StatusIs;

TEST(Signer, GivesTheSignaturesOfRfc8032) {
  struct Row {
    const char *private_key, *public_key, *message, *signature;
  };
  // Section 7.1, tests 1 to 3.
  const Row table[] = {
      {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
       "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
       "",
       "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf"
       "9b46bd25bf5f0595bb"
       "e24655141438e7a100b"},
      {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
       "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
       "72",
       "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f"
       "11d8c387b2eaeb4302"
       "aeeb00d291612bb0c00"},
      {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
       "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
       "af82",
       "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984"
       "dc6594a7c15e9716ed"
       "28dc027beceea1ec40a"},
  };
  for (const Row& row : table) {
    const std::string message = absl::HexStringToBytes(row.message);
    const auto signer = Signer::FromPrivateKey(absl::HexStringToBytes(row.private_key));
    ASSERT_THAT(signer, IsOk());
    EXPECT_EQ(absl::BytesToHexString(signer->public_key()), row.public_key);
    EXPECT_EQ(absl::BytesToHexString(signer->private_key()), row.private_key);
    const std::string signature = signer->Sign(message).value();
    EXPECT_EQ(absl::BytesToHexString(signature), row.signature);
    EXPECT_TRUE(VerifySignature(signer->public_key(), message, signature));
    EXPECT_FALSE(VerifySignature(signer->public_key(), message + "x", signature));
  }
}

TEST(Signer, RefusesKeysOfAnotherSize) {
  EXPECT_THAT(Signer::FromPrivateKey(""), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(Signer::FromPrivateKey(std::string(33, 'x')),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

v1::TreeHead Head() {
  v1::TreeHead head;
  head.set_agency("agencies/dumai");
  head.set_tree_size(3);
  head.set_root_hash(std::string("\x00\xAB", 2));
  head.mutable_create_time()->set_seconds(1767225600);
  head.mutable_create_time()->set_nanos(5);
  return head;
}

TEST(Signer, ReadsThePemOfOpenssl) {
  const std::string path = ::testing::TempDir() + "signer_test.pem";
  const auto write = [&path](const char* text) { std::ofstream(path) << text; };
  // The key of RFC 8410, section 10.3.
  write(
      "-----BEGIN PRIVATE KEY-----\n"
      "MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n"
      "-----END PRIVATE KEY-----\n");
  const auto signer = Signer::FromPemFile(path);
  ASSERT_THAT(signer, IsOk());
  EXPECT_EQ(absl::BytesToHexString(signer->public_key()),
            "19bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0c5c38ad703166e1");
  write("-----BEGIN PRIVATE KEY-----\nMC4CAQ==\n-----END PRIVATE KEY-----\n");
  EXPECT_THAT(Signer::FromPemFile(path), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(Signer::FromPemFile(path + ".absent"), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(SignHead, CoversEveryField) {
  EXPECT_EQ(CanonicalHead(Head()),
            "teraju tree head v1\nagencies/dumai\n3\n00ab\n1767225600.000000005\n");
  const Signer signer = Signer::Generate().value();
  v1::TreeHead head = Head();
  ASSERT_THAT(signer.SignHead(head), IsOk());
  EXPECT_EQ(head.key_id().size(), 16u);
  EXPECT_TRUE(VerifyHead(signer.public_key(), head));
  EXPECT_FALSE(VerifyHead(Signer::Generate()->public_key(), head));
  const auto changed = [&](auto change) {
    v1::TreeHead other = head;
    change(other);
    return VerifyHead(signer.public_key(), other);
  };
  EXPECT_FALSE(changed([](v1::TreeHead& h) { h.set_agency("agencies/singkil"); }));
  EXPECT_FALSE(changed([](v1::TreeHead& h) { h.set_tree_size(4); }));
  EXPECT_FALSE(changed([](v1::TreeHead& h) { h.set_root_hash("x"); }));
  EXPECT_FALSE(changed([](v1::TreeHead& h) { h.mutable_create_time()->set_nanos(6); }));
  EXPECT_FALSE(changed([](v1::TreeHead& h) { h.mutable_create_time()->set_seconds(0); }));
  EXPECT_FALSE(changed([](v1::TreeHead& h) { h.set_key_id("0000000000000000"); }));
  EXPECT_FALSE(changed([](v1::TreeHead& h) { h.mutable_signature()->pop_back(); }));
}

}  // namespace
}  // namespace teraju::audit
