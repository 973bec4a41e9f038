#include "common/engines/rules/cli/rules_help.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/engines/rules/shipped_packs.h"

namespace teraju::rules {
namespace {

const Text kUsageText = {
    R"(teraju-rules: menghitung menurut aturan penilaian dari berkas JSON dan memperlihatkan asal hasilnya

  teraju-rules evaluate PAKET [BERKAS]   menurut paket aturan: sebuah berkas, atau bawaan program
  teraju-rules ikm [BERKAS]              indeks kepuasan masyarakat (SKM)
  teraju-rules sample-size [BERKAS]      banyaknya responden
  teraju-rules angka-kredit [BERKAS]     angka kredit jabatan fungsional
  teraju-rules ip-asn [BERKAS]           indeks profesionalitas
  teraju-rules jpm [BERKAS]              job person match
  teraju-rules nine-box [BERKAS]         peta talenta
  teraju-rules distribution [BERKAS]     apakah predikat pegawai suatu unit sesuai predikat unitnya
  teraju-rules validate PAKET            membaca paket dan menguji vektornya; satu baris per masalah
  teraju-rules check PAKET [BERKAS]      menghitung ulang rincian (dari --json) dan membandingkannya
  teraju-rules digest PAKET              SHA-256 bentuk kanonis paket
  teraju-rules packs                     paket bawaan dan metodenya
  teraju-rules PERINTAH --help           setiap masukan, dengan contoh yang langsung dapat dijalankan
  teraju-rules help PAKET                hal yang sama untuk setiap metode sebuah paket

BERKAS ialah objek JSON berisi masukan; tanpa berkas, atau dengan -, dibaca dari masukan standar. Angka ialah desimal
eksak, ditulis sebagai angka atau dalam tanda kutip. Yang tidak ada tidak pernah dianggap nol.

Opsi
  --method=NAMA   metode paket; tanpa opsi ini yang pertama
  --pack=PAKET    bagi distribution; tanpa opsi ini permenpanrb-6-2022
  --json          hasil sebagai JSON
  --canonical     hasil sebagai JSON kanonis, bentuk yang diberi digest
  --what-if       juga perubahan terkecil satu masukan yang mencapai predikat lebih baik
  --lang=id|en    bahasa jawaban, id
  --help          teks ini

Status akhir
  0  selesai                                2  salah pakai, atau berkas tidak terbaca
  1  paket atau masukannya ditolak          3  sebaran tidak sesuai, atau rincian berbeda

Pesan keluar lewat galat standar, satu baris per pesan: kolom: ALASAN: apa yang salah dan apa yang harus dilakukan.
)",
    R"(teraju-rules: evaluates the rules of appraisal on a JSON file and shows how the result arose

  teraju-rules evaluate PACK [FILE]     by a policy pack: a file, or one that comes with the program
  teraju-rules ikm [FILE]               index of citizens' satisfaction (SKM)
  teraju-rules sample-size [FILE]       respondents to ask
  teraju-rules angka-kredit [FILE]      credits of functional officials
  teraju-rules ip-asn [FILE]            professionalism index
  teraju-rules jpm [FILE]               job-person match
  teraju-rules nine-box [FILE]          talent map
  teraju-rules distribution [FILE]      whether the predicates of a unit fit its own predicate
  teraju-rules validate PACK            reads a pack, runs its vectors; one line for each problem
  teraju-rules check PACK [FILE]        computes an account (from --json) again and compares
  teraju-rules digest PACK              SHA-256 of the pack's canonical form
  teraju-rules packs                    the packs that come with the program, and their methods
  teraju-rules COMMAND --help           every input, with an example that can be run as it is
  teraju-rules help PACK                the same for every method of a pack

FILE is a JSON object with the inputs; without it, or as -, standard input is read. Numbers are exact decimals,
written as numbers or in quotes. What is missing is never taken as zero.

Options
  --method=NAME   of the pack; without it the first one
  --pack=PACK     of distribution; without it permenpanrb-6-2022
  --json          the result as JSON
  --canonical     the result as canonical JSON, over which digests are made
  --what-if       also the smallest changes of single inputs that reach a better predicate
  --lang=id|en    language of the answer, id
  --help          this text

Exit status
  0  done                                   2  wrong usage, or a file cannot be read
  1  the pack or the inputs are refused     3  the distribution does not conform, or the account differs

Messages go to standard error, one line each: field: REASON: what is wrong and what to do.
)"};

const Text kDistributionText = {
    R"(distribution: apakah predikat pegawai suatu unit sesuai pola predikat unit itu (SE MenPANRB 3/2023)

Dilaporkan tiap batas, selisihnya bila tidak terpenuhi, dan apakah unit terlalu kecil untuk polanya; tidak seorang pun dipindahkan.

Masukan:
  unit      UNIT_EXCEPTIONAL | UNIT_GOOD | UNIT_NEEDS_IMPROVEMENT | UNIT_POOR | UNIT_VERY_POOR
  counts    banyaknya orang per predikat: VERY_GOOD, GOOD, NEEDS_IMPROVEMENT, POOR, VERY_POOR (semuanya wajib)

Contoh (40 orang dalam unit berpredikat baik):
{
  "unit": "UNIT_GOOD",
  "counts": {"VERY_GOOD": 8, "GOOD": 26, "NEEDS_IMPROVEMENT": 5, "POOR": 1, "VERY_POOR": 0}
}
)",
    R"(distribution: whether the predicates of a unit's people fit the pattern of the unit's own predicate (SE MenPANRB 3/2023)

It reports each constraint, by how many it is missed, and whether the unit is too small for the pattern; nobody is moved.

Inputs:
  unit      UNIT_EXCEPTIONAL | UNIT_GOOD | UNIT_NEEDS_IMPROVEMENT | UNIT_POOR | UNIT_VERY_POOR
  counts    people by predicate: VERY_GOOD, GOOD, NEEDS_IMPROVEMENT, POOR, VERY_POOR (all are required)

Example (40 people in a good unit):
{
  "unit": "UNIT_GOOD",
  "counts": {"VERY_GOOD": 8, "GOOD": 26, "NEEDS_IMPROVEMENT": 5, "POOR": 1, "VERY_POOR": 0}
}
)"};

