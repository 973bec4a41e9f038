// The ids of feedback's own resources.
#pragma once

#include "common/api/strong_id.h"

namespace teraju::feedback {

using QuestionnaireId = StrongId<struct QuestionnaireTag>;
using CampaignId = StrongId<struct CampaignTag>;
using RequestId = StrongId<struct RequestTag>;
using ImprovementId = StrongId<struct ImprovementTag>;
using SurveyId = StrongId<struct SurveyTag>;

}  // namespace teraju::feedback
