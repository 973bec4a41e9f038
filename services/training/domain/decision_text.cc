#include "services/training/domain/decision_text.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "services/training/domain/rupiah.h"

namespace teraju::training::domain {
namespace {

std::string DateText(const google::type::Date& date) {
  return absl::StrFormat("%04d-%02d-%02d", date.year(), date.month(), date.day());
}

// `"Literasi digital" (2026-04-06 s.d. 2026-04-10)`.
std::string Described(const OpenOffering& open, const char* until) {
  return absl::StrCat("\"",
                      open.course.title(),
                      "\" (",
                      DateText(open.offering.start_date()),
                      until,
                      DateText(open.offering.end_date()),
                      ")");
}

void Set(v1::AllocationDecision& decision, std::string id, std::string en) {
  decision.set_reason_id(std::move(id));
  decision.set_reason_en(std::move(en));
}

}  // namespace

void Explain(const v1::Need& need,
             const OpenOffering* open,
             allocation::Refusal refusal,
             v1::AllocationDecision& decision) {
  if (open == nullptr) {
    return Set(decision,
               absl::StrCat("Tidak ada jadwal pelatihan untuk topik ", need.topic(), "."),
               absl::StrCat("No offering teaches the topic ", need.topic(), "."));
  }
  const std::string id = Described(*open, " s.d. ");
  const std::string en = Described(*open, " to ");
  const std::string price = RupiahText(open->offering.cost_per_seat().units());
  switch (refusal) {
    case allocation::Refusal::kNone:
      return Set(decision,
                 absl::StrCat("Mendapat tempat pada ", id, ", ", price, " per peserta."),
                 absl::StrCat("Has a seat in ", en, ", ", price, " per participant."));
    case allocation::Refusal::kBudget:
      return Set(decision,
                 absl::StrCat("Anggaran tidak cukup untuk ",
                              id,
                              ", ",
                              price,
                              " per peserta; kebutuhan lain lebih mendesak per rupiah."),
                 absl::StrCat("The budget does not suffice for ",
                              en,
                              ", ",
                              price,
                              " per participant; other needs are more urgent per rupiah."));
    case allocation::Refusal::kSeats:
      return Set(decision,
                 absl::StrCat("Tempat pada ", id, " habis; kebutuhan lain lebih mendesak."),
                 absl::StrCat("All seats in ", en, " are taken; other needs are more urgent."));
    case allocation::Refusal::kClash:
      return Set(decision,
                 absl::StrCat("Pegawai mengikuti pelatihan lain pada hari ", id, "."),
                 absl::StrCat("The person is in another course on the days of ", en, "."));
    case allocation::Refusal::kMinimumNotReached:
      return Set(decision,
                 absl::StrCat(id,
                              " tidak diadakan: peserta kurang dari ",
                              open->offering.minimum_participants(),
                              " atau biayanya tidak sepadan."),
                 absl::StrCat(en,
                              " does not take place: fewer than ",
                              open->offering.minimum_participants(),
                              " participants, or not worth its cost."));
    case allocation::Refusal::kLowerPriority:
      return Set(decision,
                 absl::StrCat("Tidak masuk rencana: ", id, "; kebutuhan lain lebih mendesak."),
                 absl::StrCat("Not in the plan: ", en, "; other needs are more urgent."));
    case allocation::Refusal::kHoursLimit:
      return Set(decision,
                 absl::StrCat("Dengan ", id, " pegawai melebihi batas jam pelajaran."),
                 absl::StrCat("With ", en, " the person would exceed the limit of hours."));
    case allocation::Refusal::kPrerequisite:
      return Set(decision,
                 absl::StrCat("Pegawai belum mengikuti prasyarat ", id, "."),
                 absl::StrCat("The person lacks a prerequisite of ", en, "."));
    case allocation::Refusal::kNotOpen:
      return Set(decision,
                 absl::StrCat(id, " tidak terbuka bagi pegawai ini."),
                 absl::StrCat(en, " is not open to this person."));
    case allocation::Refusal::kNoOffering:
      return Explain(need, nullptr, refusal, decision);
  }
}

}  // namespace teraju::training::domain