std::string KindOf(const PolicyPack& pack, const InputField& input, Language language) {
  const auto say = [&](const char* id, const char* en) {
    return std::string(language == Language::kEnglish ? en : id);
  };
  switch (input.kind) {
    case InputField::Kind::kNumber: {
      std::string text = say("angka", "number");
      if (input.min) text += say(" dari ", " from ") + input.min->ToString();
      if (input.max) text += say(" sampai ", " to ") + input.max->ToString();
      return text;
    }
    case InputField::Kind::kFlag:
      return say("true atau false", "true or false");
    case InputField::Kind::kList:
      return say("daftar berisi sedikitnya ", "list of at least ") +
             std::to_string(input.at_least) +
             say(" objek, masing-masing boleh memuat key (teks) dan memuat",
                 " objects, each may have a key (text) and has");
    case InputField::Kind::kChoice:
      break;
  }
  std::string choices;
  for (const int code : input.choices) {
    choices += (choices.empty() ? "" : " | ") + pack.codes[static_cast<std::size_t>(code)];
  }
  return choices;
}

void AppendInputs(const PolicyPack& pack,
                  const std::vector<InputField>& inputs,
                  Language language,
                  int indent,
                  std::string& out) {
  const Text optional = {"; boleh tidak ada", "; may be missing"};
  for (const InputField& input : inputs) {
    out += fmt::format("{:{}}{:<20} {}{}\n{:{}}{:<20}   {}\n",
                       "",
                       indent,
                       input.name,
                       KindOf(pack, input, language),
                       input.optional ? optional.In(language) : "",
                       "",
                       indent,
                       "",
                       input.label.In(language));
    AppendInputs(pack, input.fields, language, indent + 4, out);
  }
}

}  // namespace

Text GeneralHelp() { return kUsageText; }

Text DistributionHelp() { return kDistributionText; }

std::string MethodHelp(const PolicyPack& pack, const Method& method, Language language) {
  const bool english = language == Language::kEnglish;
  std::string out = fmt::format("{} --method={}: {}\n\n{}\n",
                                pack.name,
                                method.name,
                                method.title.In(language),
                                english ? "Inputs:" : "Masukan:");
  AppendInputs(pack, method.inputs, language, 2, out);
  const auto example =
      std::find_if(pack.vectors.begin(), pack.vectors.end(), [&](const Vector& vector) {
        return vector.method == method.name && vector.error.empty();
      });
  if (example != pack.vectors.end()) {
    out += fmt::format("\n{} ({}):\n{}\n",
                       english ? "Example" : "Contoh",
                       example->name,
                       PrettyJson(example->inputs));
  }
  return out;
}

std::string PackHelp(const PolicyPack& pack, Language language) {
  const bool english = language == Language::kEnglish;
  std::string out = fmt::format("{} {} {}: {}\n{} {}",
                                pack.name,
                                english ? "revision" : "revisi",
                                pack.revision,
                                pack.title.In(language),
                                english ? "valid from" : "berlaku sejak",
                                pack.valid_from);
  if (!pack.valid_until.empty()) out += (english ? " until " : " sampai ") + pack.valid_until;
  out += fmt::format("\n{}: {}\n", english ? "source" : "sumber", pack.source);
  for (const Method& method : pack.methods) out += "\n" + MethodHelp(pack, method, language);
  return out;
}

}  // namespace teraju::rules
