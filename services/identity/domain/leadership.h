// Which post leads a unit, and what kind of post a title names.
#pragma once

#include <string_view>

#include "teraju/identity/v1/employee.pb.h"

namespace teraju::identity::domain {

// Whether an assignment makes its holder the head of the unit:
// * acting assignments (PLT, PLH, PJ) always do: they are given for a post of head;
// * a definitive post does when its title names the head of this very unit: `Kepala …`, `Camat`,
// `Lurah`, `Sekretaris` of a
//   Sekretariat, `Inspektur`, `Direktur`, `Wakil Direktur`, `Asisten`, `Staf Ahli` of the unit that
//   is named so. A title of a smaller unit (`Kepala Seksi …` in a Kelurahan) does not lead the
//   larger one;
// * an additional task (TT) does when its title begins with `Kepala` or `Koordinator`, and it is no
// secondment.
bool LeadsUnit(v1::Assignment::Kind kind, std::string_view title, std::string_view unit_name);

// A functional post ends in its level (`Ahli Madya`, `Terampil`); a title of a head is structural;
// all else is general.
v1::Employee::PositionKind PositionKindOf(std::string_view title);

}  // namespace teraju::identity::domain
