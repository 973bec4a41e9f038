// teraju-stats: the statistics of the suite on data of one's own.
#include <algorithm>
#include <cmath>
#include <iterator>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/engines/cli/command_line.h"
#include "common/engines/statistics/cli/analysis.h"
#include "common/engines/statistics/cli/answers_csv.h"
#include "common/engines/statistics/cli/output.h"

namespace {

using teraju::Language;
using teraju::Text;
using teraju::statistics::AnalysisOptions;
using teraju::statistics::Fault;
namespace cli = teraju::cli;

const Text kHelp = {
    R"(teraju-stats: kesepakatan penilai, dan nilai tanpa kadar ketat penilainya

  teraju-stats [opsi...] [berkas.csv]

Tanpa berkas, atau dengan -, dibaca dari masukan standar. Berkasnya CSV dengan baris judul; urutan kolom
bebas, dipisah koma, titik koma, tab, atau garis tegak:
  rater   (penilai)    siapa yang menjawab                 wajib
  ratee   (dinilai)    tentang siapa                       wajib
  value   (nilai)      angka; kosong: tidak menjawab       wajib
  item    (butir)      pertanyaan yang mana                bila tidak ada: satu pertanyaan
  group   (kelompok)   atasan, rekan, ...                  bila tidak ada: satu kelompok
  period  (periode)    diurutkan sebagai teks; untuk tren  bila tidak ada: satu periode

Opsi
  --statistics=DAFTAR  dari icc, generalizability, krippendorff, kendall, fleiss, cronbach, model,
                       diagnostics, connectivity; tanpa opsi ini semua yang berlaku
  --confidence=0.95    tingkat kepercayaan selang
  --scale=1:5          ujung skala; tanpa opsi ini jawaban terkecil dan terbesar
  --pair-effect        bila butirnya beberapa: juga pandangan seorang penilai tentang seorang yang dinilai
                       di luar keduanya; tanpa opsi ini sepuluh jawaban seorang penilai dihitung sebagai
                       sepuluh jawaban yang saling bebas
  --json               hasil sebagai JSON; tanpa opsi ini tabel
  --lang=id|en         bahasa pesan, id
  --help               teks ini

Statistik
  icc               korelasi intrakelas, enam bentuk (Shrout dan Fleiss 1979), dengan selang
  generalizability  komponen varians; koefisien relatif dan mutlak (phi); banyaknya penilai yang perlu
  krippendorff      alpha: nominal, ordinal, interval, rasio; boleh ada jawaban kosong
  kendall           W dengan nilai kembar      fleiss    kappa      cronbach  alpha antarbutir
  model             nilai = rata-rata kelompok + yang dinilai + penilai (+ butir) (+ pasangan) + galat,
                    dengan REML: taksiran, galat baku, kriteria; tiap orang mentah dan tersesuaikan
  diagnostics       tiap penilai: kadar ketat, halo, kecenderungan tengah, rentang, pergeseran
  connectivity      bagian-bagian graf penilai dan yang dinilai; apa yang akan menghubungkannya

Status akhir
  0  semua yang diminta ada angkanya             2  salah pakai, atau berkas tidak terbaca
  1  berkas memuat kesalahan, tidak dihitung     3  ada alasan sebagai ganti angka
     (disebut dengan baris dan kolomnya)            (tanpa --statistics tabel berlubang bukan alasan)

Contoh
  printf 'penilai,dinilai,nilai\na,x,4\nb,x,3\na,y,5\nb,y,5\nc,x,4\nc,y,4\n' | teraju-stats
)",
    R"(teraju-stats: agreement of raters, and values without their severity

  teraju-stats [option...] [file.csv]

Without a file, or with -, standard input is read. It is CSV with a header; columns in any order,
separated by comma, semicolon, tab or bar:
  rater   (penilai)    who answered                     required
  ratee   (dinilai)    about whom                       required
  value   (nilai)      a number; empty: no answer       required
  item    (butir)      which question                   one question if absent
  group   (kelompok)   superior, peer, ...              one group if absent
  period  (periode)    sorted as text; for drift        one period if absent

Options
  --statistics=LIST    of icc, generalizability, krippendorff, kendall, fleiss, cronbach, model,
                       diagnostics, connectivity; else all that apply
  --confidence=0.95    of intervals
  --scale=1:5          ends of the scale; else the smallest and the largest answer
  --pair-effect        with several items: also what a rater thinks of a ratee beyond both; without
                       it ten answers of one rater count as ten independent ones
  --json               the result as JSON; else tables
  --lang=id|en         language of messages, id
  --help               this text

Statistics
  icc               intraclass correlations, six forms (Shrout and Fleiss 1979), with intervals
  generalizability  variance components; relative and absolute (phi) coefficients; raters needed
  krippendorff      alpha: nominal, ordinal, interval, ratio; missing answers allowed
  kendall           W with ties          fleiss    kappa          cronbach  alpha over items
  model             value = mean of the group + ratee + rater (+ item) (+ pair) + error by REML:
                    estimates, standard errors, criterion; each ratee raw and adjusted
  diagnostics       each rater's severity, halo, central tendency, range, drift
  connectivity      parts of the graph of raters and ratees; what would connect them

Exit status
  0  everything asked for has a number        2  wrong usage, or the file cannot be read
  1  the file has faults, none computed       3  something has a reason instead of a number
     (each is told with line and column)         (without --statistics a table with gaps is no reason)

Example
  printf 'rater,ratee,value\na,x,4\nb,x,3\na,y,5\nb,y,5\nc,x,4\nc,y,4\n' | teraju-stats
)"};

