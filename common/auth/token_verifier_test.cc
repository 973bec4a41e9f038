#include "common/auth/token_verifier.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rsa.h>

#include <iostream>

#include "common/auth/encoding.h"
#include "common/testing/fake_clock.h"
#include "common/testing/status_matchers.h"

namespace teraju::auth {
namespace {

using errors::reasons::DEPENDENCY_UNAVAILABLE;
using errors::reasons::TOKEN_EXPIRED;
using errors::reasons::TOKEN_INVALID;
using testing::HasReason;
using testing::IsOk;

constexpr char kIssuer[] = "https://identity.example";
constexpr std::int64_t kNow = 1750000000;

// What a test changes of a good token, as JSON text so that anything can be said.
struct Draft {
  std::string header_alg = R"("ES256")";
  std::string header_typ = R"("at+jwt")";
  std::string header_kid;  // empty: the signer's
  std::string header_more;
  std::string iss = "\"" + std::string(kIssuer) + "\"";
  std::string aud = R"("teraju")";
  std::string sub = R"("employees/0191d6a0-0000-7000-8000-000000000001")";
  std::string agency = R"("kota-dumai")";
  std::string iat = std::to_string(kNow);
  std::string exp = std::to_string(kNow + 600);
  std::string payload_more;
};

class TokenVerifierTest : public ::testing::Test {
 protected:
  std::string Header(const Draft& draft) const {
    const std::string kid =
        draft.header_kid.empty() ? "\"" + signer_.key_id() + "\"" : draft.header_kid;
    return R"({"alg":)" + draft.header_alg + R"(,"kid":)" + kid + R"(,"typ":)" + draft.header_typ +
           draft.header_more + "}";
  }
  static std::string Payload(const Draft& draft) {
    return R"({"iss":)" + draft.iss + R"(,"aud":)" + draft.aud + R"(,"sub":)" + draft.sub +
           R"(,"agency":)" + draft.agency + R"(,"iat":)" + draft.iat + R"(,"exp":)" + draft.exp +
           draft.payload_more + "}";
  }
  std::string Token(const Draft& draft = {}) const {
    return signer_.SignRaw(Header(draft), Payload(draft));
  }
  std::string TokenWith(std::string Draft::*field, std::string value) const {
    Draft draft;
    draft.*field = std::move(value);
    return Token(draft);
  }

