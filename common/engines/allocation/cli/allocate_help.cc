#include "common/engines/allocation/cli/allocate_help.h"

namespace teraju::allocation {

const Text kAllocateHelp = {
    R"(teraju-allocate: siapa sebaiknya mengikuti pelatihan mana, dengan dana dan tempat yang ada

  teraju-allocate [opsi...] [berkas.json]

Tanpa berkas, atau dengan -, dibaca dari masukan standar. Dicari rencana yang menutup kebutuhan berbobot
sebanyak mungkin; disebut pula seberapa jauh paling banyak dari yang terbaik (selisih, terbukti), mengapa
tiap kebutuhan lain tidak terpenuhi, dan apa yang ditambahkan oleh dana atau tempat lagi.

Opsi
  --seconds=N          waktu mencari, 60
  --gap=PERSEN         cukup baik, 0.1
  --budget=ID:JUMLAH   andaikan anggaran itu sekian; boleh berulang: bedanya diperlihatkan
  --cancel=PENAWARAN   andaikan tidak diadakan; boleh berulang: rencana diperbaiki, tempat orang lain
                       tetap
  --example            mencetak soal kecil
  --json               hasil sebagai JSON, angka eksak dan sebagai teks, dalam kedua bahasa; tanpa
                       opsi ini tabel
  --lang=id|en         bahasa tabel dan pesan, id
  --help               teks ini

Berkas; jumlah dalam rupiah penuh, bobot desimal eksak (7.5 atau "7.5"), hari "2026-03-02"
  units      id, parent                    pohon unit
  budgets    id, amount, name, source, unit
                                           dengan unit: hanya bagi pegawainya dan yang di bawahnya
  courses    id, topics, name, hours (JP), effect, prerequisites
                                           effect: bagian kesenjangan yang ditutupnya, 1
  offerings  id, course, first_day, last_day, seats, minimum_participants, cost_per_seat,
             fixed_cost, provider, budgets, units, for_hours, classes, group_course
                                           biaya 0: tempat gratis dari mitra; budgets: hanya ini yang
                                           boleh membayar, tanpa itu tempat dibayar anggaran unit
                                           pegawai dan biaya tetap oleh anggaran bagi semua; units:
                                           hanya pegawainya; for_hours: juga bagi yang hanya kurang
                                           jam; classes: berapa yang boleh diadakan; group_course:
                                           belum ada, dapat dibuka
  persons    id, unit, completed (courses), busy (first_day, last_day), hours_missing, hours_limit
                                           hours_missing: misalnya sampai 20 JP setahun
  needs      person, topic, weight, reason
  coverage   unit, persons, weight, topic  sekian pegawai suatu unit, masing-masing dengan bobot ini
  hour_weight                              tiap jam yang kurang, 0
  kept       person, offering              tempat dalam rencana yang disetujui: tetap bila bisa
  kept_weight                              sebagai gantinya: tiap tempat berbobot sekian, dan boleh
                                           dilepas demi yang lebih berbobot

Status akhir
  0  rencana dalam batas selisih               2  salah pakai, atau berkas tidak terbaca
  1  berkas memuat kesalahan (baris, kolom,    3  ada rencana, tetapi selisih terbukti melebihi --gap
     apa yang salah, apa yang harus dilakukan) 4  pemecah gagal

Contoh
  teraju-allocate --example | teraju-allocate --budget=apbd:9000000
)",
    R"(teraju-allocate: who should attend which course, with the money and the seats there are

