// A large import: its rate beside COPY of the same rows into the same tables, and the memory it
// takes. Prints one line of JSON.
#include <fstream>
#include <iostream>

#include "absl/time/clock.h"
#include "fmt/format.h"
#include "services/identity/api/imports_fixture.h"

namespace teraju::identity {
namespace {

using testing::IsOk;

constexpr int kPeople = 40'000;
constexpr int kUnitsInAll = 800;
constexpr int kMegabytes = 150;  // more than the process held before

class ImportScaleTest : public ImportsTest {
 protected:
  // Of this process, in kB: `VmHWM` the most since it was reset, `VmRSS` now.
  static std::int64_t Memory(const std::string& key) {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
      if (line.starts_with(key + ":")) return std::stoll(line.substr(key.size() + 1));
    }
    return 0;
  }
  static void ResetPeak() { std::ofstream("/proc/self/clear_refs") << "5"; }

  static std::string Nip(int i) {
    const int day = i / 999;
    return fmt::format("19{:02}{:02}{:02}2010011{:03}",
                       60 + day / 300,
                       1 + day / 25 % 12,
                       1 + day % 25,
                       1 + i % 999);
  }
  static std::string Units() {
    std::string csv = "ID,NAMA_UNOR,ID_ATASAN\nU0,Pemerintah Kota,\n";
    for (int i = 1; i < kUnitsInAll; ++i) csv += fmt::format("U{},Bidang {},U{}\n", i, i, i / 10);
    return csv;
  }
  static std::string People() {
    std::string csv =
        "PNS ID,NIP BARU,NAMA,TANGGAL LAHIR,JENIS JABATAN ID,JABATAN NAMA,TMT JABATAN,UNOR ID\n";
    for (int i = 0; i < kPeople; ++i) {
      const std::string nip = Nip(i);
      csv += fmt::format("P{},{},Pegawai {},{}-{}-{},4,{},01-01-2020,U{}\n",
                         i,
                         nip,
                         i,
                         nip.substr(6, 2),
                         nip.substr(4, 2),
                         nip.substr(0, 4),
                         i < kUnitsInAll ? "Kepala Bidang" : "Penelaah Teknis Kebijakan",
                         i % kUnitsInAll);
    }
    return csv;
  }
  static std::string Posts() {
    std::string csv = "NIP,UNOR_ID,JABATAN_NAMA,JENIS_PENUGASAN,TMT_MULAI\n";
    for (int i = 0; i < kPeople; ++i) {
      csv += fmt::format("{},U{},{},D,01-01-2020\n",
                         Nip(i),
                         i % kUnitsInAll,
                         i < kUnitsInAll ? "Kepala Bidang" : "Penelaah Teknis Kebijakan");
    }
    return csv;
  }
  // How long COPY takes for the rows that the import left, into the tables as they are.
  absl::Duration Copy() {
    const std::vector<std::string> tables = {"employees", "accounts", "assignments", "outbox"};
    const std::string directory = Query("SHOW data_directory")[0];
    for (const std::string& table : tables)
      Query(fmt::format("COPY {} TO '{}/{}.copy'", table, directory, table));
    for (const char* table : {"outbox", "assignments", "accounts", "employees"})
      Query(fmt::format("DELETE FROM {}", table));
    const absl::Time begin = absl::Now();
    for (const std::string& table : tables)
      Query(fmt::format("COPY {} FROM '{}/{}.copy'", table, directory, table));
    return absl::Now() - begin;
  }
};

TEST_F(ImportScaleTest, TakesBoundedMemory) {
  const std::string job = CreateJob();
  ASSERT_THAT(Upload(job, "units", Units()), IsOk());
  ASSERT_THAT(Upload(job, "employees", People()), IsOk());
  ASSERT_THAT(Upload(job, "assignments", Posts()), IsOk());
  ResetPeak();
  const std::int64_t before = Memory("VmRSS");
  const absl::Time begin = absl::Now();
  const auto done = Run(job);
  const absl::Duration took = absl::Now() - begin;
  const std::int64_t grown = (Memory("VmHWM") - before) / 1024;
  ASSERT_THAT(done, IsOk());
  EXPECT_EQ(done->files(1).accepted(), kPeople);
  EXPECT_EQ(done->files(2).accepted(), kPeople);
  // Nobody leads the root: its members and the heads of the nine units below have no appraiser. All
  // have got their units.
  EXPECT_EQ(Count("outbox WHERE type = 'reportingLine.changed'"), std::to_string(kPeople));
  EXPECT_EQ(Count("outbox WHERE type = 'reportingLine.changed' AND payload LIKE '%\"appraiser\"%'"),
            std::to_string(kPeople - kPeople / kUnitsInAll - 9));
  const absl::Duration copied = Copy();
  std::cout << fmt::format(
      "{{\"check\": \"import\", \"people\": {}, \"seconds\": {:.1f}, \"copy_seconds\": {:.1f}, "
      "\"megabytes\": {}}}\n",
      kPeople,
      absl::ToDoubleSeconds(took),
      absl::ToDoubleSeconds(copied),
      grown);
  EXPECT_LT(grown, kMegabytes);
}

}  // namespace
}  // namespace teraju::identity
