#include "common/engines/rules/cli/receipt_check.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "common/engines/rules/evaluation.h"
#include "common/engines/rules/json.h"
#include "common/engines/rules/policy_pack.h"
#include "common/errors/error.h"
#include "common/errors/status_macros.h"

namespace teraju::rules {
namespace {

constexpr std::size_t kKeyBytes = 32;
constexpr std::uint64_t kNoNumber = ~std::uint64_t{0};

std::string Sha256(std::string_view bytes) {
  std::string digest(kKeyBytes, '\0');
  EVP_Digest(bytes.data(),
             bytes.size(),
             reinterpret_cast<unsigned char*>(digest.data()),
             nullptr,
             EVP_sha256(),
             nullptr);
  return digest;
}

bool SignatureHolds(std::string_view public_key,
                    std::string_view message,
                    std::string_view signature) {
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(
      EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519,
                                  nullptr,
                                  reinterpret_cast<const unsigned char*>(public_key.data()),
                                  public_key.size()),
      EVP_PKEY_free);
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        EVP_MD_CTX_free);
  return key != nullptr && context != nullptr &&
         EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
         EVP_DigestVerify(context.get(),
                          reinterpret_cast<const unsigned char*>(signature.data()),
                          signature.size(),
                          reinterpret_cast<const unsigned char*>(message.data()),
                          message.size()) == 1;
}

// The text at `path` (`head.createTime`); empty where there is none. 64-bit numbers are texts in
// JSON.
std::string TextAt(const Json& root, std::initializer_list<std::string_view> path) {
  const Json* at = &root;
  for (const std::string_view name : path) {
    at = at->Find(name);
    if (at == nullptr) return "";
  }
  if (at->Is(Json::Kind::kString)) return at->text;
  return at->Is(Json::Kind::kNumber) ? at->number.ToString() : "";
}

std::string BytesAt(const Json& root, std::initializer_list<std::string_view> path) {
  const std::string text = TextAt(root, path);
  std::string bytes;
  // One text for the same bytes: a receipt is refused where any letter of it was changed.
  return absl::Base64Unescape(text, &bytes) && absl::Base64Escape(bytes) == text ? bytes : "";
}

std::uint64_t NumberAt(const Json& root, std::initializer_list<std::string_view> path) {
  const std::string text = TextAt(root, path);
  std::uint64_t number = 0;  // proto3 JSON leaves a zero out
  if (text.empty()) return 0;
  return absl::SimpleAtoi(text, &number) && absl::StrCat(number) == text ? number : kNoNumber;
}

// `1760000000.123456789` of an RFC 3339 time.
std::string SecondsOf(const std::string& time) {
  if (time.empty()) return "";
  absl::Time parsed;
  if (time.find('T') == std::string::npos || time.back() != 'Z') return "";
  if (!absl::ParseTime(absl::RFC3339_full, time, &parsed, nullptr)) return "";
  const std::int64_t nanos = absl::ToInt64Nanoseconds(parsed - absl::UnixEpoch());
  return absl::StrFormat("%d.%09d", nanos / 1'000'000'000, nanos % 1'000'000'000);
}

// What the leaf is the hash of: each field with its length, so that no two events look alike.
std::string EventForm(const Json& event) {
  std::string form = "teraju audit event v1\n";
  for (const std::string_view name : {"name",
                                      "agency",
                                      "createTime",
                                      "actor",
                                      "onBehalfOf",
                                      "method",
                                      "resource",
                                      "type",
                                      "details"}) {
    std::string value = TextAt(event, {name});
    if (name == "createTime") value = SecondsOf(value);
    absl::StrAppend(&form, value.size(), ":", value, "\n");
  }
  return form;
}

std::string HeadForm(const Json& head) {
  return absl::StrCat("teraju tree head v1\n",
                      TextAt(head, {"agency"}),
                      "\n",
                      NumberAt(head, {"treeSize"}),
                      "\n",
                      absl::BytesToHexString(BytesAt(head, {"rootHash"})),
                      "\n",
                      SecondsOf(TextAt(head, {"createTime"})),
                      "\n");
}

// The root that the path leads to from the leaf (RFC 9162, section 2.1.3.2); nothing where the path
// does not fit the size.
std::optional<std::string> RootOfPath(std::string hash,
                                      std::uint64_t index,
                                      std::uint64_t size,
                                      const std::vector<std::string>& path) {
  if (index >= size) return std::nullopt;
  std::uint64_t node = index, last = size - 1;
  for (const std::string& sibling : path) {
    if (last == 0) return std::nullopt;
    if (node % 2 == 1 || node == last) {
      hash = Sha256(absl::StrCat("\x01", sibling, hash));
      while (node % 2 == 0 && node != 0) {
        node >>= 1;
        last >>= 1;
      }
    } else {
      hash = Sha256(absl::StrCat("\x01", hash, sibling));
    }
    node >>= 1;
    last >>= 1;
  }
  return last == 0 ? std::optional(hash) : std::nullopt;
}