  teraju-allocate [option...] [file.json]

Without a file, or with -, standard input is read. Finds the plan that closes as much weighted need as
possible, says how far it can be from the best (the gap, proven), why each other need is not met, and
what more money or another seat would bring.

Options
  --seconds=N          time to search, 60
  --gap=PERCENT        good enough, 0.1
  --budget=ID:AMOUNT   what if the budget were this; repeatable: the difference is shown
  --cancel=OFFERING    what if it did not take place; repeatable: the plan is repaired, seats of
                       others stay
  --example            prints a small problem
  --json               the result as JSON, numbers exact and as strings, in both languages; else tables
  --lang=id|en         language of tables and messages, id
  --help               this text

The file; amounts are whole rupiah, weights exact decimals (7.5 or "7.5"), days "2026-03-02"
  units      id, parent                    the tree of units
  budgets    id, amount, name, source, unit
                                           with a unit: only for its people and those below
  courses    id, topics, name, hours (JP), effect, prerequisites
                                           effect: share of a need's gap that it closes, 1
  offerings  id, course, first_day, last_day, seats, minimum_participants, cost_per_seat,
             fixed_cost, provider, budgets, units, for_hours, classes, group_course
                                           cost 0: free seats of a partner; budgets: only these may
                                           pay, else seats are paid by those of the person's unit
                                           and fixed costs by those for everybody; units: only
                                           their people; for_hours: also for those
                                           who only lack hours; classes: how many may be held;
                                           group_course: does not exist yet, could be opened
  persons    id, unit, completed (courses), busy (first_day, last_day), hours_missing, hours_limit
                                           hours_missing: to 20 JP a year, say
  needs      person, topic, weight, reason
  coverage   unit, persons, weight, topic  so many people of a unit, each with this weight
  hour_weight                              of each hour that somebody lacks, 0
  kept       person, offering              seats of an approved plan: they stay if they can
  kept_weight                              instead: each counts so much, and may go for more

Exit status
  0  a plan within the gap                     2  wrong usage, or the file cannot be read
  1  the file has faults (line, field,         3  a plan, but its proven gap is larger than --gap
     what is wrong, what to do)                4  the solver failed

Example
  teraju-allocate --example | teraju-allocate --budget=apbd:9000000
)"};

const char kAllocateExample[] = R"({
  "units": [{"id": "kota"}, {"id": "dinsos", "parent": "kota"}, {"id": "dinkes", "parent": "kota"}],
  "budgets": [
    {"id": "apbd", "source": "APBD", "amount": 4500000},
    {"id": "dak", "source": "DAK", "unit": "dinkes", "amount": 2000000}
  ],
  "courses": [
    {"id": "dasar", "name": "Komputer dasar", "topics": ["TI"], "hours": 16, "effect": 0.6},
    {"id": "data", "name": "Pengolahan data", "topics": ["DATA"], "hours": 24, "prerequisites": ["dasar"]},
    {"id": "layanan", "name": "Pelayanan prima", "topics": ["LAYANAN"], "hours": 20}
  ],
  "offerings": [
    {"id": "dasar-1", "course": "dasar", "first_day": "2026-03-02", "last_day": "2026-03-03",
     "seats": 3, "minimum_participants": 2, "cost_per_seat": 1500000},
    {"id": "data-1", "course": "data", "first_day": "2026-04-06", "last_day": "2026-04-08",
     "seats": 2, "cost_per_seat": 2500000, "provider": "PT Contoh"},
    {"id": "layanan-1", "course": "layanan", "first_day": "2026-03-03", "last_day": "2026-03-04",
     "seats": 1, "provider": "Politeknik mitra"},
    {"id": "layanan-2", "course": "layanan", "first_day": "2026-05-04", "last_day": "2026-05-05",
     "seats": 20, "minimum_participants": 2, "fixed_cost": 3000000, "classes": 2, "group_course": true}
  ],
  "persons": [
    {"id": "ani", "unit": "dinsos", "hours_missing": 20},
    {"id": "budi", "unit": "dinsos", "completed": ["dasar"]},
    {"id": "citra", "unit": "dinkes"},
    {"id": "dewi", "unit": "dinkes", "busy": [{"first_day": "2026-03-01", "last_day": "2026-03-31"}]}
  ],
  "needs": [
    {"person": "ani", "topic": "TI", "weight": 7.5, "reason": "hasil kerja"},
    {"person": "ani", "topic": "LAYANAN", "weight": 4},
    {"person": "budi", "topic": "DATA", "weight": 6, "reason": "standar kompetensi"},
    {"person": "citra", "topic": "TI", "weight": 5},
    {"person": "citra", "topic": "LAYANAN", "weight": 3.2},
    {"person": "dewi", "topic": "TI", "weight": 8},
    {"person": "dewi", "topic": "HUKUM", "weight": 2}
  ],
  "hour_weight": 0.05
}
)";

}  // namespace teraju::allocation
