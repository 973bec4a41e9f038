// Rows that tests of stores begin with.
#pragma once

#include <string>
#include <vector>

#include "services/feedback/domain/campaign.h"
#include "services/feedback/domain/timestamp.h"
#include "services/feedback/store/campaign_store.h"
#include "services/feedback/store/nomination_store.h"
#include "services/feedback/store/questionnaire_store.h"

namespace teraju::feedback {

inline const AgencyId kAgency("dumai");
inline const QuestionnaireKey kQuestionnaireKey{
    kAgency, QuestionnaireId("01890000-0000-7000-8000-0000000000a1")};
inline const CampaignKey kCampaignKey{kAgency, CampaignId("01890000-0000-7000-8000-0000000000c1")};

// The tables of open campaigns and surveys: they outlive the emptying of tables between tests.
inline constexpr char kOpenTables[] =
    "SELECT oid::regclass::text FROM pg_class WHERE relispartition AND relkind = 'r'";

inline v1::Questionnaire PublishedQuestionnaire(v1::Questionnaire::Kind kind, int items) {
  v1::Questionnaire questionnaire;
  questionnaire.set_kind(kind);
  questionnaire.set_display_name("Perilaku");
  questionnaire.set_scale_minimum(1);
  questionnaire.set_scale_maximum(kind == v1::Questionnaire::CITIZEN ? 4 : 5);
  questionnaire.set_comments(true);
  questionnaire.set_state(v1::Questionnaire::PUBLISHED);
  for (int i = 1; i <= items; ++i) {
    v1::QuestionnaireItem& item = *questionnaire.add_items();
    item.set_item_id("i" + std::to_string(i));
    item.set_topic("U" + std::to_string(i));
  }
  return questionnaire;
}

// A campaign in DRAFT that ends a day after the call.
inline v1::Campaign InsertCampaign(postgres::Transaction& tx,
                                   const CampaignKey& key = kCampaignKey) {
  QuestionnaireStore questionnaires(tx);
  if (!questionnaires.Get(kQuestionnaireKey).ok()) {
    questionnaires.Insert(kQuestionnaireKey,
                          PublishedQuestionnaire(v1::Questionnaire::MULTI_RATER, 2));
  }
  v1::Campaign campaign;
  campaign.set_display_name("360");
  const absl::Time now = tx.call().time();
  *campaign.mutable_end_time() = domain::ToTimestamp(now + absl::Hours(24));
  domain::PrepareCampaign(campaign, now).IgnoreError();
  return CampaignStore(tx).Insert(key, kQuestionnaireKey, campaign);
}

inline absl::StatusOr<v1::Campaign> SetState(postgres::Transaction& tx, v1::Campaign::State state) {
  return CampaignStore(tx).Update(
      kCampaignKey, api::Precondition::None(), [&](v1::Campaign& campaign) {
        campaign.set_state(state);
        return absl::OkStatus();
      });
}

}  // namespace teraju::feedback
