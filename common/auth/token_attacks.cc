#include "common/auth/token_attacks.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "common/auth/encoding.h"

namespace teraju::auth {
namespace {

struct Parts {
  std::string header;
  std::string payload;
  std::string signature;
};

Parts Split(const std::string& token) {
  const std::size_t first = token.find('.');
  const std::size_t second = token.find('.', first + 1);
  return {token.substr(0, first),
          token.substr(first + 1, second - first - 1),
          token.substr(second + 1)};
}

std::string Hs256(const std::string& text, const std::string& key) {
  unsigned char mac[EVP_MAX_MD_SIZE];
  unsigned int length = 0;
  HMAC(EVP_sha256(),
       key.data(),
       static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(text.data()),
       text.size(),
       mac,
       &length);
  return Base64UrlEncode({reinterpret_cast<char*>(mac), length});
}

}  // namespace

std::string TokenAttacks::Second(std::int64_t from_now) const {
  return std::to_string(now_ + from_now);
}

std::string TokenAttacks::Header(const TokenDraft& draft) const {
  const std::string kid =
      draft.header_kid.empty() ? "\"" + signer_.key_id() + "\"" : draft.header_kid;
  return R"({"alg":)" + draft.header_alg + R"(,"kid":)" + kid + R"(,"typ":)" + draft.header_typ +
         draft.header_more + "}";
}

std::string TokenAttacks::Payload(const TokenDraft& draft) const {
  const std::string iss = draft.iss.empty() ? "\"" + issuer_ + "\"" : draft.iss;
  return R"({"iss":)" + iss + R"(,"aud":)" + draft.aud + R"(,"sub":)" + draft.sub +
         R"(,"agency":)" + draft.agency + R"(,"iat":)" +
         (draft.iat.empty() ? Second(0) : draft.iat) + R"(,"exp":)" +
         (draft.exp.empty() ? Second(600) : draft.exp) + draft.payload_more + "}";
}

std::string TokenAttacks::Token(const TokenDraft& draft) const {
  return signer_.SignRaw(Header(draft), Payload(draft));
}

std::string TokenAttacks::With(std::string TokenDraft::*field, std::string value) const {
  TokenDraft draft;
  draft.*field = std::move(value);
  return Token(draft);
}

std::string TokenAttacks::Headed(const std::string& json) const {
  return signer_.SignRaw(json, Payload({}));
}
std::string TokenAttacks::Saying(const std::string& json) const {
  return signer_.SignRaw(Header({}), json);
}
std::string TokenAttacks::MoreHeader(const std::string& members) const {
  return With(&TokenDraft::header_more, members);
}
std::string TokenAttacks::MorePayload(const std::string& members) const {
  return With(&TokenDraft::payload_more, members);
}
std::string TokenAttacks::Alg(const std::string& json) const {
  return With(&TokenDraft::header_alg, json);
}
std::string TokenAttacks::Unsigned(const std::string& json) const {
  return Base64UrlEncode(json) + "." + Split(Good()).payload + ".";
}
std::string TokenAttacks::Hmac(const std::string& key) const {
  const std::string text =
      Base64UrlEncode(R"({"alg":"HS256","kid":")" + signer_.key_id() + R"(","typ":"at+jwt"})") +
      "." + Split(Good()).payload;
  return text + "." + Hs256(text, key);
}

TokenAttacks::List TokenAttacks::Shapes() const {
  const std::string token = Good();
  const auto [header, payload, signature] = Split(token);
  return {
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
      {"larger than 4 KiB", MorePayload(R"(,"x":")" + std::string(4096, 'a') + "\"")},
      {"megabytes", std::string(4 << 20, 'a')},
  };
}

TokenAttacks::List TokenAttacks::Encodings() const {
  const std::string token = Good();
  const auto [header, payload, signature] = Split(token);
  return {
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
  };
}

TokenAttacks::List TokenAttacks::Signatures() const {
  const auto [header, payload, signature] = Split(Good());
  const std::string raw = *Base64UrlDecode(signature);
  const std::string zero32(32, '\0');
  std::string flipped = raw;
  flipped[10] = static_cast<char>(flipped[10] ^ 1);
  const auto resigned = [head = header, body = payload](const std::string& bytes) {
    return head + "." + body + "." + Base64UrlEncode(bytes);
  };
  return {
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
      {"another key", stranger_.SignRaw(Header({}), Payload({}))},
      {"another header", Base64UrlEncode(Header({}) + " ") + "." + payload + "." + signature},
      {"another payload", header + "." + Base64UrlEncode(Payload({}) + " ") + "." + signature},
      {"signature of another token",
       header + "." + payload + "." + Split(With(&TokenDraft::exp, Second(601))).signature},
  };
}

