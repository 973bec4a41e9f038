#include "services/evaluation/domain/plan_form.h"

#include <algorithm>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/engines/statistics/svg.h"
#include "common/time/period.h"

namespace teraju::evaluation::domain {
namespace {

constexpr char kFormStyle[] = R"css(
@page { size: A4 landscape; margin: 14mm }
* { box-sizing: border-box }
body { font: 10.5pt/1.35 "Noto Sans", "DejaVu Sans", Arial, sans-serif; color: #111; margin: 1.5rem auto; max-width: 267mm }
h1 { font-size: 14pt; text-align: center; margin: 0 }
h2 { font-size: 11pt; margin: 1.2em 0 .4em }
.sub { text-align: center; margin: .2em 0 1em }
table { border-collapse: collapse; width: 100% }
th, td { border: 1px solid #555; padding: .3em .45em; vertical-align: top; text-align: left }
th { background: #eef1f5; font-weight: 600 }
td.n { width: 2.5em; text-align: center }
.group td { background: #f7f8fa; font-weight: 600 }
.head td:nth-child(odd) { width: 13% }
.head td:nth-child(even) { width: 37% }
ol { margin: 0; padding-left: 1.4em }
.sign { display: flex; justify-content: space-between; margin-top: 2em; page-break-inside: avoid }
.sign div { width: 40%; text-align: center }
.sign p { margin: 0 0 4.5em }
tr { page-break-inside: avoid }
@media screen and (max-width: 700px) { body { margin: .5rem; font-size: 10pt } .scroll { overflow-x: auto } }
@media print { body { margin: 0; max-width: none } }
)css";

// In the order of the word BerAKHLAK (SE MenPANRB 20/2021); what else an agency expects comes
// after.
constexpr std::string_view kBerakhlak[] = {"BERORIENTASI_PELAYANAN",
                                           "AKUNTABEL",
                                           "KOMPETEN",
                                           "HARMONIS",
                                           "LOYAL",
                                           "ADAPTIF",
                                           "KOLABORATIF"};

std::vector<BehaviorGuides> InOrder(std::vector<BehaviorGuides> behaviors) {
  const auto place = [](const BehaviorGuides& one) {
    return std::find(std::begin(kBerakhlak), std::end(kBerakhlak), one.id);
  };
  std::stable_sort(behaviors.begin(), behaviors.end(), [&](const auto& a, const auto& b) {
    return place(a) < place(b);
  });
  return behaviors;
}

// Lines stay lines.
std::string Escape(std::string_view text) {
  return absl::StrReplaceAll(statistics::EscapeXml(text), {{"\n", "<br>"}});
}

std::string DayText(const google::type::Date& date) {
  return time::FormatDay(absl::CivilDay(date.year(), date.month(), date.day()));
}

class FormWriter {
 public:
  explicit FormWriter(const PlanForm& form) : form_(form), plan_(form.plan) {}

  std::string Write() {
    absl::StrAppend(&html_,
                    "<!DOCTYPE html>\n<html lang=\"",
                    form_.language == Language::kEnglish ? "en" : "id",
                    "\"><head><meta charset=\"utf-8\">"
                    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">",
                    "<title>",
                    Say("Sasaran Kinerja Pegawai", "Work plan"),
                    "</title><style>",
                    kFormStyle,
                    "</style></head><body>");
    WriteHead();
    WriteResults();
    WriteBehavior();
    WriteAnnex();
    WriteSignatures();
    absl::StrAppend(&html_, "</body></html>\n");
    return std::move(html_);
  }

 private:
  std::string Say(const char* id, const char* en) const { return Text{id, en}.In(form_.language); }

  void WriteHead() {
    const bool qualitative = plan_.style() == v1::WorkPlan::QUALITATIVE;
    absl::StrAppend(&html_,
                    "<h1>",
                    Say("SASARAN KINERJA PEGAWAI", "WORK PLAN (SKP)"),
                    "</h1><p class=\"sub\">",
                    qualitative ? Say("Pendekatan hasil kerja kualitatif", "Qualitative results")
                                : Say("Pendekatan hasil kerja kuantitatif", "Quantitative results"),
                    " · ",
                    Say("Periode ", "Period "),
                    DayText(plan_.snapshot().start_date()),
                    Say(" s.d. ", " to "),
                    DayText(plan_.snapshot().end_date()));
    absl::StrAppend(&html_,
                    " · ",
                    StateText(),
                    "</p><div class=\"scroll\"><table class=\"head\"><tr><th colspan=\"2\">",
                    Say("Pegawai yang dinilai", "Person appraised"),
                    "</th><th colspan=\"2\">",
                    Say("Pejabat penilai kinerja", "Appraiser"),
                    "</th></tr>");
    HeadRow(Say("Nama", "Name"), form_.person.name, form_.appraiser.name);
    HeadRow("NIP", form_.person.nip, form_.appraiser.nip);
    HeadRow(Say("Pangkat/Gol.", "Grade"), form_.person.grade, form_.appraiser.grade);
    HeadRow(Say("Jabatan", "Post"), plan_.snapshot().position_title(), form_.appraiser.post);
    HeadRow(Say("Unit kerja", "Unit"), form_.person.unit, form_.appraiser.unit);
    absl::StrAppend(&html_, "</table></div>");
  }

  std::string StateText() const {
    switch (plan_.state()) {
      case v1::WorkPlan::APPROVED:
        return absl::StrCat(Say("Disetujui, revisi ", "Approved, revision "), plan_.revision());
      case v1::WorkPlan::SUBMITTED:
        return Say("Diajukan", "Submitted");
      case v1::WorkPlan::RETURNED:
        return Say("Dikembalikan", "Returned");
      default:
        return Say("Rancangan", "Draft");
    }
  }

  void HeadRow(const std::string& label, const std::string& person, const std::string& appraiser) {
    absl::StrAppend(&html_, "<tr><td>", label, "</td><td>", Escape(person), "</td><td>");
    absl::StrAppend(&html_, label, "</td><td>", Escape(appraiser), "</td></tr>");
  }

  void WriteResults() {
    absl::StrAppend(&html_, "<h2>", Say("Hasil kerja", "Results"), "</h2>");
    absl::StrAppend(&html_, "<div class=\"scroll\"><table><tr><th>No</th><th>");
    for (const std::string& title :
         {Say("Hasil kerja pimpinan yang diintervensi", "Superior's result that it serves"),
          Say("Rencana hasil kerja", "Result"),
          Say("Aspek", "Aspect"),
          Say("Indikator kinerja individu", "Indicator")}) {
      absl::StrAppend(&html_, title, "</th><th>");
    }
    absl::StrAppend(&html_, "Target</th></tr>");
    WriteKind(v1::WorkPlanItem::MAIN, Say("A. UTAMA", "A. MAIN"));
    WriteKind(v1::WorkPlanItem::ADDITIONAL, Say("B. TAMBAHAN", "B. ADDITIONAL"));
    absl::StrAppend(&html_, "</table></div>");
  }

  void WriteKind(v1::WorkPlanItem::Kind kind, const std::string& title) {
    absl::StrAppend(&html_, "<tr class=\"group\"><td colspan=\"6\">", title, "</td></tr>");
    int number = 0;
    for (const v1::WorkPlanItem& item : plan_.items()) {
      if (item.kind() == kind) WriteItem(item, ++number);
    }
    if (number == 0)
      absl::StrAppend(&html_, "<tr><td class=\"n\">–</td><td colspan=\"5\"></td></tr>");
  }

  void WriteItem(const v1::WorkPlanItem& item, int number) {
    const int rows = std::max(1, item.indicators_size());
    const std::string span = absl::StrCat("\" rowspan=\"", rows, "\">");
    std::string result = Escape(item.title());
    if (!item.expectation().empty())
      absl::StrAppend(&result, "<br><i>", Escape(item.expectation()), "</i>");
    absl::StrAppend(&html_, "<tr><td class=\"n", span, number, "</td><td class=\"s", span);
    absl::StrAppend(&html_, Supports(item), "</td><td class=\"r", span, result, "</td>");
    if (item.indicators().empty()) absl::StrAppend(&html_, "<td></td><td></td><td></td></tr>");
    for (int i = 0; i < item.indicators_size(); ++i) {
      if (i > 0) absl::StrAppend(&html_, "<tr>");
      WriteIndicator(item.indicators(i));
    }
  }

  void WriteIndicator(const v1::ItemIndicator& indicator) {
    std::string target = Escape(indicator.target().value());
    if (indicator.has_target_upper())
      absl::StrAppend(&target, "–", Escape(indicator.target_upper().value()));
    absl::StrAppend(&html_, "<td>", AspectText(indicator.aspect()), "</td><td>");
    absl::StrAppend(&html_, Escape(indicator.title()));
    if (indicator.polarity() == v1::ItemIndicator::LOWER_IS_BETTER)
      absl::StrAppend(&html_, Say(" (makin rendah makin baik)", " (lower is better)"));
    absl::StrAppend(&html_, "</td><td>", target, " ", Escape(indicator.unit_of_measure()));
    absl::StrAppend(&html_, "</td></tr>");
  }

  std::string Supports(const v1::WorkPlanItem& item) const {
    const auto found = form_.titles.find(item.supports());
    std::string text =
        Escape(found == form_.titles.end() ? item.proposed_support() : found->second);
    if (item.supports_state() == v1::WorkPlanItem::PROPOSED)
      absl::StrAppend(&text, " <i>(", Say("diusulkan", "proposed"), ")</i>");
    if (item.supports_kind() == v1::WorkPlanItem::INDIRECT)
      absl::StrAppend(&text, " <i>(", Say("tidak langsung", "indirect"), ")</i>");
    if (item.has_supports_share())
      absl::StrAppend(&text, " ", Escape(item.supports_share().value()), "%");
    return text;
  }

  std::string AspectText(v1::ItemIndicator::Aspect aspect) const {
    switch (aspect) {
      case v1::ItemIndicator::QUANTITY:
        return Say("Kuantitas", "Quantity");
      case v1::ItemIndicator::QUALITY:
        return Say("Kualitas", "Quality");
      case v1::ItemIndicator::TIME:
        return Say("Waktu", "Time");
      case v1::ItemIndicator::COST:
        return Say("Biaya", "Cost");
      default:
        return "";
    }
  }

  void WriteBehavior() {
    absl::StrAppend(&html_, "<h2>", Say("Perilaku kerja", "Behaviour"), "</h2>");
    absl::StrAppend(&html_, "<div class=\"scroll\"><table><tr><th>No</th><th>");
    absl::StrAppend(&html_, Say("Perilaku", "Behaviour"), "</th><th>");
    absl::StrAppend(&html_, Say("Panduan perilaku", "Guides"), "</th><th>");
    absl::StrAppend(
        &html_, Say("Ekspektasi khusus pimpinan", "The leader's own expectation"), "</th></tr>");
    int number = 0;
    for (const BehaviorGuides& behavior : InOrder(form_.behaviors)) {
      absl::StrAppend(&html_, "<tr><td class=\"n\">", ++number, "</td><td>");
      absl::StrAppend(&html_, Escape(behavior.title.In(form_.language)), "</td><td><ol>");
      for (const std::string& guide : behavior.guides)
        absl::StrAppend(&html_, "<li>", Escape(guide), "</li>");
      absl::StrAppend(&html_, "</ol></td><td>", Escape(Expected(behavior.id)), "</td></tr>");
    }
    absl::StrAppend(&html_, "</table></div>");
  }

  std::string Expected(std::string_view code) const {
    for (const v1::BehaviorExpectation& expectation : plan_.behavior_expectations()) {
      if (expectation.behavior() == code) return expectation.text();
    }
    return "";
  }

  void WriteAnnex() {
    std::string resources;
    for (const v1::NeededResource& resource : plan_.needed_resources())
      absl::StrAppend(&resources, "<li>", Escape(resource.text()), "</li>");
    if (!resources.empty()) resources = absl::StrCat("<ol>", resources, "</ol>");
    absl::StrAppend(&html_, "<h2>", Say("Lampiran", "Annex"), "</h2><table>");
    AnnexRow(Say("Dukungan sumber daya", "Resources and support"),
             absl::StrCat(resources, Escape(plan_.needed_support())));
    AnnexRow(Say("Skema pertanggungjawaban", "How it is accounted for"),
             Escape(plan_.accountability()));
    AnnexRow(Say("Konsekuensi", "Consequences"), Escape(plan_.consequences()));
    absl::StrAppend(&html_, "</table>");
  }

  void AnnexRow(const std::string& title, const std::string& text) {
    absl::StrAppend(&html_, "<tr><th style=\"width:22%\">", title, "</th><td>", text, "</td></tr>");
  }

  void WriteSignatures() {
    absl::StrAppend(&html_, "<div class=\"sign\">");
    Signature(Say("Pegawai yang dinilai", "Person appraised"), form_.person);
    Signature(Say("Pejabat penilai kinerja", "Appraiser"), form_.appraiser);
    absl::StrAppend(&html_, "</div>");
  }

  void Signature(const std::string& role, const PersonCard& card) {
    absl::StrAppend(&html_, "<div><p>", role, ",</p>", Escape(card.name));
    if (!card.nip.empty()) absl::StrAppend(&html_, "<br>NIP ", Escape(card.nip));
    absl::StrAppend(&html_, "</div>");
  }

  const PlanForm& form_;
  const v1::WorkPlan& plan_;
  std::string html_;
};

}  // namespace

std::string RenderPlanForm(const PlanForm& form) { return FormWriter(form).Write(); }

}  // namespace teraju::evaluation::domain
