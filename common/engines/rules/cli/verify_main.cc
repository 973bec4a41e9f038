// teraju-verify: whether a receipt is genuine and recomputes to the same result.
#include <cstdio>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>

#include "common/engines/rules/cli/receipt_check.h"

namespace {

constexpr char kHelp[] = R"(teraju-verify: checks a receipt without network or database.

  teraju-verify [--lang id|en] --key KEY.pem RECEIPT.json

RECEIPT.json  a receipt file, as GET /v1/{evaluation}/scoreReceipt:export gives it
KEY.pem       the agency's public key (Ed25519, PEM), as the agency publishes it
--lang        language of the answer: id (default) or en

Says line by line what matches and what does not: the signature of the decision log, the decision's
place in it, the receipt's text, the rules, and the figures, which are computed again from their
inputs. Exit status: 0 everything matches, 1 something does not, 2 the files cannot be used.
)";

std::optional<std::string> ReadFile(const char* path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(file), {});
}

int Fail(const std::string& message) {
  std::fprintf(stderr, "teraju-verify: %s\n", message.c_str());
  return 2;
}

}  // namespace

int main(int argc, char** argv) {
  const char* key_path = nullptr;
  const char* file_path = nullptr;
  bool english = false;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "--help") {
      std::fputs(kHelp, stdout);
      return 0;
    }
    if (word == "--key" && i + 1 < argc) {
      key_path = argv[++i];
    } else if (word == "--lang" && i + 1 < argc) {
      english = std::string_view(argv[++i]) == "en";
    } else if (!word.starts_with("-") && file_path == nullptr) {
      file_path = argv[i];
    } else {
      return Fail("unknown argument " + std::string(word) + "; see --help");
    }
  }
  if (key_path == nullptr || file_path == nullptr)
    return Fail("give a receipt file and --key KEY.pem; see --help");
  const std::optional<std::string> pem = ReadFile(key_path);
  if (!pem.has_value()) return Fail(std::string("cannot read ") + key_path);
  const std::optional<std::string> file = ReadFile(file_path);
  if (!file.has_value()) return Fail(std::string("cannot read ") + file_path);
  const auto key = teraju::rules::ReadPublicKey(*pem);
  if (!key.ok()) return Fail(std::string(key_path) + ": " + std::string(key.status().message()));
  const auto check = teraju::rules::CheckReceipt(*file, *key);
  if (!check.ok())
    return Fail(std::string(file_path) + ": " + std::string(check.status().message()));
  for (const teraju::rules::Finding& finding : check->findings) {
    std::printf("%s  %s\n",
                finding.ok ? "ok  " : "FAIL",
                (english ? finding.text.en : finding.text.id).c_str());
  }
  return check->ok() ? 0 : 1;
}
