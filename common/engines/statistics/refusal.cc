#include "common/engines/statistics/refusal.h"

namespace teraju::statistics {

std::string ReasonName(RefusalReason reason) {
  switch (reason) {
    case RefusalReason::kTooFew:
      return "TOO_FEW";
    case RefusalReason::kOneRater:
      return "ONE_RATER";
    case RefusalReason::kMissingAnswers:
      return "MISSING_ANSWERS";
    case RefusalReason::kConstantAnswers:
      return "CONSTANT_ANSWERS";
    case RefusalReason::kZeroVariance:
      return "ZERO_VARIANCE";
    case RefusalReason::kUnconnected:
      return "UNCONNECTED";
    case RefusalReason::kNotSeparable:
      return "NOT_SEPARABLE";
    case RefusalReason::kNotANumber:
      return "NOT_A_NUMBER";
  }
  return "UNKNOWN";
}

Refusal TooFew(const std::string& en, const std::string& id) {
  return {RefusalReason::kTooFew, en, id};
}

Refusal ConstantAnswers() {
  return {RefusalReason::kConstantAnswers,
          "All answers are the same: there is no variation to attribute. Ask questions that "
          "distinguish, or report the common value only.",
          "Semua jawaban sama: tidak ada ragam yang dapat diuraikan. Pakai pertanyaan yang "
          "membedakan, atau laporkan nilai bersama itu saja."};
}

Refusal ZeroVariance() {
  return {RefusalReason::kZeroVariance,
          "The variance that the statistic divides by is zero. Check for copied answers.",
          "Ragam yang menjadi pembagi bernilai nol. Periksa apakah jawaban disalin."};
}

Refusal MissingAnswers() {
  return {RefusalReason::kMissingAnswers,
          "The statistic needs a complete table. Leave out incomplete rows, or use Krippendorff's "
          "alpha or the rater model, which allow gaps.",
          "Statistik ini memerlukan tabel lengkap. Keluarkan baris yang tidak lengkap, atau pakai "
          "alpha Krippendorff atau model penilai, yang menerima data kosong."};
}

Refusal NotANumber() {
  return {RefusalReason::kNotANumber,
          "A value is not a number this statistic is made for. Correct the data.",
          "Ada nilai yang tidak sesuai untuk statistik ini. Perbaiki data."};
}

}  // namespace teraju::statistics
