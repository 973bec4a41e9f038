#include "services/evaluation/domain/receipt_page.h"

#include <cstdlib>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/engines/rules/achievement.h"
#include "common/engines/rules/predicate.h"
#include "google/protobuf/util/time_util.h"
#include "services/evaluation/domain/page.h"
#include "services/evaluation/domain/scoring.h"

namespace teraju::evaluation::domain {
namespace {

class ReceiptPage {
 public:
  ReceiptPage(const v1::ScoreReceipt& receipt, Language language)
      : receipt_(receipt),
        language_(language),
        page_(Say("Tanda terima hasil kinerja", "Receipt of an appraisal result"), language) {}

  std::string Draw() && {
    DrawResult();
    DrawAchievements();
    page_.Heading(Say("Bagaimana hasil ini terjadi", "How this result arose"));
    page_.Text(Say(receipt_.text_id(), receipt_.text_en()));
    DrawSteps();
    DrawProof();
    return std::move(page_).Finish();
  }

 private:
  std::string Say(const std::string& id, const std::string& en) const {
    return language_ == Language::kEnglish ? en : id;
  }
  std::string Say(const Text& text) const { return Say(text.id, text.en); }
  std::string Label(v1::Rating rating) const {
    const auto known = rules::RatingOf(rating);
    return known.ok() ? Say(rules::Label(*known)) : "";
  }

  void DrawResult() {
    const v1::Evaluation& evaluation = receipt_.evaluation();
    const v1::Snapshot& snapshot = evaluation.snapshot();
    const auto predicate = rules::PredicateOf(evaluation.predicate());
    page_.Facts({
        {Say("Predikat kinerja", "Predicate"), predicate.ok() ? Say(rules::Label(*predicate)) : ""},
        {Say("Rating hasil kerja", "Rating of results"), Label(evaluation.result_rating())},
        {Say("Rating perilaku kerja", "Rating of behaviour"), Label(evaluation.behavior_rating())},
        {Say("Pegawai", "Employee"), snapshot.employee()},
        {Say("Jabatan", "Post"), snapshot.position_title()},
        {Say("Unit", "Unit"), snapshot.unit()},
        {Say("Periode", "Period"), evaluation.period()},
        {Say("Pejabat penilai", "Appraiser"),
         absl::StrCat(evaluation.rated_by(),
                      ". ",
                      Say(snapshot.explanation_id(), snapshot.explanation_en()))},
        {Say("Final sejak", "Final since"),
         google::protobuf::util::TimeUtil::ToString(evaluation.final_time())},
    });
  }

  // What a step is about and what came out, for people: the steps themselves are for programs.
  std::string Subject(const std::string& subject) const {
    if (subject == "mean achievement") return Say("Rata-rata capaian", "Mean achievement");
    if (subject == "result_rating") return Say("Rating hasil kerja", "Rating of results");
    if (subject == "behavior_rating") return Say("Rating perilaku kerja", "Rating of behaviour");
    if (subject == "predicate") return Say("Predikat kinerja", "Predicate");
    if (subject == kMeanCategoryRule.name)
      return Say("Saran dari rata-rata capaian", "Suggestion from the mean achievement");
    if (subject.find("/reports/") != std::string::npos)
      return Say("Umpan balik 360 derajat", "360-degree feedback");
    return subject;
  }
  std::string Words(const std::string& code) const {
    v1::Rating rating;
    if (v1::Rating_Parse(code, &rating) && rating != v1::RATING_UNSPECIFIED) return Label(rating);
    v1::Predicate predicate;
    if (v1::Predicate_Parse(code, &predicate)) {
      const auto known = rules::PredicateOf(predicate);
      if (known.ok()) return Say(rules::Label(*known));
    }
    for (int number = 1; number <= 5; ++number) {
      const auto category = static_cast<rules::Category>(number);
      if (rules::CategoryName(category) == code) return Say(rules::Label(category));
    }
    const std::size_t product = code.find(" x ");
    if (product == std::string::npos) return code;
    return Words(code.substr(0, product)) + " × " + Words(code.substr(product + 3));
  }

  // The means of the results, as the receipt's steps have them.
  void DrawAchievements() {
    std::vector<Page::Bar> bars;
    for (const v1::ReceiptStep& step : receipt_.steps()) {
      if (step.operation() != "mean" || step.subject() == "mean achievement") continue;
      bars.push_back({step.subject(),
                      std::strtod(step.result().c_str(), nullptr),
                      absl::StrCat(step.result(), "%")});
    }
    if (bars.empty()) return;
    const std::string title = Say("Capaian per hasil kerja", "Achievement by result");
    page_.Heading(title);
    page_.Bars(title, bars);
  }

  void DrawSteps() {
    page_.Heading(Say("Langkah demi langkah", "Step by step"));
    std::vector<std::vector<std::string>> rows;
    for (const v1::ReceiptStep& step : receipt_.steps()) {
      rows.push_back(
          {Subject(step.subject()), Words(step.formula()), Words(step.result()), step.source()});
    }
    page_.Table({Say("Apa", "What"),
                 Say("Hitungan atau alasan", "Calculation or reason"),
                 Say("Hasil", "Result"),
                 Say("Dasar", "Source")},
                rows);
  }

  void DrawProof() {
    page_.Heading(Say("Memeriksa sendiri", "Check it yourself"));
    page_.Text(
        Say("Unduh berkas pada alamat tanda terima ini dengan akhiran :export dan kunci "
            "instansi, lalu jalankan teraju-verify: program itu memeriksa tanda tangan, "
            "tempatnya di log keputusan, dan menghitung ulang hasilnya tanpa jaringan.",
            "Download the file at this receipt's address with :export at its end, and the "
            "agency's key, and run teraju-verify: it checks the signature and the place in "
            "the decision log, and computes the result again without a network."));
    page_.Facts(
        {{Say("Alamat", "Address"), receipt_.name()},
         {Say("Aturan", "Rules"), receipt_.engine()},
         {Say("Sidik dokumen (SHA-256)", "Digest of the document (SHA-256)"), receipt_.digest()},
         {Say("Catatan di log keputusan", "Record in the decision log"), receipt_.audit_event()}});
  }

  const v1::ScoreReceipt& receipt_;
  const Language language_;
  Page page_;
};

}  // namespace

std::string DrawReceipt(const v1::ScoreReceipt& receipt, Language language) {
  return ReceiptPage(receipt, language).Draw();
}

}  // namespace teraju::evaluation::domain