bool ParseStatistics(const std::string& list, std::set<std::string>& statistics) {
  statistics = absl::StrSplit(list, ',');
  return std::all_of(statistics.begin(), statistics.end(), [](const std::string& name) {
    const auto& known = teraju::statistics::kStatistics;
    return std::find(std::begin(known), std::end(known), name) != std::end(known);
  });
}

bool ParseScale(const std::string& text, AnalysisOptions& analysis) {
  const std::vector<std::string> ends = absl::StrSplit(text, ':');
  auto& scale = analysis.scale.emplace();
  return ends.size() == 2 && absl::SimpleAtod(ends[0], &scale.lower) &&
         absl::SimpleAtod(ends[1], &scale.upper) && std::isfinite(scale.upper - scale.lower) &&
         scale.lower < scale.upper;
}

// What is wrong with an option, and the remedy.
std::optional<Text> SetOption(const cli::Option& option, AnalysisOptions& analysis) {
  const auto& [name, value] = option;
  if (name == "--pair-effect") analysis.pair_effect = true;
  if (name == "--statistics" && !ParseStatistics(value, analysis.statistics)) {
    const std::string names = absl::StrJoin(teraju::statistics::kStatistics, ", ");
    return Text{
        absl::StrCat(
            "--statistics=", value, " memuat statistik yang tidak ada; pilih dari ", names, "."),
        absl::StrCat("--statistics=",
                     value,
                     " names a statistic that does not exist; choose from ",
                     names,
                     ".")};
  }
  double& confidence = analysis.confidence;
  if (name == "--confidence" &&
      !(absl::SimpleAtod(value, &confidence) && confidence > 0 && confidence < 1)) {
    return Text{
        absl::StrCat(
            "--confidence=", value, " di luar batas; tulis angka antara 0 dan 1, misalnya 0.95."),
        absl::StrCat("--confidence=",
                     value,
                     " is out of range; write a number between 0 and 1, such as 0.95.")};
  }
  if (name == "--scale" && !ParseScale(value, analysis)) {
    return Text{
        absl::StrCat(
            "--scale=", value, " bukan skala; tulis ujung terkecil dan terbesar, misalnya 1:5."),
        absl::StrCat(
            "--scale=", value, " is no scale; write the lowest and the highest end, such as 1:5.")};
  }
  return std::nullopt;
}

std::string Lines(const std::vector<Fault>& faults, const std::string& file, Language language) {
  std::string lines;
  for (const Fault& fault : faults) {
    absl::StrAppend(&lines,
                    file,
                    ":",
                    fault.line,
                    ": ",
                    fault.column,
                    fault.column.empty() ? "" : ": ",
                    fault.text.In(language),
                    "\n");
  }
  return lines;
}

// In a table a refusal is read in one language.
void KeepLanguage(boost::json::value& v, Language language) {
  if (boost::json::array* elements = v.if_array()) {
    for (auto& element : *elements) KeepLanguage(element, language);
  }
  boost::json::object* members = v.if_object();
  if (members == nullptr) return;
  if (members->contains("refused"))
    members->erase(language == Language::kEnglish ? "alasan" : "reason");
  for (auto& member : *members) KeepLanguage(member.value(), language);
}

int Run(const cli::CommandLine& line, const AnalysisOptions& options) {
  const std::string file = line.words.empty() ? "-" : line.words[0];
  const auto text = cli::ReadInput(file, line.language);
  if (!text.ok()) {
    return cli::Finish(
        cli::kUsage, "", absl::StrCat("teraju-stats: ", text.status().message(), "\n"));
  }
  const auto parsed = teraju::statistics::ParseAnswers(*text);
  if (!parsed.answers) {
    return cli::Finish(cli::kRefused, "", Lines(parsed.faults, file, line.language));
  }
  const auto analysis = teraju::statistics::Analyse(*parsed.answers, options);
  const int status = analysis.refused ? cli::kNegative : cli::kDone;
  if (line.json) return cli::Finish(status, teraju::statistics::ToJson(analysis.report));
  boost::json::value report = analysis.report;
  KeepLanguage(report, line.language);
  return cli::Finish(status, teraju::statistics::ToText(report.get_object()));
}

}  // namespace

int main(int argc, char** argv) {
  cli::CommandLine line = cli::ParseCommandLine(
      {.flags = {"--pair-effect"}, .options = {"--statistics", "--confidence", "--scale"}},
      argc,
      argv);
  AnalysisOptions options;
  for (const cli::Option& option : line.options) {
    if (!line.problem) line.problem = SetOption(option, options);
  }
  if (line.problem) {
    return cli::Finish(cli::kUsage, "", cli::UsageText(*line.problem, kHelp, line.language));
  }
  if (line.help) return cli::Finish(cli::kDone, kHelp.In(line.language));
  return Run(line, options);
}