class Checker {
 public:
  Checker(const Json& file, std::string_view public_key) : file_(file), public_key_(public_key) {}

  ReceiptCheck Run() {
    CheckHead();
    CheckInclusion();
    CheckDigest();
    if (const auto official = CheckPack("pack", {"result", "pack", "digest"}))
      CheckFigures(*official);
    CheckCredits();
    CheckLocal();
    return std::move(check_);
  }

 private:
  void Say(bool ok, Text right, Text wrong) {
    check_.findings.push_back({ok, ok ? std::move(right) : std::move(wrong)});
  }

  void CheckHead() {
    static const Json nothing;
    const Json* proof = file_.Find("proof");
    head_ = proof == nullptr ? nullptr : proof->Find("head");
    if (head_ == nullptr) head_ = &nothing;
    const std::string key = absl::BytesToHexString(Sha256(public_key_)).substr(0, 16);
    const std::string named = TextAt(*head_, {"keyId"});
    if (named != key) {
      Say(false,
          {},
          {absl::StrCat("Kepala log ditandatangani kunci ", named, ", bukan ", key, "."),
           absl::StrCat("The head of the log is signed by the key ", named, ", not ", key, ".")});
      return;
    }
    Say(SignatureHolds(public_key_, HeadForm(*head_), BytesAt(*head_, {"signature"})),
        {"Tanda tangan kepala log sah (kunci " + key + ").",
         "The signature of the log's head is valid (key " + key + ")."},
        {"Tanda tangan kepala log tidak sah: kepala log diubah atau bukan dari instansi ini.",
         "The signature of the log's head is not valid: the head was changed or is not this "
         "agency's."});
  }

  void CheckInclusion() {
    std::vector<std::string> path;
    const Json* proof = file_.Find("proof");
    if (const Json* hashes = proof == nullptr ? nullptr : proof->Find("path"); hashes != nullptr) {
      for (const Json& hash : hashes->items) {
        std::string bytes;
        if (!absl::Base64Unescape(hash.text, &bytes) || absl::Base64Escape(bytes) != hash.text)
          bytes.clear();
        path.push_back(bytes);
      }
    }
    const Json* event = file_.Find("event");
    const std::uint64_t index = NumberAt(file_, {"proof", "leafIndex"});
    const std::uint64_t size = NumberAt(*head_, {"treeSize"});
    const std::string leaf =
        event == nullptr ? "" : Sha256(absl::StrCat(std::string(1, '\0'), EventForm(*event)));
    const auto root = RootOfPath(leaf, index, size, path);
    const bool fits = root.has_value() && *root == BytesAt(*head_, {"rootHash"}) &&
                      event != nullptr && leaf == BytesAt(file_, {"proof", "leafHash"}) &&
                      NumberAt(*event, {"leafIndex"}) == index &&
                      TextAt(*event, {"agency"}) == TextAt(*head_, {"agency"});
    const std::string place = absl::StrCat(index, " / ", size);
    Say(fits,
        {"Keputusan tercatat di log instansi, nomor " + place + ".",
         "The decision is in the agency's log, number " + place + "."},
        {"Keputusan tidak terbukti ada di log: catatan atau buktinya diubah.",
         "The decision is not proven to be in the log: the record or its proof was changed."});
  }

  void CheckDigest() {
    const std::string receipt = TextAt(file_, {"receipt"});
    const std::string digest = absl::BytesToHexString(Sha256(receipt));
    const absl::StatusOr<Json> details = ParseJson(TextAt(file_, {"event", "details"}));
    const std::string named = details.ok() ? TextAt(*details, {"digest"}) : "";
    absl::StatusOr<Json> parsed = ParseJson(receipt);
    const bool form = parsed.ok() && CanonicalJson(*parsed) == receipt &&
                      TextAt(*parsed, {"format"}) == "teraju-receipt-document/1";
    const bool same =
        form && digest == named &&
        TextAt(*parsed, {"evaluation", "name"}) == TextAt(file_, {"event", "resource"});
    if (form) receipt_ = *std::move(parsed);
    Say(same,
        {"Tanda terima adalah yang dicatat dalam keputusan (" + digest.substr(0, 16) + "…).",
         "The receipt is the one that the decision records (" + digest.substr(0, 16) + "…)."},
        {"Tanda terima bukan yang dicatat dalam keputusan: isinya diubah.",
         "The receipt is not the one that the decision records: it was changed."});
  }

