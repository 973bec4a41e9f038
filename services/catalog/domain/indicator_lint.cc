#include "services/catalog/domain/indicator_lint.h"

#include <algorithm>
#include <initializer_list>
#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "common/decimal/decimal.h"
#include "common/decimal/proto_decimal.h"

namespace teraju::catalog::domain {
namespace {

constexpr double kNearlyTheSame = 0.6;
constexpr std::size_t kNearestShown = 5;
constexpr std::int64_t kWhole = 100;

using Words = std::vector<std::string>;
using WordList = std::initializer_list<std::string_view>;

// Words of letters and digits in lower case.
Words WordsOf(std::string_view text) {
  Words words;
  std::string word;
  for (const char c : text) {
    if (absl::ascii_isalnum(static_cast<unsigned char>(c)) || (c & 0x80) != 0) {
      word += absl::ascii_tolower(static_cast<unsigned char>(c));
    } else if (!word.empty()) {
      words.push_back(std::exchange(word, ""));
    }
  }
  if (!word.empty()) words.push_back(word);
  return words;
}

template <typename List>
bool Has(const Words& words, const List& list) {
  return std::any_of(words.begin(), words.end(), [&](const std::string& word) {
    return std::find(std::begin(list), std::end(list), word) != std::end(list);
  });
}

constexpr std::string_view kFilling[] = {"yang",
                                         "dan",
                                         "di",
                                         "ke",
                                         "dari",
                                         "pada",
                                         "dengan",
                                         "untuk",
                                         "dalam",
                                         "persentase",
                                         "persen",
                                         "jumlah",
                                         "tingkat",
                                         "angka",
                                         "nilai"};
// Verbs and nouns of doing: they say that something is carried out, not what comes of it.
constexpr std::string_view kActivities[] = {
    "melaksanakan",     "menyusun",   "menyelenggarakan", "mengadakan",    "mengikuti",
    "membuat",          "mengelola",  "melakukan",        "memfasilitasi", "mengkoordinasikan",
    "mengoordinasikan", "menghadiri", "terlaksananya",    "tersusunnya",   "terselenggaranya",
    "pelaksanaan",      "penyusunan", "penyelenggaraan",  "kegiatan",      "rapat",
    "sosialisasi"};
constexpr std::string_view kVague[] = {
    "optimal", "maksimal", "memadai", "baik", "cukup", "layak", "efektif"};
constexpr std::string_view kLowerIsBetter[] = {"tunggu",
                                               "keluhan",
                                               "pengaduan",
                                               "kesalahan",
                                               "temuan",
                                               "kemiskinan",
                                               "miskin",
                                               "stunting",
                                               "pengangguran",
                                               "kematian",
                                               "keterlambatan",
                                               "terlambat",
                                               "kecelakaan",
                                               "kebocoran",
                                               "inflasi",
                                               "pelanggaran",
                                               "antrean"};
constexpr std::string_view kHigherIsBetter[] = {"kepuasan",
                                                "cakupan",
                                                "akurasi",
                                                "ketepatan",
                                                "partisipasi",
                                                "kepatuhan",
                                                "kelulusan",
                                                "keberhasilan",
                                                "literasi"};
constexpr std::string_view kDurations[] = {"waktu", "lama", "durasi"};
constexpr std::string_view kDurationUnits[] = {
    "detik", "menit", "jam", "hari", "minggu", "bulan", "tahun"};
constexpr std::string_view kShares[] = {"persentase", "persen", "rasio", "proporsi"};
constexpr std::string_view kVagueSources[] = {
    "internal", "data", "laporan", "dokumen", "dinas", "bidang"};

class Linter {
 public:
  Linter(const v1::LintIndicatorRequest& indicator, std::span<const KnownIndicator> known)
      : indicator_(indicator), known_(known), title_(WordsOf(indicator.title())) {}

  std::vector<v1::LintRemark> Run() {
    LookAtWording();
    LookAtUnit();
    LookAtPolarity();
    LookAtFigures();
    LookAtSource();
    LookForDuplicates();
    return std::move(remarks_);
  }

 private:
  v1::LintRemark& Remark(v1::LintRemark::Weight weight,
                         const char* code,
                         const char* field,
                         const char* id,
                         const char* en) {
    v1::LintRemark& remark = remarks_.emplace_back();
    remark.set_weight(weight);
    remark.set_code(code);
    remark.set_field(field);
    remark.set_text_id(id);
    remark.set_text_en(en);
    return remark;
  }