TokenAttacks::List TokenAttacks::Algorithms() const {
  const std::string kid = "\"" + signer_.key_id() + "\"";
  return {
      {"none", Unsigned(R"({"alg":"none","kid":)" + kid + R"(,"typ":"at+jwt"})")},
      {"None", Unsigned(R"({"alg":"None","kid":)" + kid + R"(,"typ":"at+jwt"})")},
      {"NONE", Unsigned(R"({"alg":"NONE","kid":)" + kid + R"(,"typ":"at+jwt"})")},
      {"nOnE with a signature", Alg(R"("nOnE")")},
      {"none with a signature", Alg(R"("none")")},
      {"empty alg", Alg(R"("")")},
      {"alg null", Alg("null")},
      {"alg a number", Alg("256")},
      {"alg an array", Alg(R"(["ES256"])")},
      {"lower case", Alg(R"("es256")")},
      {"trailing space in alg", Alg(R"("ES256 ")")},
      {"NUL in alg", Alg(R"("ES256\u0000")")},
      {"RS256 for a P-256 key", Alg(R"("RS256")")},
      {"EdDSA for a P-256 key", Alg(R"("EdDSA")")},
      {"ES384 for a P-256 key", Alg(R"("ES384")")},
      {"PS256", Alg(R"("PS256")")},
      {"HS256 with the public key set", Hmac(MakeKeySetDocument({&signer_}))},
      {"HS256 with the public key", Hmac(signer_.PublicJwk())},
      {"HS256 with an empty key", Hmac("")},
      {"HS256 with the key's id", Hmac(signer_.key_id())},
  };
}

