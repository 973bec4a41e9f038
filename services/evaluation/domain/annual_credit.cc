#include "services/evaluation/domain/annual_credit.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/decimal/proto_decimal.h"
#include "common/engines/rules/json.h"
#include "common/engines/rules/shipped_packs.h"
#include "common/errors/status_macros.h"
#include "services/evaluation/domain/scoring.h"

namespace teraju::evaluation::domain {
namespace {

using rules::Json;

constexpr char kCreditPack[] = "angka-kredit";
constexpr char kCredits[] = "credits";
constexpr char kFunctional[] = "FUNCTIONAL";

struct LevelTitle {
  std::string_view title;  // in lower case
  std::string_view code;
};
constexpr std::array<LevelTitle, 8> kLevelTitles = {{{"ahli pertama", "PT"},
                                                     {"ahli muda", "MU"},
                                                     {"ahli madya", "MA"},
                                                     {"ahli utama", "UT"},
                                                     {"pemula", "PM"},
                                                     {"terampil", "TR"},
                                                     {"mahir", "MH"},
                                                     {"penyelia", "PY"}}};

struct SegmentDays {
  absl::CivilDay first;
  absl::CivilDay last;
};

// How many days of the month lie in the segment.
int DaysWithin(const SegmentDays& segment, absl::CivilMonth month) {
  const absl::CivilDay from = std::max(segment.first, absl::CivilDay(month));
  const absl::CivilDay until = std::min(segment.last, absl::CivilDay(month + 1) - 1);
  return until < from ? 0 : static_cast<int>(until - from) + 1;
}

bool EarnsCredits(const v1::AnnualSegment& segment) {
  return segment.position_kind() == kFunctional && segment.months() > 0 &&
         segment.predicate() != v1::PREDICATE_UNSPECIFIED &&
         !CreditLevelOf(segment.position_title()).empty();
}

}  // namespace

const rules::PolicyPack& CreditPack() {
  static const rules::PolicyPack& pack = *rules::FindShippedPack(kCreditPack);
  return pack;
}

std::string CreditPackText() { return std::string(rules::ShippedPackText(kCreditPack)); }

std::string_view CreditLevelOf(std::string_view position_title) {
  const std::string title =
      absl::AsciiStrToLower(absl::StripAsciiWhitespace(std::string(position_title)));
  for (const LevelTitle& level : kLevelTitles) {
    const std::string ending(level.title);
    if (title == ending || absl::EndsWith(title, " " + ending)) return level.code;
  }
  return "";
}

absl::Status CountMonths(const time::Period& year, v1::AnnualResult& result) {
  std::vector<SegmentDays> segments;
  for (v1::AnnualSegment& segment : *result.mutable_segments()) {
    ASSIGN_OR_RETURN(const absl::CivilDay first, time::ToCivilDay(segment.start_date()));
    ASSIGN_OR_RETURN(const absl::CivilDay last, time::ToCivilDay(segment.end_date()));
    segments.push_back({first, last});
    segment.set_months(0);
  }
  for (absl::CivilMonth month(year.start()); month <= absl::CivilMonth(year.last()); ++month) {
    int most = 0;
    v1::AnnualSegment* counts = nullptr;
    for (std::size_t i = 0; i < segments.size(); ++i) {
      const int days = DaysWithin(segments[i], month);
      if (days == 0 || days < most) continue;
      most = days;
      counts = result.mutable_segments(static_cast<int>(i));
    }
    if (counts != nullptr) counts->set_months(counts->months() + 1);
  }
  return absl::OkStatus();
}

std::optional<Json> CreditInputs(const v1::AnnualResult& result) {
  Json periods = Json::Array();
  for (const v1::AnnualSegment& segment : result.segments()) {
    if (!EarnsCredits(segment)) continue;
    periods.items.push_back(Json::Object()
                                .Set("key", AccountKey(segment.position_title()))
                                .Set("level", std::string(CreditLevelOf(segment.position_title())))
                                .Set("predicate", v1::Predicate_Name(segment.predicate()))
                                .Set("months", segment.months()));
  }
  if (periods.items.empty()) return std::nullopt;
  Json inputs = Json::Object();
  inputs.Set("periods", std::move(periods));
  return inputs;
}

absl::StatusOr<std::optional<rules::Evaluation>> CreditsOf(const v1::AnnualResult& result) {
  const std::optional<Json> inputs = CreditInputs(result);
  if (!inputs.has_value()) return std::nullopt;
  ASSIGN_OR_RETURN(rules::Evaluation evaluation, rules::Evaluate(CreditPack(), kCredits, *inputs));
  return evaluation;
}

absl::Status SetCredits(v1::AnnualResult& result) {
  result.clear_credits();
  ASSIGN_OR_RETURN(const std::optional<rules::Evaluation> credits, CreditsOf(result));
  if (!credits.has_value() || !credits->score.has_value()) return absl::OkStatus();
  v1::AnnualCredits& stored = *result.mutable_credits();
  *stored.mutable_credits() = ToProto(*credits->score);
  stored.set_pack(absl::StrCat(CreditPack().name, "@", CreditPack().revision));
  stored.set_text_id(rules::Render(credits->account, Language::kIndonesian));
  stored.set_text_en(rules::Render(credits->account, Language::kEnglish));
  return absl::OkStatus();
}

}  // namespace teraju::evaluation::domain
