// An import is taken back as a whole, or not at all.
#include "services/identity/api/imports_fixture.h"
#include "teraju/identity/v1/error_reason.pb.h"

namespace teraju::identity {
namespace {

using testing::HasReason;
using ::testing::IsEmpty;
using testing::IsOk;
using ::testing::StartsWith;

constexpr char kUnits[] = "ID,NAMA_UNOR,ID_ATASAN\nU,Dinas Kesehatan,\nV,Bidang Pelayanan,U\n";
constexpr char kHeader[] =
    "PNS ID;NIP BARU;NAMA;TANGGAL LAHIR;JENIS JABATAN ID;JABATAN NAMA;TMT JABATAN;UNOR ID\n";
constexpr char kPosts[] = "NIP,UNOR_ID,JABATAN_NAMA,JENIS_PENUGASAN,TMT_MULAI,TMT_SELESAI\n";

class ImportRollbackTest : public ImportsTest {
 protected:
  void SetUp() override {
    ImportsTest::SetUp();
    first_ = Import(kUnits,
                    std::string(kHeader) +
                        "P1;196608011988031001;Budi;01-08-1966;4;Staf;01-01-2020;V\n"
                        "P2;196708011988031002;Siti;01-08-1967;4;Staf;01-01-2020;V\n",
                    std::string(kPosts) +
                        "196608011988031001,V,Staf,D,01-01-2020,\n"
                        "196708011988031002,V,Kepala Bidang,D,01-01-2020,\n");
  }
  std::string Import(const std::string& units,
                     const std::string& employees,
                     const std::string& assignments) {
    std::string job = CreateJob();
    const auto upload = [&](const std::string& kind, const std::string& content) {
      if (content.empty()) return;
      EXPECT_THAT(Upload(job, kind, content), IsOk());
    };
    upload("units", units);
    upload("employees", employees);
    upload("assignments", assignments);
    EXPECT_THAT(Run(job), IsOk());
    return job;
  }
  // Everything that is in force, as text.
  std::vector<std::string> State() const {
    return Query(
        "SELECT unit_id || ' ' || start_date || ' ' || end_date || ' ' || display_name || ' ' || "
        "coalesce(parent_unit_id, '-') FROM unit_states UNION ALL SELECT nip || ' ' || full_name "
        "|| ' ' || unit_id || ' ' || external_id FROM employees WHERE delete_time IS NULL UNION "
        "ALL SELECT unit_id || ' ' || position_title || ' ' || start_date || ' ' || "
        "coalesce(end_date::text, '-') FROM assignments_known(NULL) ORDER BY 1");
  }