  const TokenSigner signer_ = TokenSigner::Generate();
  FixedKeys keys_{*ParseKeySet(MakeKeySetDocument({&signer_}))};
  testing::FakeClock clock_{absl::FromUnixSeconds(kNow)};
  const TokenVerifier verifier_{{.issuer = kIssuer}, keys_, clock_};
};

TEST_F(TokenVerifierTest, AcceptsWhatIdentityIssuesAndReadsIt) {
  const Principal principal{.subject = "employees/0191d6a0-0000-7000-8000-000000000001",
                            .agency = AgencyId("kota-dumai"),
                            .client = "apiClients/portal",
                            .session = "s1"};
  const auto read = verifier_.Verify(signer_.Sign({.issuer = kIssuer,
                                                   .principal = principal,
                                                   .issue_time = clock_.Now(),
                                                   .expire_time = clock_.Now() + absl::Minutes(10),
                                                   .token_id = "t1"}));
  ASSERT_THAT(read, IsOk());
  EXPECT_EQ(read->subject, principal.subject);
  EXPECT_EQ(read->agency, principal.agency);
  EXPECT_EQ(read->client, principal.client);
  EXPECT_EQ(read->session, principal.session);
}

TEST_F(TokenVerifierTest, AcceptsTheEdges) {
  EXPECT_THAT(verifier_.Verify(Token()), IsOk());
  EXPECT_THAT(verifier_.Verify(TokenWith(&Draft::exp, std::to_string(kNow + 3600))), IsOk());
  EXPECT_THAT(verifier_.Verify(TokenWith(&Draft::iat, std::to_string(kNow + 60))), IsOk());
  EXPECT_THAT(verifier_.Verify(TokenWith(&Draft::payload_more, R"(,"nbf":1750000060)")), IsOk());
  EXPECT_THAT(verifier_.Verify(TokenWith(&Draft::payload_more, R"(,"realm":{"roles":["x"]})")),
              IsOk());
  Draft operators;
  operators.sub = R"("accounts/root")";
  operators.agency = R"("kota-dumai","other":null)";
  EXPECT_THAT(verifier_.Verify(Token(operators)), IsOk());
  Draft last_second;
  last_second.iat = std::to_string(kNow - 659);
  last_second.exp = std::to_string(kNow - 59);
  EXPECT_THAT(verifier_.Verify(Token(last_second)), IsOk());
}

// Every way to be wrong, one per line, all refused with the same words.
TEST_F(TokenVerifierTest, RefusesEveryHostileToken) {
  const TokenSigner stranger = TokenSigner::Generate();
  const Draft good;
  const std::string token = Token();
  const std::size_t first = token.find('.');
  const std::size_t second = token.find('.', first + 1);
  const std::string header = token.substr(0, first);
  const std::string payload = token.substr(first + 1, second - first - 1);
  const std::string signature = token.substr(second + 1);
  const std::string raw = *Base64UrlDecode(signature);
  const auto resigned = [&](const std::string& bytes) {
    return header + "." + payload + "." + Base64UrlEncode(bytes);
  };
  const auto unsigned_with = [&](const std::string& json) {
    return Base64UrlEncode(json) + "." + payload + ".";
  };
  const auto headed = [&](const std::string& json) { return signer_.SignRaw(json, Payload(good)); };
  const auto saying = [&](const std::string& json) { return signer_.SignRaw(Header(good), json); };
  const std::string kid = "\"" + signer_.key_id() + "\"";
  const auto alg = [&](const std::string& value) { return TokenWith(&Draft::header_alg, value); };
  const auto more_header = [&](const std::string& value) {
    return TokenWith(&Draft::header_more, value);
  };
  const auto more_payload = [&](const std::string& value) {
    return TokenWith(&Draft::payload_more, value);
  };
  const auto hmac = [&](const std::string& key) {
    const std::string text =
        Base64UrlEncode(R"({"alg":"HS256","kid":)" + kid + R"(,"typ":"at+jwt"})") + "." + payload;
    unsigned char mac[EVP_MAX_MD_SIZE];
    unsigned int length = 0;
    HMAC(EVP_sha256(),
         key.data(),
         static_cast<int>(key.size()),
         reinterpret_cast<const unsigned char*>(text.data()),
         text.size(),
         mac,
         &length);
    return text + "." + Base64UrlEncode({reinterpret_cast<char*>(mac), length});
  };
  const std::string zero32(32, '\0');
  std::string flipped = raw;
  flipped[10] = static_cast<char>(flipped[10] ^ 1);
  const std::string nested(9, '[');
  const std::string closed(9, ']');

  const std::vector<std::pair<std::string, std::string>> hostile = {
      // Shape.
      {"empty", ""},
      {"a dot", "."},
      {"two dots", ".."},
      {"three dots", "..."},
      {"one part", header},
      {"two parts", header + "." + payload},
      {"no signature", header + "." + payload + "."},
      {"four parts", token + ".e30"},
      {"five parts (JWE)", token + ".e30.e30"},
      {"trailing dot", token + "."},
      {"leading dot", "." + token},
      {"leading space", " " + token},
      {"trailing space", token + " "},
      {"trailing line end", token + "\n"},
      {"line end inside", header + "\n." + payload + "." + signature},
      {"NUL at the end", token + std::string(1, '\0')},
      {"the word Bearer", "Bearer " + token},
      {"a JSON serialisation",
       R"({"payload":")" + payload + R"(","signature":")" + signature + "\"}"},
      {"larger than 4 KiB", more_payload(R"(,"x":")" + std::string(4096, 'a') + "\"")},
      {"megabytes", std::string(4 << 20, 'a')},
      // Base64url.
      {"padded header", header + "=." + payload + "." + signature},
      {"padded payload", header + "." + payload + "=." + signature},
      {"padded signature", token + "=="},
      {"twice padded", token + "===="},
      {"letters of plain base64",
       header + "." + payload + "." + std::string(signature.size() - 2, 'A') + "+/"},
      {"unused bits set",
       header + "." + payload + "." + signature.substr(0, signature.size() - 1) +
           static_cast<char>(signature.back() == 'A' ? 'B' : signature.back() + 1)},
      {"impossible length", header + "." + payload + "." + signature + "AAA"},
      {"a letter more", token + "A"},
      {"percent-encoded dot", header + "%2E" + payload + "." + signature},
      {"UTF-8 in the signature", header + "." + payload + ".é" + signature},
      // Signature.
      {"one bit differs", resigned(flipped)},
      {"zeros", resigned(zero32 + zero32)},
      {"r is zero", resigned(zero32 + raw.substr(32))},
      {"s is zero", resigned(raw.substr(0, 32) + zero32)},
      {"ones", resigned(std::string(64, '\xff'))},
      {"one byte short", resigned(raw.substr(0, 63))},
      {"one byte long", resigned(raw + '\0')},
      {"leading zero", resigned('\0' + raw)},
      {"half", resigned(raw.substr(0, 32))},
      {"twice", resigned(raw + raw)},
      {"r and s swapped", resigned(raw.substr(32) + raw.substr(0, 32))},
      {"ASN.1 form",
       resigned("\x30\x44\x02\x20" + raw.substr(0, 32) + "\x02\x20" + raw.substr(32))},
      {"another key", stranger.SignRaw(Header(good), Payload(good))},
      {"another header", Base64UrlEncode(Header(good) + " ") + "." + payload + "." + signature},
      {"another payload", header + "." + Base64UrlEncode(Payload(good) + " ") + "." + signature},
      {"signature of another token",
       header + "." + payload + TokenWith(&Draft::exp, std::to_string(kNow + 601)).substr(second)},
      // Algorithm.
      {"none", unsigned_with(R"({"alg":"none","kid":)" + kid + R"(,"typ":"at+jwt"})")},
      {"None", unsigned_with(R"({"alg":"None","kid":)" + kid + R"(,"typ":"at+jwt"})")},
      {"NONE", unsigned_with(R"({"alg":"NONE","kid":)" + kid + R"(,"typ":"at+jwt"})")},
      {"nOnE with a signature", alg(R"("nOnE")")},
      {"none with a signature", alg(R"("none")")},
      {"empty alg", alg(R"("")")},
      {"alg null", alg("null")},
      {"alg a number", alg("256")},
      {"alg an array", alg(R"(["ES256"])")},
      {"lower case", alg(R"("es256")")},
      {"trailing space in alg", alg(R"("ES256 ")")},
      {"NUL in alg", alg(R"("ES256\u0000")")},
      {"RS256 for a P-256 key", alg(R"("RS256")")},
      {"EdDSA for a P-256 key", alg(R"("EdDSA")")},
      {"ES384 for a P-256 key", alg(R"("ES384")")},
      {"PS256", alg(R"("PS256")")},
      {"HS256 with the public key set", hmac(MakeKeySetDocument({&signer_}))},
      {"HS256 with the public key", hmac(signer_.PublicJwk())},
      {"HS256 with an empty key", hmac("")},
      {"HS256 with the key's id", hmac(signer_.key_id())},
      // Header.
      {"no alg", headed(R"({"kid":)" + kid + R"(,"typ":"at+jwt"})")},
      {"no kid", headed(R"({"alg":"ES256","typ":"at+jwt"})")},
      {"no typ", headed(R"({"alg":"ES256","kid":)" + kid + "}")},
      {"typ JWT", TokenWith(&Draft::header_typ, R"("JWT")")},
      {"typ of an id token", TokenWith(&Draft::header_typ, R"("id+jwt")")},
      {"typ in capitals", TokenWith(&Draft::header_typ, R"("AT+JWT")")},
      {"typ a number", TokenWith(&Draft::header_typ, "1")},
      {"crit", more_header(R"(,"crit":["exp"])")},
      {"empty crit", more_header(R"(,"crit":[])")},
      {"b64 false", more_header(R"(,"b64":false,"crit":["b64"])")},
      {"embedded key", more_header(R"(,"jwk":)" + stranger.PublicJwk())},
      {"jku", more_header(R"(,"jku":"https://attacker.example/jwks")")},
      {"x5u", more_header(R"(,"x5u":"https://attacker.example/x")")},
      {"x5c", more_header(R"(,"x5c":["MIIB"])")},
      {"cty", more_header(R"(,"cty":"JWT")")},
      {"zip", more_header(R"(,"zip":"DEF")")},
      {"duplicate alg", more_header(R"(,"alg":"ES256")")},
      {"duplicate alg none first",
       headed(R"({"alg":"none","alg":"ES256","kid":)" + kid + R"(,"typ":"at+jwt"})")},
      {"duplicate kid", more_header(R"(,"kid":"other")")},
      {"duplicate by escape", more_header(R"(,"\u0061lg":"none")")},
      {"unknown kid", TokenWith(&Draft::header_kid, R"("other")")},
      {"kid a number", TokenWith(&Draft::header_kid, "1")},
      {"kid empty", TokenWith(&Draft::header_kid, R"("")")},
      {"kid a path", TokenWith(&Draft::header_kid, R"("../../dev/null")")},
      {"kid a query", TokenWith(&Draft::header_kid, R"("' OR '1'='1")")},
      {"kid with NUL", TokenWith(&Draft::header_kid, "\"" + signer_.key_id() + "\\u0000\"")},
      {"kid of 65 letters", TokenWith(&Draft::header_kid, "\"" + std::string(65, 'a') + "\"")},
      {"header an array", headed(R"(["ES256"])")},
      {"header a text", headed(R"("ES256")")},
      {"header null", headed("null")},
      {"header empty", headed("")},
      {"header not closed", headed(R"({"alg":"ES256","kid":)" + kid + R"(,"typ":"at+jwt")")},
      {"header with more behind", headed(Header(good) + "{}")},
      {"header with a trailing comma",
       headed(R"({"alg":"ES256","kid":)" + kid + R"(,"typ":"at+jwt",})")},
      {"header with a comment", headed(Header(good) + "/**/")},
      {"header with a byte order mark", headed("\xEF\xBB\xBF" + Header(good))},
      // Payload.
      {"payload empty", saying("")},
      {"payload an array", saying("[]")},
      {"payload a number", saying("1")},
      {"payload no object members", saying("{}")},
      {"payload broken UTF-8", more_payload(",\"x\":\"\xff\"")},
      {"payload lone surrogate", more_payload(R"(,"x":"\ud800")")},
      {"payload too deep", more_payload(R"(,"x":)" + nested + closed)},
      {"payload NaN", more_payload(R"(,"x":NaN)")},
      {"payload duplicate sub", more_payload(R"(,"sub":"employees/other")")},
      {"payload duplicate exp", more_payload(R"(,"exp":1750000300)")},
      {"payload duplicate deep inside", more_payload(R"(,"x":{"a":1,"b":[{"c":1,"c":2}]})")},
      // Claims.
      {"issuer differs", TokenWith(&Draft::iss, R"("https://attacker.example")")},
      {"issuer with a slash", TokenWith(&Draft::iss, R"("https://identity.example/")")},
      {"issuer empty", TokenWith(&Draft::iss, R"("")")},
      {"issuer null", TokenWith(&Draft::iss, "null")},
      {"issuer an array", TokenWith(&Draft::iss, "[\"" + std::string(kIssuer) + "\"]")},
      {"issuer with NUL", TokenWith(&Draft::iss, "\"" + std::string(kIssuer) + "\\u0000\"")},
      {"audience differs", TokenWith(&Draft::aud, R"("other")")},
      {"audience in capitals", TokenWith(&Draft::aud, R"("TERAJU")")},
      {"audience two of them", TokenWith(&Draft::aud, R"(["teraju","other"])")},
      {"audience empty", TokenWith(&Draft::aud, R"("")")},
      {"audience a prefix", TokenWith(&Draft::aud, R"("teraj")")},
      {"no issuer, audience, subject", saying(R"({"iat":1750000000,"exp":1750000600})")},
      {"no subject",
       saying(
           R"({"iss":"https://identity.example","aud":"teraju","iat":1750000000,"exp":1750000600})")},
      {"subject empty", TokenWith(&Draft::sub, R"("")")},
      {"subject a number", TokenWith(&Draft::sub, "7")},
      {"subject without collection", TokenWith(&Draft::sub, R"("budi")")},
      {"subject of another collection", TokenWith(&Draft::sub, R"("agencies/x")")},
      {"subject without id", TokenWith(&Draft::sub, R"("employees/")")},
      {"subject with two slashes", TokenWith(&Draft::sub, R"("employees/a/b")")},
      {"subject with NUL", TokenWith(&Draft::sub, R"("employees/a\u0000b")")},
      {"subject with a space", TokenWith(&Draft::sub, R"("employees/a b")")},
      {"subject in capitals", TokenWith(&Draft::sub, R"("Employees/a")")},
      {"person without agency", TokenWith(&Draft::agency, R"("")")},
      {"agency a path", TokenWith(&Draft::agency, R"("agencies/kota-dumai")")},
      {"agency a number", TokenWith(&Draft::agency, "1")},
      {"agency null", TokenWith(&Draft::agency, "null")},
      {"session a number", more_payload(R"(,"sid":1)")},
      {"session too long", more_payload(R"(,"sid":")" + std::string(129, 's') + "\"")},
      {"client an object", more_payload(R"(,"client":{})")},
      // Times.
      {"exp a text", TokenWith(&Draft::exp, R"("1750000600")")},
      {"exp with a fraction", TokenWith(&Draft::exp, "1750000600.5")},
      {"exp as a float", TokenWith(&Draft::exp, "1750000600.0")},
      {"exp with an exponent", TokenWith(&Draft::exp, "17500006e2")},
      {"exp null", TokenWith(&Draft::exp, "null")},
      {"exp negative", TokenWith(&Draft::exp, "-1")},
      {"exp zero", TokenWith(&Draft::exp, "0")},
      {"exp beyond 2^63", TokenWith(&Draft::exp, "18446744073709551615")},
      {"exp wrapping", TokenWith(&Draft::exp, "9223372036854775807")},
      {"exp huge", TokenWith(&Draft::exp, "1e308")},
      {"exp with a leading zero", TokenWith(&Draft::exp, "01750000600")},
      {"iat a text", TokenWith(&Draft::iat, R"("1750000000")")},
      {"iat as a float", TokenWith(&Draft::iat, "1750000000.0")},
      {"iat in the future", TokenWith(&Draft::iat, std::to_string(kNow + 61))},
      {"exp before iat", TokenWith(&Draft::exp, std::to_string(kNow - 1))},
      {"exp at iat", TokenWith(&Draft::exp, std::to_string(kNow))},
      {"lives longer than an hour", TokenWith(&Draft::exp, std::to_string(kNow + 3601))},
      {"lives for ever", TokenWith(&Draft::exp, "253402300799")},
      {"not yet valid", more_payload(R"(,"nbf":1750000061)")},
      {"nbf a text", more_payload(R"(,"nbf":"1750000000")")},
      {"nbf null", more_payload(R"(,"nbf":null)")},
  };
  EXPECT_GE(hostile.size(), 150u);
  const std::string words = verifier_.Verify("").status().ToString();
  int accepted = 0;
  for (const auto& [name, text] : hostile) {
    const auto result = verifier_.Verify(text);
    EXPECT_THAT(result, HasReason(TOKEN_INVALID)) << name;
    EXPECT_EQ(result.status().ToString(), words) << name;
    accepted += result.ok() ? 1 : 0;
  }
  // The control: the draft that all of them were made from is good.
  EXPECT_THAT(verifier_.Verify(token), IsOk());
  std::cout << R"({"name":"S02 hostile-tokens","pass":)" << (HasFailure() ? "false" : "true")
            << R"(,"figure":)" << accepted << R"(,"unit":"accepted","bound":0,"n":)"
            << hostile.size() << "}\n";
}

TEST_F(TokenVerifierTest, SaysExpiredOnlyOfAGoodTokenPastItsTime) {
  Draft past;
  past.iat = std::to_string(kNow - 660);
  past.exp = std::to_string(kNow - 60);
  EXPECT_THAT(verifier_.Verify(Token(past)), HasReason(TOKEN_EXPIRED));
  past.aud = R"("other")";
  EXPECT_THAT(verifier_.Verify(Token(past)), HasReason(TOKEN_INVALID));
}

TEST_F(TokenVerifierTest, ARememberedTokenExpiresToo) {
  const std::string token = Token();
  EXPECT_THAT(verifier_.Verify(token), IsOk());
  clock_.Advance(absl::Seconds(659));
  EXPECT_THAT(verifier_.Verify(token), IsOk());
  EXPECT_TRUE(verifier_.Known(token));
  clock_.Advance(absl::Seconds(1));
  EXPECT_FALSE(verifier_.Known(token));
  EXPECT_THAT(verifier_.Verify(token), HasReason(TOKEN_EXPIRED));
}

class ChangingKeys final : public KeySource {
 public:
  absl::StatusOr<std::shared_ptr<const VerificationKey>> Find(std::string_view id) override {
    return FixedKeys(keys).Find(id);
  }
  KeySet keys;
};

TEST_F(TokenVerifierTest, AWithdrawnOrReplacedKeyTakesRememberedTokensWithIt) {
  ChangingKeys keys;
  keys.keys = *ParseKeySet(MakeKeySetDocument({&signer_}));
  const TokenVerifier verifier({.issuer = kIssuer}, keys, clock_);
  const std::string token = Token();
  EXPECT_FALSE(verifier.Known(token));
  EXPECT_THAT(verifier.Verify(token), IsOk());
  EXPECT_TRUE(verifier.Known(token));
  const TokenSigner other = TokenSigner::Generate();
  std::string same_id = MakeKeySetDocument({&other});
  same_id.replace(same_id.find(other.key_id()), other.key_id().size(), signer_.key_id());
  keys.keys = *ParseKeySet(same_id);
  EXPECT_FALSE(verifier.Known(token));
  EXPECT_THAT(verifier.Verify(token), HasReason(TOKEN_INVALID));
  keys.keys.clear();
  EXPECT_FALSE(verifier.Known(token));
  EXPECT_THAT(verifier.Verify(token), HasReason(TOKEN_INVALID));
}

TEST_F(TokenVerifierTest, RemembersABoundedNumber) {
  const TokenVerifier verifier({.issuer = kIssuer, .cached_tokens = 4}, keys_, clock_);
  for (int i = 0; i < 20; ++i) {
    EXPECT_THAT(
        verifier.Verify(TokenWith(&Draft::payload_more, R"(,"jti":")" + std::to_string(i) + "\"")),
        IsOk());
  }
}

TEST_F(TokenVerifierTest, WithoutAnIssuerNothingIsAccepted) {
  const TokenVerifier verifier({.issuer = ""}, keys_, clock_);
  EXPECT_THAT(verifier.Verify(TokenWith(&Draft::iss, R"("")")), HasReason(TOKEN_INVALID));
}

class NoKeysYet final : public KeySource {
 public:
  absl::StatusOr<std::shared_ptr<const VerificationKey>> Find(std::string_view) override {
    return errors::Unavailable(DEPENDENCY_UNAVAILABLE, "not yet").With("dependency", "identity");
  }
};

TEST_F(TokenVerifierTest, WithoutKeysItIsUnavailableAndNotWrong) {
  NoKeysYet keys;
  const TokenVerifier verifier({.issuer = kIssuer}, keys, clock_);
  EXPECT_THAT(verifier.Verify(Token()), HasReason(DEPENDENCY_UNAVAILABLE));
}

TEST(TokenSigner, KeepsItsKeyThroughPem) {
  const TokenSigner signer = TokenSigner::Generate();
  const auto again = TokenSigner::FromPem(signer.PrivateKeyPem());
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->key_id(), signer.key_id());
  EXPECT_EQ(again->PublicJwk(), signer.PublicJwk());
  EXPECT_EQ(TokenSigner::FromPem(logging::Secret("no key")).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(ParseKeySet, LeavesOutWhatIsNotForVerifying) {
  const std::string ec =
      R"("kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0")";
  const auto count = [&](const std::string& more) {
    const auto set = ParseKeySet("{\"keys\":[{" + ec + "," + more + "}]}");
    return set.ok() ? static_cast<int>(set->size()) : 0;
  };
  EXPECT_EQ(count(R"("kid":"a")"), 1);
  EXPECT_EQ(count(R"("kid":"a","alg":"ES256","use":"sig","key_ops":["verify"])"), 1);
  EXPECT_EQ(count(R"("kid":"a","alg":"ES384")"), 0);
  EXPECT_EQ(count(R"("kid":"a","alg":"RS256")"), 0);
  EXPECT_EQ(count(R"("kid":"a","use":"enc")"), 0);
  EXPECT_EQ(count(R"("kid":"a","key_ops":["sign"])"), 0);
  EXPECT_EQ(count(R"("kid":"a","d":"AAAA")"), 0);
  EXPECT_EQ(count(R"("kid":"a b")"), 0);
  EXPECT_EQ(count(R"("kid":"")"), 0);
  EXPECT_EQ(count(R"("use":"sig")"), 0);
}

TEST(ParseKeySet, RefusesPointsOffTheCurveSmallModuliAndSymmetricKeys) {
  const std::vector<std::string> keys = {
      R"({"kty":"EC","kid":"a","crv":"P-256","x":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE","y":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE"})",
      R"({"kty":"EC","kid":"a","crv":"P-256","x":"AA","y":"AA"})",
      R"({"kty":"EC","kid":"a","crv":"P-384","x":"AA","y":"AA"})",
      R"({"kty":"RSA","kid":"a","n":"AQAB","e":"AQAB"})",
      R"({"kty":"RSA","kid":"a","n":")" + Base64UrlEncode(std::string(256, '\xff')) +
          R"(","e":"AQ"})",
      R"({"kty":"oct","kid":"a","k":"AAAA"})",
      R"({"kty":"OKP","kid":"a","crv":"X25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})",
      R"({"kty":"OKP","kid":"a","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHUQ"})",
  };
  for (const std::string& key : keys) {
    EXPECT_EQ(ParseKeySet("{\"keys\":[" + key + "]}").status().code(), absl::StatusCode::kNotFound)
        << key;
  }
}

TEST(ParseKeySet, RefusesWhatIsNoKeySet) {
  const std::string key =
      R"({"kty":"OKP","kid":"a","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})";
  EXPECT_THAT(ParseKeySet("{\"keys\":[" + key + "]}"), IsOk());
  for (const std::string& text : {std::string(),
                                  std::string("[]"),
                                  std::string("{}"),
                                  std::string(R"({"keys":{}})"),
                                  std::string(R"({"keys":[1]})"),
                                  "{\"keys\":[" + key + "," + key + "]}",
                                  "{\"keys\":[" + key + "],\"keys\":[]}",
                                  std::string(70000, ' ')}) {
    EXPECT_EQ(ParseKeySet(text).status().code(), absl::StatusCode::kInvalidArgument)
        << text.substr(0, 80);
  }
}

struct Example {
  const char* key;
  const char* token;
};

// The examples of RFC 7515, appendix A.3 (ES256), and RFC 8037, appendix A.4 (EdDSA).
constexpr Example kExamples[] = {
    {R"({"kty":"EC","kid":"k","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"})",
     "eyJhbGciOiJFUzI1NiJ9."
     "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlf"
     "Q."
     "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"},
    {R"({"kty":"OKP","kid":"k","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})",
     "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc."
     "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"},
};

