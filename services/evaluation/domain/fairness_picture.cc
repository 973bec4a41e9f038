#include "services/evaluation/domain/fairness_picture.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <initializer_list>
#include <optional>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/engines/statistics/chart_parts.h"
#include "common/engines/statistics/svg.h"

namespace teraju::evaluation::domain {
namespace {

using statistics::Anchor;
using statistics::kGridColor;
using statistics::kMutedColor;
using FairnessDimension = v1::FairnessReport::Dimension;

// Where the columns lie.
constexpr double kPictureWidth = 1100;
constexpr double kEdge = 24;
constexpr double kPeopleEnd = 288;
constexpr double kBarStart = 304;
constexpr double kBarEnd = 584;
constexpr double kObjectionsEnd = 680;
constexpr double kDifferenceStart = 716;
constexpr double kDifferenceEnd = 916;
constexpr double kLineHeight = 34;
constexpr double kBarHeight = 18;
constexpr std::size_t kNameLetters = 30;

constexpr const char* kWithheldColor = "#e5e7eb";
constexpr const char* kVeryGoodColor = "#0072b2";
constexpr const char* kGoodColor = "#56b4e9";
constexpr const char* kLowerColor = "#d55e00";
constexpr const char* kDiffersColor = "#9d3c72";

// Of each dimension: its heading, and the groups that are always drawn.
struct DimensionText {
  FairnessDimension dimension;
  Text heading;
  std::vector<std::pair<std::string, Text>> groups;
};

const std::vector<DimensionText>& DimensionTexts() {
  static const auto& texts = *new std::vector<DimensionText>{
      {v1::FairnessReport::EVERYBODY,
       {"Seluruh instansi", "The whole agency"},
       {{"", {"Semua pegawai", "Everybody"}}}},
      {v1::FairnessReport::GENDER,
       {"Jenis kelamin", "Gender"},
       {{"MALE", {"Laki-laki", "Men"}}, {"FEMALE", {"Perempuan", "Women"}}}},
      {v1::FairnessReport::POSITION_KIND,
       {"Jenis jabatan", "Kind of post"},
       {{"STRUCTURAL", {"Struktural", "Structural"}},
        {"FUNCTIONAL", {"Fungsional", "Functional"}},
        {"GENERAL", {"Pelaksana", "General (pelaksana)"}}}},
      {v1::FairnessReport::RANK_GROUP,
       {"Golongan", "Golongan (rank)"},
       {{"I", {"Golongan I", "Golongan I"}},
        {"II", {"Golongan II", "Golongan II"}},
        {"III", {"Golongan III", "Golongan III"}},
        {"IV", {"Golongan IV", "Golongan IV"}},
        {"PPPK", {"PPPK", "PPPK (on contract)"}}}},
      {v1::FairnessReport::UNIT, {"Unit kerja", "Unit"}, {}}};
  return texts;
}

struct PictureLine {
  std::string heading;  // of a dimension; then there is nothing else
  std::string name;
  v1::FairnessGroup group;
};

std::string NameOfGroup(const v1::FairnessGroup& group,
                        const std::map<std::string, std::string>& unit_names,
                        Language language) {
  if (group.dimension() == v1::FairnessReport::UNIT) {
    const auto found = unit_names.find(group.group());
    if (found != unit_names.end() && !found->second.empty()) return found->second;
    return group.group().substr(group.group().rfind('/') + 1);
  }
  return group.group() == "OTHER" ? Text{"Tidak diketahui", "Not known"}.In(language)
                                  : group.group();
}

std::vector<PictureLine> LinesOf(const v1::FairnessReport& report,
                                 const std::map<std::string, std::string>& unit_names,
                                 Language language) {
  std::vector<PictureLine> lines;
  for (const DimensionText& text : DimensionTexts()) {
    std::vector<PictureLine> of_dimension;
    for (const auto& [group, name] : text.groups) {
      PictureLine& line = of_dimension.emplace_back();
      line.name = name.In(language);
      line.group.set_dimension(text.dimension);
      line.group.set_group(group);
    }
    for (const v1::FairnessGroup& group : report.groups()) {
      if (group.dimension() != text.dimension) continue;
      const auto known =
          std::find_if(of_dimension.begin(), of_dimension.end(), [&](const PictureLine& line) {
            return line.group.group() == group.group();
          });
      if (known != of_dimension.end()) {
        known->group = group;
      } else {
        of_dimension.push_back(
            {.heading = "", .name = NameOfGroup(group, unit_names, language), .group = group});
      }
    }
    if (of_dimension.empty()) continue;
    lines.push_back({.heading = text.heading.In(language), .name = "", .group = {}});
    lines.insert(lines.end(), of_dimension.begin(), of_dimension.end());
  }
  return lines;
}

std::vector<std::string> Footnotes(int threshold, Language language) {
  const Text notes[] = {
      {"Perbedaan adalah pertanyaan, bukan bukti: cari sebabnya (jenis pekerjaan, beban, masa "
       "kerja) sebelum menarik kesimpulan.",
       "Differences are questions and no proof: look for their causes (kind of work, load, length "
       "of service) before you conclude."},
      {"Selisih: porsi Sangat Baik dalam kelompok dikurangi porsi pada semua pegawai lain. Garis: "
       "selang "
       "kepercayaan 95% (Newcombe); ungu: tidak memuat nol.",
       "Difference: the share of Sangat Baik in the group less that of everybody else. Line: 95% "
       "interval (Newcombe); purple: does not hold zero."},
      {"Selang yang memuat nol: tidak ada perbedaan yang berarti.",
       "An interval that holds zero: no significant difference."},
      {absl::StrCat("Ditahan: menyangkut kurang dari ",
                    threshold,
                    " orang, atau tidak seorang pun, atau dapat dihitung dari angka lain."),
       absl::StrCat("Withheld: about fewer than ",
                    threshold,
                    " people, or nobody, or to be computed from other numbers.")},
      {"Keberatan: pegawai yang berkeberatan sampai laporan diterbitkan; dalam kurung, yang "
       "hasilnya diubah. Keberatan sesudahnya tidak dihitung.",
       "Objections: people who had objected when the report was published; in brackets, those "
       "whose "
       "result was changed. Later ones do not count."}};
  std::vector<std::string> lines;
  for (const Text& note : notes) {
    for (const std::string& line : statistics::WrapText(note.In(language), 158, 3))
      lines.push_back(line);
  }
  return lines;
}

// As published, with a sign and in the language's digits.
std::string Signed(const google::type::Decimal& decimal, Language language) {
  std::string text = decimal.value();
  const double value = std::strtod(text.c_str(), nullptr);
  if (language == Language::kIndonesian) std::replace(text.begin(), text.end(), '.', ',');
  if (text.starts_with('-')) return absl::StrCat(value == 0 ? "" : "−", text.substr(1));
  return absl::StrCat(value > 0 ? "+" : "", text);
}

double Drawn(const google::type::Decimal& decimal) {
  return std::strtod(decimal.value().c_str(), nullptr);
}

// Symmetric, wide enough for every interval, in steps of twenty.
statistics::Axis DifferenceAxis(const v1::FairnessReport& report) {
  double widest = 10;
  for (const v1::FairnessGroup& group : report.groups()) {
    if (!group.has_effect()) continue;
    widest = std::max(
        {widest, std::abs(Drawn(group.effect().low())), std::abs(Drawn(group.effect().high()))});
  }
  const double end = std::min(100.0, 20 * std::ceil(widest / 20));
  return {{-end, end}, kDifferenceStart, kDifferenceEnd};
}

class FairnessDrawing {
 public:
  FairnessDrawing(const v1::FairnessReport& report,
                  std::vector<PictureLine> lines,
                  Language language)
      : language_(language),
        lines_(std::move(lines)),
        footnotes_(Footnotes(report.threshold(), language)),
        differences_(DifferenceAxis(report)),
        svg_(kPictureWidth,
             Bottom() + 44 + 17 * static_cast<double>(footnotes_.size()),
             TitleOf(report),
             In("Porsi predikat menurut kelompok, dengan selisih dari pegawai lain",
                "Shares of predicates by group, with the difference from everybody else")) {
    svg_.Text(kEdge, 34, TitleOf(report), {.size = 17, .bold = true});
  }

