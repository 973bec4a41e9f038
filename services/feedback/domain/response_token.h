// The secrets of answering: pseudonyms and response tokens of a campaign, one-time codes of a
// survey.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "services/feedback/domain/ids.h"

namespace teraju::feedback::domain {

inline constexpr int kKeyBytes = 32;
inline constexpr int kTokenSecretBytes = 16;

// Under which name a rater's answers are kept while the campaign is open: HMAC-SHA256(key, rater),
// 32 bytes. Without the key, which closing destroys, it leads to nobody.
std::string Pseudonym(std::string_view campaign_key, const std::string& rater);

// The token of a request. It is derived from the key, so that the rater can be shown it again
// although only its hash is stored.
std::string ResponseToken(std::string_view campaign_key,
                          const CampaignId& campaign,
                          const RequestId& request);

// A one-time code from kTokenSecretBytes random bytes.
std::string SurveyCode(const SurveyId& survey, std::string_view random_bytes);

// The campaign or survey that a token belongs to (lower-case UUID); nullopt if it is none of ours.
std::optional<std::string> RoundOfToken(const std::string& token);

// What is stored of a token: SHA-256, 32 bytes.
std::string HashToken(std::string_view token);

}  // namespace teraju::feedback::domain