  std::string first_;
};

TEST_F(ImportRollbackTest, WhatWasEnteredIsWithdrawnAndMayBeEnteredAgain) {
  const std::vector<std::string> before = State();
  const auto done = RollBack(first_);
  ASSERT_THAT(done, IsOk());
  EXPECT_EQ(done->state(), v1::ImportJob::ROLLED_BACK);
  EXPECT_THAT(State(), IsEmpty());
  EXPECT_EQ(Count("outbox WHERE type = 'reportingLine.changed' AND payload LIKE "
                  "'%previousAppraiser%' AND payload NOT LIKE '%\"appraiser\"%'"),
            "1");
  EXPECT_THAT(RollBack(first_), HasReason(v1::IMPORT_NOT_RUN));
  ASSERT_THAT(Run(first_), IsOk());
  EXPECT_EQ(State(), before);
  ASSERT_THAT(RollBack(first_), IsOk());
  EXPECT_THAT(State(), IsEmpty());
  // What was believed stays among the revisions.
  EXPECT_EQ(Count("employees_history WHERE recorded_by LIKE 'importJobs/%'"), "4");
}

TEST_F(ImportRollbackTest, WhatWasChangedIsAsBefore) {
  const std::vector<std::string> before = State();
  const std::string next =
      Import("ID,NAMA_UNOR,ID_ATASAN\nV,Bidang Layanan,U\nW,Bidang Baru,U\n",
             std::string(kHeader) +
                 "P1;196608011988031009;Budi S;01-08-1966;4;Staf;01-01-2020;W\n"
                 "P3;196908011988031003;Joko;01-08-1969;4;Staf;01-01-2020;W\n",
             std::string(kPosts) +
                 "196608011988031009,V,Staf,D,01-01-2020,30-06-2025\n"
                 "196608011988031009,W,Staf,D,01-07-2025,\n");
  EXPECT_NE(State(), before);
  ASSERT_THAT(RollBack(next), IsOk());
  EXPECT_EQ(State(), before);
  // The earlier import can then be taken back as well.
  EXPECT_THAT(RollBack(first_), IsOk());
}

TEST_F(ImportRollbackTest, IsRefusedWhereLaterChangesStandOnIt) {
  const std::vector<std::string> before = State();
  const auto refuse = [&](const std::string& resource) {
    const auto refused = RollBack(first_);
    EXPECT_THAT(refused, HasReason(v1::IMPORT_CHANGED_SINCE));
    EXPECT_THAT(errors::MetadataOf(refused.status(), "resource"),
                StartsWith("agencies/dumai/" + resource));
    v1::GetImportJobRequest get;
    get.set_name(first_);
    EXPECT_EQ(
        Call<v1::ImportJobs>(kAdmin, &v1::ImportJobs::StubInterface::GetImportJob, get)->state(),
        v1::ImportJob::SUCCEEDED);
  };
  // Somebody signs in.
  Query("UPDATE accounts SET password_hash = 'x' WHERE subject LIKE 'employees/%'");
  refuse("employees/");
  EXPECT_EQ(State(), before);
  Query("UPDATE accounts SET password_hash = NULL");
  // A unit below, an official, another post.
  ASSERT_THAT(CreateUnit("X", "Seksi", "V"), IsOk());
  refuse("units/X");
  Query("DELETE FROM unit_states WHERE unit_id = 'X'");
  const auto official = CreateOfficial("U", Date(2021, 2, 26));
  ASSERT_THAT(official, IsOk());
  refuse("officials/");
  Query("DELETE FROM officials");
  const std::string person = "agencies/dumai/employees/" +
                             Query("SELECT employee_id FROM employees WHERE external_id = 'P1'")[0];
  const auto task = Assign(person, "V", "Bendahara", v1::Assignment::ADDITIONAL, Date(2025, 1, 1));
  ASSERT_THAT(task, IsOk());
  refuse("employees/");
  Query("DELETE FROM assignments WHERE kind = 'ADDITIONAL'");
  // A later import corrected something.
  const std::string next = Import(
      "",
      std::string(kHeader) + "P1;196608011988031001;Budiman;01-08-1966;4;Staf;01-01-2020;V\n",
      "");
  refuse("employees/");
  ASSERT_THAT(RollBack(next), IsOk());
  EXPECT_THAT(RollBack(first_), IsOk());
}

// A statement of an import may take longer than a call's.
TEST_F(ImportRollbackTest, LongStatementsOfAnImportAreNotCutShort) {
  Query(
      "CREATE FUNCTION take_long() RETURNS trigger LANGUAGE plpgsql AS "
      "'BEGIN PERFORM pg_sleep(1.2); RETURN NULL; END'");
  Query("CREATE TRIGGER take_long AFTER UPDATE ON employees EXECUTE FUNCTION take_long()");
  postgres::DatabaseOptions options = Options();
  options.statement_timeout = absl::Seconds(1);
  postgres::Database hurried(options, metrics());
  worker_ = std::make_unique<operations::Worker>(
      operations::WorkerOptions{
          .service = "identity", .poll = absl::Milliseconds(20), .backoff = absl::Milliseconds(10)},
      operations::Handlers{{kImport, teraju::identity::Import(hurried)}},
      hurried,
      testing::internal::DenyAll(),
      host_.logger());
  EXPECT_THAT(RollBack(first_), IsOk());
  // The control: without that a second is all there is.
  EXPECT_THAT(hurried.Write(testing::TestCall(),
                            [](postgres::Transaction& tx) {
                              tx.raw().exec("UPDATE employees SET full_name = full_name");
                              return absl::OkStatus();
                            }),
              testing::StatusIs(absl::StatusCode::kDeadlineExceeded));
  worker_.reset();
  Query("DROP TRIGGER take_long ON employees");
  Query("DROP FUNCTION take_long");
}

TEST_F(ImportRollbackTest, AJobThatWasNotRunHasNothingToTakeBack) {
  const std::string job = CreateJob();
  EXPECT_THAT(RollBack(job), HasReason(v1::IMPORT_NOT_RUN));
  v1::RollBackImportJobRequest request;
  request.set_name(first_);
  EXPECT_THAT(Call<v1::ImportJobs>({.subject = "employees/x", .agency = "dumai"},
                                   &v1::ImportJobs::StubInterface::RollBackImportJob,
                                   request),
              HasReason(errors::reasons::PERMISSION_DENIED));
}

}  // namespace
}  // namespace teraju::identity