  std::string Draw() && {
    DrawLegend();
    DrawColumns();
    double y = kTop;
    for (const PictureLine& line : lines_) {
      if (!line.heading.empty()) {
        svg_.Line(kEdge, y + 6, kPictureWidth - kEdge, y + 6, kGridColor);
        svg_.Text(kEdge, y + 26, line.heading, {.bold = true});
      } else {
        DrawLine(line, y + kLineHeight / 2);
      }
      y += kLineHeight;
    }
    y += 40;
    for (const std::string& note : footnotes_) {
      svg_.Text(kEdge, y, note, {.size = 12, .color = kMutedColor});
      y += 17;
    }
    return svg_.Finish();
  }

 private:
  static constexpr double kTop = 118;

  double Bottom() const { return kTop + kLineHeight * static_cast<double>(lines_.size()); }
  std::string In(const char* id, const char* en) const { return Text{id, en}.In(language_); }
  std::string TitleOf(const v1::FairnessReport& report) const {
    const std::vector<std::string> ids = absl::StrSplit(report.name(), '/');
    return absl::StrCat(In("Predikat dan keberatan menurut kelompok, siklus ",
                           "Predicates and objections by group, cycle "),
                        ids.size() > 3 ? ids[3] : "");
  }

  void DrawLegend() {
    double x = kEdge;
    const auto entry = [&](const char* color, const std::string& text, double width) {
      svg_.Box(x, 51, 14, 14, color);
      svg_.Text(x + 20, 63, text);
      x += width;
    };
    entry(kVeryGoodColor, "Sangat Baik", 122);
    entry(kGoodColor, "Baik", 76);
    entry(kLowerColor, In("Di bawah Baik", "Below Baik"), 136);
    entry(kWithheldColor, In("Ditahan", "Withheld"), 100);
  }

