#include "services/evaluation/domain/receipt_page.h"

#include <cstdlib>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/engines/rules/predicate.h"
#include "google/protobuf/util/time_util.h"
#include "services/evaluation/domain/page.h"
#include "services/evaluation/domain/rating.h"

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
      rows.push_back({step.subject(), step.formula(), step.result(), step.source()});
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
