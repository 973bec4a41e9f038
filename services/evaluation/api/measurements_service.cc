#include "services/evaluation/api/measurements_service.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/errors/field_violations.h"
#include "common/errors/status_macros.h"
#include "services/evaluation/api/access.h"
#include "services/evaluation/api/record_measurements.h"
#include "services/evaluation/store/names.h"

namespace teraju::evaluation {
namespace {

using Figures = std::vector<domain::ToldFigure>;

// The names must be names of the agency, and each figure is about one person or unit.
absl::StatusOr<Figures> FiguresOf(const std::string& agency,
                                  const v1::BatchCreateMeasurementsRequest& request) {
  Figures figures;
  errors::FieldViolations violations;
  for (int i = 0; i < request.measurements_size(); ++i) {
    const v1::Measurement& measurement = request.measurements(i);
    const std::string path = absl::StrCat("measurements[", i, "]");
    if (!measurement.employee().empty()) {
      RETURN_IF_ERROR(ParsePerson(measurement.employee(), request.parent(), path + ".employee"));
    }
    if (!measurement.unit().empty()) {
      ASSIGN_OR_RETURN(const auto ids, kUnitName.Parse(measurement.unit(), path + ".unit"));
      if (ids[0] != agency) {
        violations.Add(path + ".unit",
                       "AGENCY_DIFFERS",
                       "Sebutkan unit instansi ini.",
                       "Name a unit of this agency.");
      }
    }
    domain::ToldFigure& figure = figures.emplace_back();
    figure.measurement = measurement;
    domain::CheckOneSubject(figure);
    if (figure.result.state() == v1::MeasurementResult::REFUSED) {
      violations.Add(path, "ONE_SUBJECT", figure.result.text_id(), figure.result.text_en());
    }
  }
  RETURN_IF_ERROR(violations.ToStatus());
  return figures;
}

// Asks identity who has the NIPs of a file. Who is not there is refused.
absl::Status ResolveNips(const CallContext& call,
                         PeopleClient& people,
                         const std::string& agency,
                         Figures& figures) {
  const std::string parent = kAgencyName.Format({agency});
  std::map<std::string, std::string> names;
  for (domain::ToldFigure& figure : figures) {
    if (figure.nip.empty() || figure.result.state() == v1::MeasurementResult::REFUSED) continue;
    if (!names.contains(figure.nip)) {
      ASSIGN_OR_RETURN(names[figure.nip], people.FindByNip(call, parent, figure.nip));
    }
    figure.measurement.set_employee(names[figure.nip]);
    if (figure.measurement.employee().empty()) {
      domain::Refuse(figure.result,
                     "NIP tidak dikenal pada instansi ini. Periksa NIP-nya.",
                     "The agency has nobody with this NIP. Check it.");
    }
  }
  return absl::OkStatus();
}

}  // namespace

grpc::ServerUnaryReactor* MeasurementsService::BatchCreateMeasurements(
    grpc::CallbackServerContext* context,
    const v1::BatchCreateMeasurementsRequest* request,
    v1::BatchCreateMeasurementsResponse* response) {
  return pipeline_.Unary(context, request, response, [this, request](const CallContext& call) {
    return Record(call, request->parent(), [&](const std::string& agency) {
      return FiguresOf(agency, *request);
    });
  });
}

grpc::ServerUnaryReactor* MeasurementsService::ImportMeasurements(
    grpc::CallbackServerContext* context,
    const v1::ImportMeasurementsRequest* request,
    v1::BatchCreateMeasurementsResponse* response) {
  return pipeline_.Unary(context, request, response, [this, request](const CallContext& call) {
    return Record(
        call, request->parent(), [&](const std::string& agency) -> absl::StatusOr<Figures> {
          ASSIGN_OR_RETURN(Figures figures,
                           domain::ReadMeasurementFile(agency, request->body().data()));
          RETURN_IF_ERROR(ResolveNips(call, people_, agency, figures));
          return figures;
        });
  });
}

absl::StatusOr<v1::BatchCreateMeasurementsResponse> MeasurementsService::Record(
    const CallContext& call, const std::string& parent, ReadFigures read) {
  ASSIGN_OR_RETURN(const std::string agency, ParseAgency(parent, "parent"));
  RETURN_IF_ERROR(call.Authorize(AgencyObject(agency, parent)));
  ASSIGN_OR_RETURN(const Figures figures, read(agency));
  return database_.Write(
      call, [&](postgres::Transaction& tx) { return RecordMeasurements(tx, agency, figures); });
}

}  // namespace teraju::evaluation
