// Work plans: drafted by everybody, some returned and revised, approved by each one's superior,
// from the top down.
#include <algorithm>
#include <map>
#include <tuple>

#include "tests/simulation/world.h"

namespace teraju::simulation {
namespace {

struct Draft {
  const char* title;
  const char* quantity;
  const char* unit;
  int low, high;  // of the annual target
};
constexpr Draft kDrafts[] = {
    {"Tersusunnya dokumen perencanaan dan pelaporan", "Jumlah dokumen", "dokumen", 8, 24},
    {"Terlayaninya pemohon layanan", "Jumlah layanan", "layanan", 120, 600},
    {"Terlaksananya pembinaan dan pendampingan", "Jumlah kegiatan", "kegiatan", 8, 40},
    {"Terkelolanya data dan arsip", "Jumlah berkas", "berkas", 60, 240}};

json::value Indicator(const char* id,
                      const char* aspect,
                      const std::string& title,
                      const char* unit,
                      const char* polarity,
                      double target) {
  return {{"indicatorId", id},
          {"aspect", aspect},
          {"title", title},
          {"unitOfMeasure", unit},
          {"polarity", polarity},
          {"target", Decimal(target, 0)},
          {"dataSource", "Laporan bulanan unit"}};
}

// Two results: one of quantity and quality, one of time, each serving something of the superior or
// of the unit.
json::value Items(World& world, Plan& plan, const std::string& first, const std::string& second) {
  Luck luck = world.LuckOf(world.Of(plan.employee), "plan" + plan.start);
  const Draft& draft = kDrafts[luck.Between(0, 3)];
  const int target = luck.Between(draft.low, draft.high);
  plan.items = {"hk1", "hk2"};
  plan.targets = {static_cast<double>(target), 7};
  return json::array{
      {{"itemId", "hk1"},
       {"kind", "MAIN"},
       {"title", draft.title},
       {"supports", first},
       {"indicators",
        json::array{Indicator("hk1-kuantitas",
                              "QUANTITY",
                              draft.quantity,
                              draft.unit,
                              "HIGHER_IS_BETTER",
                              target),
                    Indicator("hk1-kualitas",
                              "QUALITY",
                              "Kesesuaian dengan standar",
                              "persen",
                              "HIGHER_IS_BETTER",
                              90)}}},
      {{"itemId", "hk2"},
       {"kind", "MAIN"},
       {"title", "Terselesaikannya permintaan tepat waktu"},
       {"supports", second},
       {"indicators",
        json::array{Indicator(
            "hk2-waktu", "TIME", "Waktu penyelesaian rata-rata", "hari", "LOWER_IS_BETTER", 7)}}}};
}

}  // namespace

void AgreePlans(World& world) {
  std::map<std::string, std::string> indicator_of;  // of a top unit
  for (std::size_t i = 0; i < world.top_units.size(); ++i)
    indicator_of[world.top_units[i]] = world.indicators[i];
  // Superiors first, so that a plan can name the superior's results. A superior without a plan of
  // the year (an official, or somebody outside of a limited run) is served through the unit's
  // indicator.
  std::vector<Plan*> order;
  for (const auto& plan : world.plans) order.push_back(plan.get());
  std::stable_sort(order.begin(), order.end(), [](const Plan* a, const Plan* b) {
    return std::tuple(a->depth, !a->leads_unit) < std::tuple(b->depth, !b->leads_unit);
  });
  const auto wave = [](const Plan& plan) { return std::tuple(plan.depth, !plan.leads_unit); };
  std::map<std::string, const Plan*> first_plan;  // of a person
  for (const Plan* plan : order) first_plan.try_emplace(plan->employee, plan);

  const auto send = [&](RestClient& rest, Plan& plan, const std::string& support_note) {
    const auto superior = first_plan.find(plan.appraiser);
    const auto indicator = indicator_of.find(plan.top_unit);
    std::string first =
        indicator != indicator_of.end() ? indicator->second : world.indicators.front();
    std::string second = first;
    // An acting head's own plan may stand lower than those of the people led.
    if (superior != first_plan.end() && wave(*superior->second) < wave(plan)) {
      first = superior->second->name + "/items/hk1";
      second = superior->second->name + "/items/hk2";
    }
    Caller* author = &world.Of(plan.employee).caller;
    rest.Patch(author,
               "/v1/" + plan.name + "?updateMask=items,neededSupport,behaviorExpectations",
               {{"items", Items(world, plan, first, second)},
                {"behaviorExpectations",
                 json::array{{{"behavior", "KOLABORATIF"},
                              {"text", "Membantu rekan menyelesaikan pekerjaan bersama"}}}},
                {"neededSupport", support_note}});
    rest.Post(author,
              "/v1/" + plan.name + ":submit",
              {{"requestId", world.Seeded(plan.employee + plan.start + "submit" + support_note)}});
  };
  world.Step("work plans drafted and submitted", [&] {
    // Wave by wave: what a plan supports has to exist when it is submitted.
    for (std::size_t from = 0; from < order.size();) {
      std::size_t to = from;
      while (to < order.size() && order[to]->depth == order[from]->depth &&
             order[to]->leads_unit == order[from]->leads_unit) {
        ++to;
      }
      world.ForEach("drafting", to - from, [&](RestClient& rest, std::size_t i) {
        send(rest, *order[from + i], "Jaringan internet");
      });
      from = to;
    }
  });
  world.Step("some returned and revised", [&] {
    std::vector<Plan*> returned;
    for (Plan* plan : order) {
      if (world.LuckOf(world.Of(plan->employee), "returned" + plan->start).Chance(0.05))
        returned.push_back(plan);
    }
    world.ForEach("returning", returned.size(), [&](RestClient& rest, std::size_t i) {
      Plan& plan = *returned[i];
      rest.Post(&world.Of(plan.appraiser).caller,
                "/v1/" + plan.name + ":return",
                {{"comment", "Sebutkan dukungan yang dibutuhkan dengan lebih jelas."},
                 {"requestId", world.Seeded(plan.employee + plan.start + "return")}});
      send(rest, plan, "Satu laptop dan akses jaringan internet kantor");
    });
    world.Count("plans returned and revised", static_cast<std::int64_t>(returned.size()));
  });
  world.Step("work plans approved", [&] {
    world.ForEach("approving", order.size(), [&](RestClient& rest, std::size_t i) {
      Plan& plan = *order[i];
      rest.Post(&world.Of(plan.appraiser).caller,
                "/v1/" + plan.name + ":approve",
                {{"requestId", world.Seeded(plan.employee + plan.start + "approve")}});
    });
  });
}

}  // namespace teraju::simulation
