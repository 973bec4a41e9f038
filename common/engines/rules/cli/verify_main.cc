// teraju-verify: whether a receipt is genuine and recomputes to the same result.
#include <string>

#include "absl/strings/str_cat.h"
#include "common/engines/cli/command_line.h"
#include "common/engines/rules/cli/receipt_check.h"
#include "common/engines/rules/json.h"

namespace {

using teraju::Language;
using teraju::Text;
using teraju::rules::Finding;
using teraju::rules::Json;
using teraju::rules::ReceiptCheck;
namespace cli = teraju::cli;

const Text kHelp = {
    R"(teraju-verify: memeriksa tanda terima tanpa jaringan dan tanpa basis data

  teraju-verify [opsi...] --key=KUNCI.pem [tanda-terima.json]

Tanpa berkas, atau dengan -, tanda terima dibaca dari masukan standar. Berkasnya ialah jawaban
GET /v1/{evaluation}/scoreReceipt:export, disimpan apa adanya.

Opsi
  --key=KUNCI.pem  kunci publik instansi (Ed25519, PEM), seperti yang diumumkan instansi
  --json           hasil sebagai JSON, dalam kedua bahasa
  --lang=id|en     bahasa jawaban, id
  --help           teks ini

Baris demi baris disebut apa yang cocok dan apa yang tidak: tanda tangan log keputusan, tempat
keputusan di dalamnya, isi tanda terima, aturannya, dan angka-angkanya, yang dihitung ulang dari
masukannya.

Status akhir
  0  semuanya cocok        1  ada yang tidak cocok        2  salah pakai, atau berkas tidak dapat dipakai
)",
    R"(teraju-verify: checks a receipt without network or database

  teraju-verify [option...] --key=KEY.pem [receipt.json]

Without a file, or with -, the receipt is read from standard input. The file is what
GET /v1/{evaluation}/scoreReceipt:export answers, kept as it is.

Options
  --key=KEY.pem    the agency's public key (Ed25519, PEM), as the agency publishes it
  --json           the result as JSON, in both languages
  --lang=id|en     language of the answer, id
  --help           this text

Says line by line what matches and what does not: the signature of the decision log, the decision's
place in it, the receipt's text, the rules, and the figures, which are computed again from their
inputs.

Exit status
  0  everything matches        1  something does not        2  wrong usage, or a file cannot be used
)"};

std::string Lines(const ReceiptCheck& check, Language language) {
  std::string lines;
  for (const Finding& finding : check.findings) {
    absl::StrAppend(&lines, finding.ok ? "ok  " : "FAIL", "  ", finding.text.In(language), "\n");
  }
  return lines;
}

std::string JsonText(const ReceiptCheck& check) {
  Json findings = Json::Array();
  for (const Finding& finding : check.findings) {
    findings.items.push_back(Json::Object()
                                 .Set("ok", finding.ok)
                                 .Set("text_id", finding.text.id)
                                 .Set("text_en", finding.text.en));
  }
  return PrettyJson(Json::Object().Set("ok", check.ok()).Set("findings", std::move(findings))) +
         "\n";
}

int Unusable(const std::string& message) {
  return cli::Finish(cli::kUsage, "", absl::StrCat("teraju-verify: ", message, "\n"));
}

int Verify(const std::string& key_path, const std::string& path, const cli::CommandLine& line) {
  const auto pem = cli::ReadInput(key_path, line.language);
  if (!pem.ok()) return Unusable(std::string(pem.status().message()));
  const auto file = cli::ReadInput(path, line.language);
  if (!file.ok()) return Unusable(std::string(file.status().message()));
  const auto key = teraju::rules::ReadPublicKey(*pem);
  if (!key.ok()) {
    const Text text = {" bukan kunci publik Ed25519 dalam bentuk PEM; ambil kunci dari instansi.",
                       " is no Ed25519 public key in PEM; take the key that the agency publishes."};
    return Unusable(key_path + text.In(line.language));
  }
  const auto check = teraju::rules::CheckReceipt(*file, *key);
  if (!check.ok()) {
    const Text text = {
        " bukan berkas tanda terima; simpan jawaban scoreReceipt:export apa adanya. ",
        " is no receipt file; keep the answer of scoreReceipt:export as it is. "};
    return Unusable(absl::StrCat(path, text.In(line.language), check.status().message()));
  }
  return cli::Finish(check->ok() ? cli::kDone : cli::kRefused,
                     line.json ? JsonText(*check) : Lines(*check, line.language));
}

}  // namespace

int main(int argc, char** argv) {
  const cli::CommandLine line = cli::ParseCommandLine({.options = {"--key"}}, argc, argv);
  const auto wrong = [&](const Text& problem) {
    return cli::Finish(cli::kUsage, "", cli::UsageText(problem, kHelp, line.language));
  };
  if (line.problem) return wrong(*line.problem);
  if (line.help) return cli::Finish(cli::kDone, kHelp.In(line.language));
  if (line.options.empty()) {
    return wrong({"Kunci instansi belum disebut; tulis --key=KUNCI.pem.",
                  "The agency's key is missing; write --key=KEY.pem."});
  }
  return Verify(line.options.back().value, line.words.empty() ? "-" : line.words[0], line);
}