  void DrawColumns() {
    const statistics::TextStyle small{.size = 12, .color = kMutedColor};
    statistics::TextStyle right = small;
    right.anchor = Anchor::kEnd;
    svg_.Text(kPeopleEnd, 104, "n", right);
    svg_.Text(kBarStart, 104, In("Porsi predikat (%)", "Share of predicates (%)"), small);
    svg_.Text(kObjectionsEnd, 88, In("Keberatan", "Objections"), right);
    svg_.Text(kObjectionsEnd, 104, In("(diubah)", "(changed)"), right);
    svg_.Text(kDifferenceStart,
              88,
              In("Selisih Sangat Baik dari pegawai lain",
                 "Difference in Sangat Baik from everybody else"),
              small);
    svg_.Text(kDifferenceStart,
              104,
              In("(poin persen, selang 95%)", "(percentage points, 95% interval)"),
              small);
    const double bottom = Bottom();
    statistics::TextStyle tick = small;
    tick.anchor = Anchor::kMiddle;
    for (const int share : {0, 25, 50, 75, 100}) {
      const double x = kBarStart + (kBarEnd - kBarStart) * share / 100;
      svg_.Line(x, kTop + 8, x, bottom, kGridColor);
      svg_.Text(x, bottom + 16, absl::StrCat(share), tick);
    }
    const double end = differences_.scale.upper;
    for (const double at : {-end, -end / 2, end / 2, end}) {
      svg_.Line(differences_.At(at), kTop + 8, differences_.At(at), bottom, kGridColor);
      svg_.Text(differences_.At(at),
                bottom + 16,
                absl::StrCat(at < 0 ? "−" : "+", std::abs(static_cast<int>(at))),
                tick);
    }
    svg_.Dashes(differences_.At(0), kTop + 8, differences_.At(0), bottom, "#1f2937");
    svg_.Text(differences_.At(0), bottom + 16, "0", tick);
  }