  void LookAtWording() {
    if (Has(title_, kActivities)) {
      Remark(
          v1::LintRemark::WARNING,
          "ACTIVITY_WORDING",
          "title",
          "Judul menyebut kegiatan. Tulis apa yang berubah karenanya, misalnya mutu, waktu, atau "
          "manfaat bagi warga.",
          "The title names an activity. Say what changes by it: quality, time, benefit to "
          "citizens.");
    }
    if (Has(title_, kVague)) {
      Remark(v1::LintRemark::WARNING,
             "VAGUE_WORDING",
             "title",
             "Judul memakai kata yang tidak terukur. Ganti dengan sesuatu yang dapat dihitung.",
             "The title uses a word that cannot be measured. Put something that can be counted.");
    }
    if (indicator_.title().find(';') != std::string::npos || Has(title_, WordList{"serta"})) {
      Remark(v1::LintRemark::HINT,
             "TWO_MEASURES",
             "title",
             "Judul tampaknya memuat dua ukuran. Pisahkan menjadi dua indikator.",
             "The title seems to hold two measures. Make two indicators of it.");
    }
  }

  void LookAtUnit() {
    const Words unit = WordsOf(indicator_.unit_of_measure());
    const bool percent = Has(unit, WordList{"persen"}) ||
                         indicator_.unit_of_measure().find('%') != std::string::npos;
    if (indicator_.unit_of_measure().empty()) {
      Remark(v1::LintRemark::ERROR,
             "UNIT_MISSING",
             "unitOfMeasure",
             "Isi satuan, misalnya persen, hari, atau dokumen.",
             "Give the unit: percent, days, documents.");
    } else if (Has(title_, WordList{"persentase", "persen"}) && !percent) {
      Remark(v1::LintRemark::WARNING,
             "UNIT_MISMATCH",
             "unitOfMeasure",
             "Judul menyebut persentase, tetapi satuannya bukan persen.",
             "The title says percentage, but the unit is not percent.");
    } else if (Has(title_, WordList{"jumlah"}) && !Has(title_, kShares) && percent) {
      Remark(v1::LintRemark::WARNING,
             "UNIT_MISMATCH",
             "unitOfMeasure",
             "Judul menyebut jumlah, tetapi satuannya persen.",
             "The title says number, but the unit is percent.");
    } else if (Has(title_, kDurations) && !Has(title_, WordList{"tepat", "ketepatan"}) &&
               !percent && !Has(unit, kDurationUnits)) {
      Remark(v1::LintRemark::WARNING,
             "UNIT_MISMATCH",
             "unitOfMeasure",
             "Judul menyebut waktu, tetapi satuannya bukan satuan waktu.",
             "The title is about time, but the unit is none of time.");
    }
    percent_ = percent;
  }

  void LookAtPolarity() {
    const bool higher = indicator_.polarity() == v1::Indicator::HIGHER_IS_BETTER;
    const bool lower = indicator_.polarity() == v1::Indicator::LOWER_IS_BETTER;
    // A drop of what is bad, or handling it, is good again.
    const bool turned = Has(title_,
                            WordList{"penurunan",
                                     "menurunnya",
                                     "penyelesaian",
                                     "selesai",
                                     "diselesaikan",
                                     "ditindaklanjuti",
                                     "tindak"});
    const bool bad = Has(title_, kLowerIsBetter) ||
                     (Has(title_, kDurations) && !Has(title_, WordList{"tepat", "ketepatan"}));
    if (higher && bad && !turned && !Has(title_, kHigherIsBetter)) {
      Remark(v1::LintRemark::WARNING,
             "POLARITY_SUSPECT",
             "polarity",
             "Biasanya makin rendah makin baik untuk hal ini. Periksa arahnya.",
             "For this, lower is usually better. Check the direction.");
    }
    if (lower && Has(title_, kHigherIsBetter) && !bad) {
      Remark(v1::LintRemark::WARNING,
             "POLARITY_SUSPECT",
             "polarity",
             "Biasanya makin tinggi makin baik untuk hal ini. Periksa arahnya.",
             "For this, higher is usually better. Check the direction.");
    }
    if (!higher && !lower) {
      Remark(v1::LintRemark::ERROR,
             "POLARITY_MISSING",
             "polarity",
             "Pilih apakah makin tinggi atau makin rendah makin baik.",
             "Choose whether higher or lower is better.");
    }
  }