  // The pack of the file whose digest stands in the receipt.
  std::optional<PolicyPack> CheckPack(std::string_view member,
                                      std::initializer_list<std::string_view> digest) {
    absl::StatusOr<PolicyPack> pack = ParsePack(TextAt(file_, {member}));
    const std::string named = TextAt(receipt_, digest);
    const bool same = pack.ok() && !named.empty() && pack->digest == named;
    const std::string name = pack.ok() ? pack->name : "";
    const std::string revision = pack.ok() ? absl::StrCat(pack->revision) : "";
    Say(same,
        {absl::StrCat("Aturan adalah yang disebut tanda terima: ", name, " revisi ", revision, "."),
         absl::StrCat(
             "The rules are those that the receipt names: ", name, " revision ", revision, ".")},
        {"Aturan yang disertakan bukan yang disebut tanda terima.",
         "The rules in the file are not those that the receipt names."});
    if (!same) return std::nullopt;
    return *std::move(pack);
  }

  void CheckPart(const PolicyPack& pack, const Json& account) {
    const absl::Status same = CheckAccount(pack, account);
    std::string outcome = TextAt(account, {"method"});
    for (const char* figure : {"score", "predicate"}) {
      const std::string value = TextAt(account, {"result", figure});
      if (!value.empty()) absl::StrAppend(&outcome, " ", value);
    }
    const std::string difference(same.message());
    Say(same.ok(),
        {"Dihitung ulang dan sama: " + outcome + ".", "Recomputed to the same: " + outcome + "."},
        {"Hitungan ulang berbeda: " + difference, "Recomputing differs: " + difference});
  }

  void CheckFigures(const PolicyPack& pack) {
    for (const std::string_view part : {"evidence", "result"}) {
      if (const Json* account = receipt_.Find(part)) CheckPart(pack, *account);
    }
    Say(TextAt(receipt_, {"result", "result", "predicate"}) ==
            TextAt(receipt_, {"evaluation", "predicate"}),
        {"Predikat tanda terima adalah hasil hitungan: " +
             TextAt(receipt_, {"evaluation", "predicate"}) + ".",
         "The receipt's predicate is what was computed: " +
             TextAt(receipt_, {"evaluation", "predicate"}) + "."},
        {"Predikat tanda terima bukan hasil hitungannya.",
         "The receipt's predicate is not what its account computes."});
  }

  void CheckCredits() {
    const Json* credits = receipt_.Find("credits");
    if (credits == nullptr && TextAt(file_, {"creditPack"}).empty()) return;
    const auto pack = CheckPack("creditPack", {"credits", "pack", "digest"});
    if (pack.has_value()) CheckPart(*pack, *credits);
  }

  // By the agency's own policy pack, where the receipt has a result or lacks one by it.
  void CheckLocal() {
    const Json* local = receipt_.Find("local");
    if (local == nullptr && TextAt(file_, {"localPack"}).empty()) return;
    const auto pack = CheckPack("localPack", {"local", "pack", "digest"});
    if (!pack.has_value()) return;
    if (local->Find("missing") == nullptr) return CheckPart(*pack, *local);
    const Json* inputs = local->Find("inputs");
    Say(inputs != nullptr && !Evaluate(*pack, TextAt(*local, {"method"}), *inputs).ok(),
        {"Memang tidak ada nilai lokal: masukannya tidak lengkap.",
         "There is indeed no local result: its inputs are not complete."},
        {"Tanda terima menyebut masukan tidak lengkap, padahal nilainya dapat dihitung.",
         "The receipt says that inputs are missing, but the result can be computed."});
  }

  const Json& file_;
  const std::string_view public_key_;
  const Json* head_ = nullptr;
  Json receipt_;
  ReceiptCheck check_;
};

}  // namespace

bool ReceiptCheck::ok() const {
  return !findings.empty() &&
         std::all_of(findings.begin(), findings.end(), [](const Finding& one) { return one.ok; });
}

absl::StatusOr<ReceiptCheck> CheckReceipt(std::string_view file, std::string_view public_key) {
  ASSIGN_OR_RETURN(const Json parsed, ParseJson(file));
  if (TextAt(parsed, {"format"}) != "teraju-receipt/1") {
    return errors::InvalidArgument(errors::reasons::FIELD_INVALID,
                                   "This is no receipt file: `format` is not teraju-receipt/1.");
  }
  return Checker(parsed, public_key).Run();
}

absl::StatusOr<std::string> ReadPublicKey(std::string_view pem) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> source(
      BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free);
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(
      PEM_read_bio_PUBKEY(source.get(), nullptr, nullptr, nullptr), EVP_PKEY_free);
  std::string bytes(kKeyBytes, '\0');
  std::size_t size = bytes.size();
  if (key == nullptr || EVP_PKEY_id(key.get()) != EVP_PKEY_ED25519 ||
      EVP_PKEY_get_raw_public_key(
          key.get(), reinterpret_cast<unsigned char*>(bytes.data()), &size) != 1) {
    return errors::InvalidArgument(errors::reasons::FIELD_INVALID,
                                   "The key is no Ed25519 public key in PEM.");
  }
  return bytes;
}

}  // namespace teraju::rules