TokenAttacks::List TokenAttacks::Headers() const {
  const std::string kid = "\"" + signer_.key_id() + "\"";
  return {
      {"no alg", Headed(R"({"kid":)" + kid + R"(,"typ":"at+jwt"})")},
      {"no kid", Headed(R"({"alg":"ES256","typ":"at+jwt"})")},
      {"no typ", Headed(R"({"alg":"ES256","kid":)" + kid + "}")},
      {"typ JWT", With(&TokenDraft::header_typ, R"("JWT")")},
      {"typ of an id token", With(&TokenDraft::header_typ, R"("id+jwt")")},
      {"typ in capitals", With(&TokenDraft::header_typ, R"("AT+JWT")")},
      {"typ a number", With(&TokenDraft::header_typ, "1")},
      {"crit", MoreHeader(R"(,"crit":["exp"])")},
      {"empty crit", MoreHeader(R"(,"crit":[])")},
      {"b64 false", MoreHeader(R"(,"b64":false,"crit":["b64"])")},
      {"embedded key", MoreHeader(R"(,"jwk":)" + stranger_.PublicJwk())},
      {"jku", MoreHeader(R"(,"jku":"https://attacker.example/jwks")")},
      {"x5u", MoreHeader(R"(,"x5u":"https://attacker.example/x")")},
      {"x5c", MoreHeader(R"(,"x5c":["MIIB"])")},
      {"cty", MoreHeader(R"(,"cty":"JWT")")},
      {"zip", MoreHeader(R"(,"zip":"DEF")")},
      {"duplicate alg", MoreHeader(R"(,"alg":"ES256")")},
      {"duplicate alg none first",
       Headed(R"({"alg":"none","alg":"ES256","kid":)" + kid + R"(,"typ":"at+jwt"})")},
      {"duplicate kid", MoreHeader(R"(,"kid":"other")")},
      {"duplicate by escape", MoreHeader(R"(,"\u0061lg":"none")")},
      {"unknown kid", With(&TokenDraft::header_kid, R"("other")")},
      {"kid a number", With(&TokenDraft::header_kid, "1")},
      {"kid empty", With(&TokenDraft::header_kid, R"("")")},
      {"kid a path", With(&TokenDraft::header_kid, R"("../../dev/null")")},
      {"kid a query", With(&TokenDraft::header_kid, R"("' OR '1'='1")")},
      {"kid with NUL", With(&TokenDraft::header_kid, "\"" + signer_.key_id() + "\\u0000\"")},
      {"kid of 65 letters", With(&TokenDraft::header_kid, "\"" + std::string(65, 'a') + "\"")},
      {"header an array", Headed(R"(["ES256"])")},
      {"header a text", Headed(R"("ES256")")},
      {"header null", Headed("null")},
      {"header empty", Headed("")},
      {"header not closed", Headed(R"({"alg":"ES256","kid":)" + kid + R"(,"typ":"at+jwt")")},
      {"header with more behind", Headed(Header({}) + "{}")},
      {"header with a trailing comma",
       Headed(R"({"alg":"ES256","kid":)" + kid + R"(,"typ":"at+jwt",})")},
      {"header with a comment", Headed(Header({}) + "/**/")},
      {"header with a byte order mark", Headed("\xEF\xBB\xBF" + Header({}))},
  };
}

TokenAttacks::List TokenAttacks::Payloads() const {
  const std::string nested(9, '[');
  const std::string closed(9, ']');
  return {
      {"payload empty", Saying("")},
      {"payload an array", Saying("[]")},
      {"payload a number", Saying("1")},
      {"payload no object members", Saying("{}")},
      {"payload broken UTF-8", MorePayload(",\"x\":\"\xff\"")},
      {"payload lone surrogate", MorePayload(R"(,"x":"\ud800")")},
      {"payload too deep", MorePayload(R"(,"x":)" + nested + closed)},
      {"payload NaN", MorePayload(R"(,"x":NaN)")},
      {"payload duplicate sub", MorePayload(R"(,"sub":"employees/other")")},
      {"payload duplicate exp", MorePayload(R"(,"exp":)" + Second(300))},
      {"payload duplicate deep inside", MorePayload(R"(,"x":{"a":1,"b":[{"c":1,"c":2}]})")},
  };
}

TokenAttacks::List TokenAttacks::ClaimsList() const {
  return {
      {"issuer differs", With(&TokenDraft::iss, R"("https://attacker.example")")},
      {"issuer with a slash", With(&TokenDraft::iss, "\"" + issuer_ + "/\"")},
      {"issuer empty", With(&TokenDraft::iss, R"("")")},
      {"issuer null", With(&TokenDraft::iss, "null")},
      {"issuer an array", With(&TokenDraft::iss, "[\"" + issuer_ + "\"]")},
      {"issuer with NUL", With(&TokenDraft::iss, "\"" + issuer_ + "\\u0000\"")},
      {"audience differs", With(&TokenDraft::aud, R"("other")")},
      {"audience in capitals", With(&TokenDraft::aud, R"("TERAJU")")},
      {"audience two of them", With(&TokenDraft::aud, R"(["teraju","other"])")},
      {"audience empty", With(&TokenDraft::aud, R"("")")},
      {"audience a prefix", With(&TokenDraft::aud, R"("teraj")")},
      {"no issuer, audience, subject",
       Saying(R"({"iat":)" + Second(0) + R"(,"exp":)" + Second(600) + "}")},
      {"no subject",
       Saying(R"({"iss":")" + issuer_ + R"(","aud":"teraju","iat":)" + Second(0) + R"(,"exp":)" +
              Second(600) + "}")},
      {"subject empty", With(&TokenDraft::sub, R"("")")},
      {"subject a number", With(&TokenDraft::sub, "7")},
      {"subject without collection", With(&TokenDraft::sub, R"("budi")")},
      {"subject of another collection", With(&TokenDraft::sub, R"("agencies/x")")},
      {"subject without id", With(&TokenDraft::sub, R"("employees/")")},
      {"subject with two slashes", With(&TokenDraft::sub, R"("employees/a/b")")},
      {"subject with NUL", With(&TokenDraft::sub, R"("employees/a\u0000b")")},
      {"subject with a space", With(&TokenDraft::sub, R"("employees/a b")")},
      {"subject in capitals", With(&TokenDraft::sub, R"("Employees/a")")},
      {"person without agency", With(&TokenDraft::agency, R"("")")},
      {"agency a path", With(&TokenDraft::agency, R"("agencies/kota-dumai")")},
      {"agency a number", With(&TokenDraft::agency, "1")},
      {"agency null", With(&TokenDraft::agency, "null")},
      {"session a number", MorePayload(R"(,"sid":1)")},
      {"session too long", MorePayload(R"(,"sid":")" + std::string(129, 's') + "\"")},
      {"client an object", MorePayload(R"(,"client":{})")},
  };
}

TokenAttacks::List TokenAttacks::Times() const {
  return {
      {"exp a text", With(&TokenDraft::exp, "\"" + Second(600) + "\"")},
      {"exp with a fraction", With(&TokenDraft::exp, Second(600) + ".5")},
      {"exp as a float", With(&TokenDraft::exp, Second(600) + ".0")},
      {"exp with an exponent", With(&TokenDraft::exp, Second(600) + "e0")},
      {"exp null", With(&TokenDraft::exp, "null")},
      {"exp negative", With(&TokenDraft::exp, "-1")},
      {"exp zero", With(&TokenDraft::exp, "0")},
      {"exp beyond 2^63", With(&TokenDraft::exp, "18446744073709551615")},
      {"exp wrapping", With(&TokenDraft::exp, "9223372036854775807")},
      {"exp huge", With(&TokenDraft::exp, "1e308")},
      {"exp with a leading zero", With(&TokenDraft::exp, "0" + Second(600))},
      {"iat a text", With(&TokenDraft::iat, "\"" + Second(0) + "\"")},
      {"iat as a float", With(&TokenDraft::iat, Second(0) + ".0")},
      {"iat in the future", With(&TokenDraft::iat, Second(61))},
      {"exp before iat", With(&TokenDraft::exp, Second(-1))},
      {"exp at iat", With(&TokenDraft::exp, Second(0))},
      {"lives longer than an hour", With(&TokenDraft::exp, Second(3601))},
      {"lives for ever", With(&TokenDraft::exp, "253402300799")},
      {"not yet valid", MorePayload(R"(,"nbf":)" + Second(61))},
      {"nbf a text", MorePayload(R"(,"nbf":")" + Second(0) + "\"")},
      {"nbf null", MorePayload(R"(,"nbf":null)")},
  };
}

TokenAttacks::List TokenAttacks::All() const {
  List all;
  for (const List& some : {Shapes(),
                           Encodings(),
                           Signatures(),
                           Algorithms(),
                           Headers(),
                           Payloads(),
                           ClaimsList(),
                           Times()})
    all.insert(all.end(), some.begin(), some.end());
  return all;
}

}  // namespace teraju::auth