TEST(VerificationKey, AgreesWithTheExamplesOfTheStandards) {
  for (const Example& example : kExamples) {
    const auto set = ParseKeySet("{\"keys\":[" + std::string(example.key) + "]}");
    ASSERT_THAT(set, IsOk());
    const std::string_view token = example.token;
    const std::size_t dot = token.rfind('.');
    std::string signature = *Base64UrlDecode(token.substr(dot + 1));
    EXPECT_TRUE(set->at("k")->Verify(token.substr(0, dot), signature));
    EXPECT_FALSE(set->at("k")->Verify(token.substr(0, dot - 1), signature));
    signature[0] = static_cast<char>(signature[0] ^ 1);
    EXPECT_FALSE(set->at("k")->Verify(token.substr(0, dot), signature));
  }
}

TEST(VerificationKey, VerifiesRs256) {
  EVP_PKEY* key = EVP_RSA_gen(2048);
  BIGNUM* modulus = nullptr;
  EVP_PKEY_get_bn_param(key, "n", &modulus);
  std::string n(256, '\0');
  BN_bn2binpad(modulus, reinterpret_cast<unsigned char*>(n.data()), 256);
  std::string signature(256, '\0');
  std::size_t length = signature.size();
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  EVP_DigestSignInit(context, nullptr, EVP_sha256(), nullptr, key);
  EVP_DigestSign(context,
                 reinterpret_cast<unsigned char*>(signature.data()),
                 &length,
                 reinterpret_cast<const unsigned char*>("text"),
                 4);
  EVP_MD_CTX_free(context);
  BN_free(modulus);
  EVP_PKEY_free(key);
  const auto set = ParseKeySet(R"({"keys":[{"kty":"RSA","kid":"k","e":"AQAB","n":")" +
                               Base64UrlEncode(n) + "\"}]}");
  ASSERT_THAT(set, IsOk());
  EXPECT_EQ(set->at("k")->algorithm_name(), "RS256");
  EXPECT_TRUE(set->at("k")->Verify("text", signature));
  EXPECT_FALSE(set->at("k")->Verify("text", signature.substr(1)));
  EXPECT_FALSE(set->at("k")->Verify("text", '\0' + signature));
  EXPECT_FALSE(set->at("k")->Verify("tex", signature));
}

TEST(Base64Url, GoesBothWays) {
  // RFC 4648, section 10.
  const std::pair<std::string, std::string> pairs[] = {{"", ""},
                                                       {"f", "Zg"},
                                                       {"fo", "Zm8"},
                                                       {"foo", "Zm9v"},
                                                       {"foob", "Zm9vYg"},
                                                       {"fooba", "Zm9vYmE"},
                                                       {"foobar", "Zm9vYmFy"},
                                                       {"\xfb\xff", "-_8"}};
  for (const auto& [bytes, text] : pairs) {
    EXPECT_EQ(Base64UrlEncode(bytes), text);
    EXPECT_EQ(Base64UrlDecode(text), bytes);
  }
  for (const char* text : {"Zh", "Zg==", "Zm9", "Z", "Zm 9v", "Zm9v\n", "Zm+v", "Zm/v"}) {
    EXPECT_EQ(Base64UrlDecode(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace teraju::auth
