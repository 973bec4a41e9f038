// Tokens that nobody must believe, made with the very key that signs the good ones: the list of the
// checks on hostile tokens (RFC 7515, 7519, 8725, 9068).
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "common/auth/token_signer.h"

namespace teraju::auth {

// What is different from a good token, as JSON text so that anything can be said. Empty: as it
// should be.
struct TokenDraft {
  std::string header_alg = R"("ES256")";
  std::string header_typ = R"("at+jwt")";
  std::string header_kid;
  std::string header_more;
  std::string iss;
  std::string aud = R"("teraju")";
  std::string sub = R"("employees/0191d6a0-0000-7000-8000-000000000001")";
  std::string agency = R"("kota-dumai")";
  std::string iat;
  std::string exp;
  std::string payload_more;
};

class TokenAttacks {
 public:
  // What is wrong, and the token.
  using List = std::vector<std::pair<std::string, std::string>>;

  // `now`: seconds of the verifier's clock.
  TokenAttacks(const TokenSigner& signer, std::string issuer, std::int64_t now)
      : signer_(signer), issuer_(std::move(issuer)), now_(now) {}

  // The control: what all of them were made from is believed.
  std::string Good() const { return Token({}); }
  List All() const;
  // A token that is signed as it should be, with what the draft says.
  std::string Token(const TokenDraft& draft) const;
  std::string With(std::string TokenDraft::*field, std::string value) const;

 private:
  List Shapes() const;
  List Encodings() const;
  List Signatures() const;
  List Algorithms() const;
  List Headers() const;
  List Payloads() const;
  List ClaimsList() const;
  List Times() const;

  std::string Header(const TokenDraft& draft) const;
  std::string Payload(const TokenDraft& draft) const;
  std::string Headed(const std::string& json) const;  // with another header
  std::string Saying(const std::string& json) const;  // with another payload
  std::string MoreHeader(const std::string& members) const;
  std::string MorePayload(const std::string& members) const;
  std::string Alg(const std::string& json) const;
  std::string Unsigned(const std::string& json) const;  // that header and no signature
  std::string Hmac(const std::string& key) const;       // HS256 with what is public
  std::string Second(std::int64_t from_now) const;

  const TokenSigner& signer_;
  const TokenSigner stranger_ = TokenSigner::Generate();
  const std::string issuer_;
  const std::int64_t now_;
};

}  // namespace teraju::auth