  void LookAtFigures() {
    const auto target = FromProto(indicator_.target());
    const auto baseline = FromProto(indicator_.baseline());
    if (!indicator_.has_target() || !target.ok()) {
      Remark(v1::LintRemark::ERROR,
             "TARGET_MISSING",
             "target",
             "Isi target berupa angka.",
             "Give the target as a number.");
      return;
    }
    if (percent_ && (target->sign() < 0 || *target > Decimal(kWhole)) &&
        !Has(title_, WordList{"pertumbuhan", "kenaikan"})) {
      Remark(v1::LintRemark::WARNING,
             "TARGET_UNATTAINABLE",
             "target",
             "Target persen di luar 0 sampai 100.",
             "The target in percent lies outside 0 to 100.");
    }
    if (!indicator_.has_baseline() || !baseline.ok()) {
      Remark(v1::LintRemark::WARNING,
             "BASELINE_MISSING",
             "baseline",
             "Isi capaian sebelumnya agar target dapat dibandingkan.",
             "Give where it stood before, so that the target can be compared.");
      return;
    }
    const bool higher = indicator_.polarity() != v1::Indicator::LOWER_IS_BETTER;
    if (higher ? *target < *baseline : *target > *baseline) {
      Remark(v1::LintRemark::WARNING,
             "TARGET_WORSE",
             "target",
             "Target lebih buruk daripada capaian sebelumnya. Jelaskan alasannya kepada penyetuju.",
             "The target is worse than what was reached before. Tell the approver why.");
    } else if (*target == *baseline) {
      Remark(v1::LintRemark::HINT,
             "TARGET_UNCHANGED",
             "target",
             "Target sama dengan capaian sebelumnya.",
             "The target is what was reached before.");
    }
  }

  void LookAtSource() {
    const Words source = WordsOf(indicator_.data_source());
    if (source.empty()) {
      Remark(v1::LintRemark::ERROR,
             "SOURCE_MISSING",
             "dataSource",
             "Isi dari mana angkanya diambil dan siapa yang mencatatnya.",
             "Say where the figure comes from and who records it.");
    } else if (source.size() == 1 && Has(source, kVagueSources)) {
      Remark(v1::LintRemark::WARNING,
             "SOURCE_VAGUE",
             "dataSource",
             "Sebutkan nama sistem, register, atau survei yang menjadi sumber.",
             "Name the system, register or survey.");
    }
  }

  void LookForDuplicates() {
    std::vector<std::pair<double, const KnownIndicator*>> near;
    for (const KnownIndicator& other : known_) {
      if (other.name == indicator_.indicator()) continue;
      const double likeness = Likeness(indicator_.title(), other.title);
      if (likeness >= kNearlyTheSame) near.emplace_back(likeness, &other);
    }
    if (near.empty()) return;
    std::sort(near.begin(), near.end(), [](const auto& a, const auto& b) {
      return a.first != b.first ? a.first > b.first : a.second->name < b.second->name;
    });
    v1::LintRemark& remark =
        Remark(v1::LintRemark::HINT,
               "NEAR_DUPLICATE",
               "title",
               "Sudah ada indikator yang hampir sama. Pakai yang ada, atau jelaskan bedanya.",
               "There are indicators that are nearly the same. Use one of them, or say how this "
               "differs.");
    for (std::size_t i = 0; i < std::min(near.size(), kNearestShown); ++i)
      remark.add_related(near[i].second->name);
  }

  const v1::LintIndicatorRequest& indicator_;
  std::span<const KnownIndicator> known_;
  Words title_;
  bool percent_ = false;
  std::vector<v1::LintRemark> remarks_;
};

// The letter triples of the words that say something, each word between blanks.
std::set<std::string> TriplesOf(std::string_view title) {
  std::set<std::string> triples;
  for (const std::string& word : WordsOf(title)) {
    if (std::find(std::begin(kFilling), std::end(kFilling), word) != std::end(kFilling)) continue;
    const std::string padded = " " + word + " ";
    for (std::size_t i = 0; i + 3 <= padded.size(); ++i) triples.insert(padded.substr(i, 3));
  }
  return triples;
}

}  // namespace

double Likeness(std::string_view a, std::string_view b) {
  const std::set<std::string> of_a = TriplesOf(a);
  const std::set<std::string> of_b = TriplesOf(b);
  std::size_t common = 0;
  for (const std::string& triple : of_a) common += of_b.contains(triple) ? 1U : 0U;
  const std::size_t all = of_a.size() + of_b.size() - common;
  return all == 0 ? 0 : static_cast<double>(common) / static_cast<double>(all);
}

std::vector<v1::LintRemark> LintIndicator(const v1::LintIndicatorRequest& indicator,
                                          std::span<const KnownIndicator> known) {
  return Linter(indicator, known).Run();
}

}  // namespace teraju::catalog::domain
