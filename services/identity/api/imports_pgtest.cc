#include <map>

#include "absl/time/clock.h"
#include "common/errors/error.h"
#include "services/identity/api/imports_fixture.h"
#include "services/identity/domain/import_row.h"
#include "teraju/identity/v1/error_reason.pb.h"

namespace teraju::identity {
namespace {

using ::testing::ElementsAre;
using testing::HasReason;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::IsOk;
using ::testing::SizeIs;
using ::testing::StartsWith;
using testing::ViolatesField;

TEST_F(ImportsTest, ACityIsImportedOnce) {
  const std::string job = CreateJob();
  UploadCity(job);
  const absl::Time begin = absl::Now();
  const auto done = Run(job);
  ASSERT_THAT(done, IsOk());
  RecordProperty("milliseconds", std::to_string(absl::ToInt64Milliseconds(absl::Now() - begin)));
  EXPECT_EQ(done->state(), v1::ImportJob::SUCCEEDED);
  ASSERT_THAT(done->files(), SizeIs(3));
  const auto expect = [](const v1::ImportFile& file, std::int64_t rows, std::int64_t unchanged) {
    EXPECT_EQ(file.rows(), rows);
    EXPECT_EQ(file.accepted(), rows);
    EXPECT_EQ(file.rejected(), 0);
    EXPECT_EQ(file.unchanged(), unchanged);
    EXPECT_EQ(file.delimiter(), ",");
    EXPECT_EQ(file.line_ends(), "LF");
  };
  expect(done->files(0), 449, 0);
  expect(done->files(1), 4200, 0);
  expect(done->files(2), 4728, 0);
  EXPECT_EQ(Count("units"), "449");
  EXPECT_EQ(Count("employees"), "4200");
  EXPECT_EQ(Count("assignments"), "4728");
  EXPECT_EQ(Count("accounts WHERE password_hash IS NULL AND subject LIKE 'employees/%'"), "4200");
  EXPECT_EQ(Count("outbox WHERE type = 'employee.created'"), "4200");
  // A second import of the same files changes nothing.
  const std::string again = CreateJob();
  UploadCity(again);
  const auto repeated = Run(again);
  ASSERT_THAT(repeated, IsOk());
  expect(repeated->files(0), 449, 449);
  expect(repeated->files(1), 4200, 4200);
  expect(repeated->files(2), 4728, 4728);
  EXPECT_EQ(Count("employees_history"), "0");
  EXPECT_EQ(Count("assignments_history"), "0");
  EXPECT_EQ(Count("outbox WHERE type = 'employee.created'"), "4200");
  EXPECT_EQ(Count("outbox WHERE type = 'employee.changed'"), "0");
  EXPECT_EQ(Count("outbox WHERE type = 'assignment.changed'"), "4728");
}

TEST_F(ImportsTest, ARehearsalSaysTheSameAndStoresNothing) {
  const std::string job = CreateJob();
  UploadCity(job);
  const auto validated = Validate(job);
  ASSERT_THAT(validated, IsOk());
  EXPECT_EQ(validated->state(), v1::ImportJob::VALIDATED);
  EXPECT_EQ(Count("units"), "0");
  EXPECT_EQ(Count("employees"), "0");
  EXPECT_EQ(Count("outbox WHERE type LIKE 'employee.%'"), "0");
  const auto done = Run(job);
  ASSERT_THAT(done, IsOk());
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(done->files(i).ShortDebugString(), validated->files(i).ShortDebugString());
  EXPECT_EQ(Count("employees"), "4200");
}

TEST_F(ImportsTest, AcceptsTheGoodRowsOfASpoiledFileAndReportsTheOthers) {
  const std::string units = CreateJob();
  ASSERT_THAT(Upload(units, "units", ReadTestData("kota-dumai/hierarki-unor.csv")), IsOk());
  ASSERT_THAT(Run(units), IsOk());
  const std::string job = CreateJob();
  ASSERT_THAT(Upload(job, "employees", ReadTestData("kota-dumai-quirks/export-data-asn.csv")),
              IsOk());
  const auto validated = Validate(job);
  ASSERT_THAT(validated, IsOk());
  const std::vector<v1::ImportRowResult> rehearsed = Results(job);
  const auto done = Run(job);
  ASSERT_THAT(done, IsOk());
  const v1::ImportFile& file = done->files(0);
  EXPECT_EQ(file.delimiter(), ";");
  EXPECT_TRUE(file.byte_order_mark());
  EXPECT_EQ(file.line_ends(), "CRLF");
  EXPECT_THAT(file.unknown_columns(), ElementsAre("CATATAN VERIFIKATOR"));
  EXPECT_EQ(file.rows(), 300);
  EXPECT_EQ(file.accepted(), 174);
  EXPECT_EQ(file.accepted_with_warning(), 65);
  EXPECT_EQ(file.rejected(), 61);
  EXPECT_EQ(Count("employees"), "239");
  const std::vector<v1::ImportRowResult> results = Results(job);
  ASSERT_THAT(results, SizeIs(126));
  for (std::size_t i = 0; i < results.size(); ++i) {
    EXPECT_EQ(results[i].ShortDebugString(), rehearsed[i].ShortDebugString());
    EXPECT_FALSE(results[i].message_id().empty()) << results[i].code();
  }
  EXPECT_EQ(results[0].row(), 2);
  EXPECT_EQ(results[0].code(), "UNOR_UNKNOWN");
  const std::string text = Download(job, "employees");
  EXPECT_THAT(text, StartsWith("VERDICT,CODE,COLUMN,MESSAGE,PNS ID,NIP BARU,"));
  EXPECT_THAT(text, HasSubstr("\nREJECTED,UNOR_UNKNOWN,UNOR ID,"));
  EXPECT_THAT(text, HasSubstr("'=cmd|' /C calc'!A0"));
  csv::Reader reader(domain::RecordTooLong);
  int records = 0;
  const auto count = [&](const csv::Record&) {
    ++records;
    return absl::OkStatus();
  };
  ASSERT_THAT(reader.Feed(text, count), IsOk());
  ASSERT_THAT(reader.Finish(count), IsOk());
  EXPECT_EQ(records, 127);
  // No number in a log line.
  for (const std::string& line : host_.log_lines())
    EXPECT_EQ(line.find("19851110"), std::string::npos) << line;
}

TEST_F(ImportsTest, AChangedFileChangesWhatItNames) {
  const std::string units = "ID,NAMA_UNOR,ID_ATASAN\nU,Dinas Kesehatan,\nV,Bidang Pelayanan,U\n";
  const std::string header =
      "PNS ID;NIP BARU;NAMA;TANGGAL LAHIR;JENIS JABATAN ID;JABATAN NAMA;TMT JABATAN;UNOR ID\n";
  const std::string job = CreateJob();
  ASSERT_THAT(Upload(job, "units", units), IsOk());
  ASSERT_THAT(Upload(job,
                     "employees",
                     header + "P1;196608011988031001;Budi;01-08-1966;4;Staf;01-01-2020;V\n"
                              "P2;196708011988031002;Siti;01-08-1967;4;Staf;01-01-2020;V\n"),
              IsOk());
  ASSERT_THAT(Upload(job,
                     "assignments",
                     "NIP,UNOR_ID,JABATAN_NAMA,JENIS_PENUGASAN,TMT_MULAI\n196608011988031001,V,"
                     "Staf,D,01-01-2020\n"),
              IsOk());
  ASSERT_THAT(Run(job), IsOk());
  const std::string person = Query("SELECT employee_id FROM employees WHERE external_id = 'P1'")[0];
  // The NIP of P1 is corrected, the post ended and another begun; P2's key is given to a third.
  const std::string next = CreateJob();
  ASSERT_THAT(Upload(next,
                     "employees",
                     header + "P1;196608011988031009;Budi;01-08-1966;4;Staf;01-01-2020;U\n"
                              "P2;196608011988031009;Siti;01-08-1966;4;Staf;01-01-2020;U\n"
                              "P1;196908011988031003;Joko;01-08-1969;4;Staf;01-01-2020;U\n"),
              IsOk());
  ASSERT_THAT(Upload(next,
                     "assignments",
                     "NIP,UNOR_ID,JABATAN_NAMA,JENIS_PENUGASAN,TMT_MULAI,TMT_SELESAI\n"
                     "196608011988031009,V,Staf,D,01-01-2020,30-06-2025\n196608011988031009,U,Staf,"
                     "D,01-07-2025,\n"
                     "196608011988031009,U,Staf,D,01-08-2025,\n"),
              IsOk());
  const auto done = Run(next);
  ASSERT_THAT(done, IsOk());
  std::vector<std::string> codes;
  for (const v1::ImportRowResult& result : Results(next)) codes.push_back(result.code());
  EXPECT_THAT(codes, ElementsAre("NIP_DUPLICATE", "EMPLOYEE_CONFLICT", "ASSIGNMENT_OVERLAP"));
  EXPECT_THAT(Query("SELECT employee_id FROM employees WHERE nip = '196608011988031009'"),
              ElementsAre(person));
  EXPECT_THAT(Query("SELECT start_date || ' ' || coalesce(end_date::text, '-') FROM assignments "
                    "ORDER BY start_date"),
              ElementsAre("2020-01-01 2025-06-30", "2025-07-01 -"));
  EXPECT_THAT(Query("SELECT count(*) FROM assignments_history WHERE end_date IS NULL"),
              ElementsAre("1"));
  // A definitive post that overlaps a stored one which the file does not name.
  const std::string third = CreateJob();
  ASSERT_THAT(Upload(third,
                     "assignments",
                     "NIP,UNOR_ID,JABATAN_NAMA,JENIS_PENUGASAN,TMT_MULAI\n196608011988031009,V,"
                     "Staf,D,01-09-2025\n"),
              IsOk());
  const auto refused = Run(third);
  ASSERT_THAT(refused, IsOk());
  EXPECT_EQ(refused->files(0).rejected(), 1);
  EXPECT_EQ(refused->files(0).accepted(), 0);
  EXPECT_EQ(Results(third)[0].code(), "ASSIGNMENT_OVERLAP");
}

TEST_F(ImportsTest, AFileWithoutTheRequiredColumnsFailsTheJobWithTheirNames) {
  const std::string job = CreateJob();
  ASSERT_THAT(Upload(job, "employees", "NIP BARU,NAMA\n1,Budi\n"), IsOk());
  const auto failed = Run(job);
  EXPECT_THAT(failed, HasReason(v1::IMPORT_HEADER_INVALID));
  EXPECT_THAT(errors::MetadataOf(failed.status(), "columns"), StartsWith("TANGGAL LAHIR"));
  v1::GetImportJobRequest get;
  get.set_name(job);
  EXPECT_EQ(
      Call<v1::ImportJobs>(kAdmin, &v1::ImportJobs::StubInterface::GetImportJob, get)->state(),
      v1::ImportJob::FAILED);
  // Another upload in its place, and it runs.
  ASSERT_THAT(Upload(job, "employees", ""), IsOk());
  EXPECT_THAT(Run(job), HasReason(v1::IMPORT_HEADER_INVALID));
  ASSERT_THAT(Upload(job, "units", "ID,NAMA_UNOR\nU,Dinas\n"), IsOk());
  EXPECT_EQ(Count("units"), "0");
}

TEST_F(ImportsTest, AJobIsNotTouchedWhileItRuns) {
  worker_.reset();
  const std::string job = CreateJob();
  EXPECT_THAT(Start(job), HasReason(v1::IMPORT_FILE_MISSING));
  ASSERT_THAT(Upload(job, "units", "ID,NAMA_UNOR\nU,Dinas\n"), IsOk());
  const auto first = Start(job);
  ASSERT_THAT(first, IsOk());
  EXPECT_THAT(Start(job), HasReason(errors::reasons::OPERATION_RUNNING));
  EXPECT_THAT(Upload(job, "units", "ID,NAMA_UNOR\nV,Dinas\n"), HasReason(v1::IMPORT_JOB_RUNNING));
  StartWorker();
  EXPECT_THAT(End(first), IsOk());
  EXPECT_THAT(Query("SELECT unit_id FROM units"), ElementsAre("U"));
}

TEST_F(ImportsTest, UploadsAreCheckedAndReplaced) {
  const std::string job = CreateJob();
  EXPECT_THAT(Upload(job, "photos", "x"), ViolatesField("kind"));
  EXPECT_THAT(Upload("agencies/plaju/importJobs/x", "units", "x"),
              HasReason(errors::reasons::PERMISSION_DENIED));
  EXPECT_THAT(Upload("agencies/dumai/importJobs/x", "units", "x"),
              HasReason(errors::reasons::RESOURCE_NOT_FOUND));
  EXPECT_THAT(Upload(job, "units", "x", {.subject = "employees/x", .agency = "dumai"}),
              HasReason(errors::reasons::PERMISSION_DENIED));
  const std::string big(5 * kPiece + 7, 'x');
  const auto file = Upload(job, "units", big);
  ASSERT_THAT(file, IsOk());
  EXPECT_EQ(file->size_bytes(), static_cast<std::int64_t>(big.size()));
  EXPECT_THAT(Query("SELECT sum(length(content)) FROM import_chunks"),
              ElementsAre(std::to_string(big.size())));
  ASSERT_THAT(Upload(job, "units", "small"), IsOk());
  EXPECT_THAT(Query("SELECT sum(length(content)) FROM import_chunks"), ElementsAre("5"));
  EXPECT_THAT(Results(job), IsEmpty());
}

// A crash between two steps: the first is done, the second is not, and the next run goes on behind
// the first.
TEST_F(ImportsTest, ARunGoesOnBehindTheLastStep) {
  const std::string job = CreateJob();
  ASSERT_THAT(Upload(job, "units", "ID,NAMA_UNOR\nU,Dinas\n"), IsOk());
  ASSERT_THAT(
      Upload(job,
             "employees",
             "NIP BARU,NAMA,TANGGAL LAHIR,JENIS JABATAN ID,JABATAN NAMA,TMT JABATAN,UNOR ID\n"
             "196608011988031001,Budi,01-08-1966,4,Staf,01-01-2020,U\n"),
      IsOk());
  worker_.reset();
  const auto started = Start(job);
  ASSERT_THAT(started, IsOk());
  // What a replica leaves behind that died after the first step.
  ASSERT_THAT(CreateUnit("U", "Dinas"), IsOk());
  Query("UPDATE operations SET checkpoint = '1', done = 1, total = 3");
  StartWorker();
  const auto done = End(started);
  ASSERT_THAT(done, IsOk());
  EXPECT_EQ(done->files(0).rows(), 0);  // not judged again
  EXPECT_EQ(done->files(1).accepted(), 1);
  EXPECT_EQ(Count("employees"), "1");
}

}  // namespace
}  // namespace teraju::identity