  void DrawLine(const PictureLine& line, double y) {
    const std::vector<std::string> name = statistics::WrapText(line.name, kNameLetters, 2);
    double at = y + 4 - 7.0 * (static_cast<double>(name.size()) - 1);
    for (const std::string& part : name) {
      svg_.Text(kEdge, at, part, {.size = name.size() > 1 ? 12 : 13});
      at += 14;
    }
    const v1::FairnessGroup& group = line.group;
    if (group.has_people())
      svg_.Text(kPeopleEnd, y + 4, absl::StrCat(group.people()), {.anchor = Anchor::kEnd});
    DrawBar(group, y);
    DrawObjections(group, y);
    if (group.dimension() != v1::FairnessReport::EVERYBODY) DrawDifference(group, y);
  }

  void DrawBar(const v1::FairnessGroup& group, double y) {
    const double top = y - kBarHeight / 2;
    const double width = kBarEnd - kBarStart;
    double x = kBarStart;
    const auto part = [&](bool shown, int count, const char* color, const char* ink) {
      if (!shown || !group.has_people() || group.people() <= 0) return;
      const double length = width * count / group.people();
      svg_.Box(x, top, length, kBarHeight, color);
      if (length > 26) {
        svg_.Text(x + length / 2,
                  y + 4,
                  statistics::FormatNumber(100.0 * count / group.people(), 0, language_),
                  {.anchor = Anchor::kMiddle, .size = 12, .color = ink});
      }
      x += length;
    };
    part(group.has_very_good(), group.very_good(), kVeryGoodColor, "#ffffff");
    part(group.has_good(), group.good(), kGoodColor, "#1f2937");
    part(group.has_lower(), group.lower(), kLowerColor, "#1f2937");
    if (group.has_very_good() && group.has_good() && group.has_lower()) return;
    svg_.Box(x, top, kBarEnd - x, kBarHeight, kWithheldColor);
    const bool nothing = x == kBarStart;
    const std::string text = nothing ? In("ditahan (lihat catatan)", "withheld (see the notes)")
                                     : In("sisanya ditahan", "the rest is withheld");
    if (kBarEnd - x > 110)
      svg_.Text((x + kBarEnd) / 2, y + 4, text, {.anchor = Anchor::kMiddle, .size = 12});
  }

  void DrawObjections(const v1::FairnessGroup& group, double y) {
    if (!group.has_objections()) {
      svg_.Text(kObjectionsEnd,
                y + 4,
                In("ditahan", "withheld"),
                {.anchor = Anchor::kEnd, .size = 12, .color = kMutedColor});
      return;
    }
    const std::string changed = group.has_objections_changed()
                                    ? absl::StrCat(group.objections_changed())
                                    : In("ditahan", "withheld");
    svg_.Text(kObjectionsEnd,
              y + 4,
              absl::StrCat(group.objections(), " (", changed, ")"),
              {.anchor = Anchor::kEnd, .size = 12});
  }

  void DrawDifference(const v1::FairnessGroup& group, double y) {
    if (!group.has_effect()) {
      svg_.Text(kDifferenceEnd + 16,
                y + 4,
                In("ditahan", "withheld"),
                {.size = 12, .color = kMutedColor});
      return;
    }
    const v1::FairnessEffect& effect = group.effect();
    const double low = Drawn(effect.low());
    const double high = Drawn(effect.high());
    const char* color = low > 0 || high < 0 ? kDiffersColor : "#1f2937";
    svg_.Line(differences_.At(low), y, differences_.At(high), y, color, 2);
    svg_.Mark(differences_.At(Drawn(effect.difference())), y, 0, color);
    svg_.Text(kDifferenceEnd + 16,
              y + 4,
              absl::StrCat(Signed(effect.difference(), language_),
                           " (",
                           Signed(effect.low(), language_),
                           " … ",
                           Signed(effect.high(), language_),
                           ")"),
              {.size = 12});
  }

  Language language_;
  std::vector<PictureLine> lines_;
  std::vector<std::string> footnotes_;
  statistics::Axis differences_;
  statistics::Svg svg_;
};

}  // namespace

std::string DrawFairness(const v1::FairnessReport& report,
                         const std::map<std::string, std::string>& unit_names,
                         Language language) {
  return FairnessDrawing(report, LinesOf(report, unit_names, language), language).Draw();
}

}  // namespace teraju::evaluation::domain
