// The histories in which every text field of a service is written and read back.
#pragma once

#include "tests/security/text_writer.h"

namespace teraju::security {

// So many days from now.
json::value DayIn(int days);
std::string TimeIn(int days);

void WriteIdentityTexts(TextWriter& w);
void WriteCatalogTexts(TextWriter& w);
void WritePlanTexts(TextWriter& w);
void WriteGuidanceTexts(TextWriter& w);
void WriteYearTexts(TextWriter& w);
void WriteRehearsalTexts(TextWriter& w);
void WriteTrainingTexts(TextWriter& w);
void WriteFeedbackTexts(TextWriter& w);

// Parts of the year: cases that `people` have against the results that `appraiser` gave them.
void WriteObjections(TextWriter& w,
                     const std::string& appraiser,
                     const std::string& decider,
                     const std::string& other,
                     const std::vector<std::string>& people,
                     const std::string& year);
void WriteProgrammes(TextWriter& w,
                     const std::string& appraiser,
                     const std::vector<std::string>& people,
                     const std::string& year);

}  // namespace teraju::security
