// Why a need is met or refused, in both languages.
#pragma once

#include "common/engines/allocation/training.h"
#include "services/training/domain/allocation.h"

namespace teraju::training::domain {

// Sets the reasons of `decision`. `open` is the offering that meets the need or that the refusal is
// about; null where nothing teaches the topic.
void Explain(const v1::Need& need,
             const OpenOffering* open,
             allocation::Refusal refusal,
             v1::AllocationDecision& decision);

}  // namespace teraju::training::domain
