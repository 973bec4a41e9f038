#include <set>
#include <thread>

#include "common/audit/audit_events_service.h"
#include "common/audit/audit_store.h"
#include "common/audit/merkle.h"
#include "common/audit/sequencer.h"
#include "common/errors/error.h"
#include "common/testing/eventually.h"
#include "common/testing/pg_test.h"
#include "common/testing/proto_matchers.h"
#include "common/testing/rpc_test.h"
#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"

namespace teraju::audit {
namespace {

using errors::reasons::PERMISSION_DENIED;
using errors::reasons::PROOF_PENDING;
using errors::reasons::RESOURCE_NOT_FOUND;
using testing::Caller;
using ::testing::ElementsAre;
using testing::HasReason;
using testing::IsOk;
using testing::TestCall;
using Stub = v1::AuditEvents::StubInterface;

const Caller kInspector{.subject = "employees/inspector", .agency = "dumai"};
const Caller kEmployee{.subject = "employees/budi", .agency = "dumai"};

class AuditTest : public testing::PgTest<> {
 protected:
  void SetUp() override {
    testing::PgTest<>::SetUp();
    Query("UPDATE audit_sequencer SET xid = '0', event_number = 0");
    host_.Serve<AuditEventsService>(
        host_.pipeline(), database(), "evaluation", signer_.public_key());
    host_.Bind({{.agency = AgencyId("dumai"), .subject = kInspector.subject, .role = "inspector"}});
  }
  void Record(const std::string& agency, const std::string& resource) {
    ASSERT_THAT(database().Write(TestCall(),
                                 [&](postgres::Transaction& tx) {
                                   tx.Audit({.agency = agency,
                                             .resource = resource,
                                             .type = "note.decided",
                                             .details = "{}"});
                                   return absl::OkStatus();
                                 }),
                IsOk());
  }
  int Sequence(int batch = 1000) {
    const auto count = SequenceOnce(database(), TestCall(), "evaluation", signer_, batch);
    EXPECT_THAT(count, IsOk());
    return count.value_or(-1);
  }
  template <typename Request, typename Response>
  absl::StatusOr<Response> Call(const Caller& caller,
                                grpc::Status (Stub::*method)(grpc::ClientContext*,
                                                             const Request&,
                                                             Response*),
                                const Request& request) {
    return host_.Client<v1::AuditEvents>().Call(caller, method, request);
  }
  absl::StatusOr<v1::ListAuditEventsResponse> List(const Caller& caller,
                                                   const std::string& agency = "agencies/dumai",
                                                   int size = 0,
                                                   const std::string& token = "",
                                                   const std::string& resource = "") {
    v1::ListAuditEventsRequest request;
    request.set_parent("auditEvents/evaluation");
    request.set_agency(agency);
    request.set_page_size(size);
    request.set_page_token(token);
    request.set_resource(resource);
    return Call(caller, &Stub::ListAuditEvents, request);
  }
  absl::StatusOr<v1::InclusionProof> Prove(const std::string& name) {
    v1::GetInclusionProofRequest request;
    request.set_name(name);
    request.set_agency("agencies/dumai");
    return Call(kInspector, &Stub::GetInclusionProof, request);
  }
  absl::StatusOr<v1::TreeHead> Head() {
    v1::GetTreeHeadRequest request;
    request.set_parent("auditEvents/evaluation");
    request.set_agency("agencies/dumai");
    return Call(kInspector, &Stub::GetTreeHead, request);
  }
  static std::vector<std::string> Resources(
      const absl::StatusOr<v1::ListAuditEventsResponse>& response) {
    std::vector<std::string> resources;
    EXPECT_THAT(response, IsOk());
    if (response.ok()) {
      for (const auto& event : response->audit_events()) resources.push_back(event.resource());
    }
    return resources;
  }
  // What a client checks who has nothing but the event, the proof and the public key.
  bool Verifies(const v1::AuditEvent& event, const v1::InclusionProof& proof) const {
    std::vector<Hash> path;
    for (const std::string& hash : proof.path()) path.push_back(*ToHash(hash));
    return VerifyHead(signer_.public_key(), proof.head()) &&
           VerifyInclusion(LeafHash(CanonicalEvent(event)),
                           static_cast<std::uint64_t>(proof.leaf_index()),
                           static_cast<std::uint64_t>(proof.head().tree_size()),
                           path,
                           *ToHash(proof.head().root_hash()));
  }

  Signer signer_ = *Signer::Generate();
  testing::RpcHost host_{"evaluation"};
};

// An idle service looks each second, however many events there have been.
TEST_F(AuditTest, ARoundThatFindsNothingReadsNoTableWhole) {
  Query(
      "INSERT INTO audit_events (agency_id, create_time, actor, on_behalf_of, method, resource, "
      "type, details, about) SELECT 'dumai', now(), 'a', '', 'm', 'r' || n, 't', '', '' "
      "FROM generate_series(1, 3000) n");
  EXPECT_EQ(Sequence(5000), 3000);
  Query("ANALYZE audit_events");
  const auto read = [&] {
    // The one idle session, which is asked for what it has counted.
    EXPECT_THAT(database().Read(TestCall(),
                                [](postgres::Transaction& tx) {
                                  static constexpr postgres::Statement kFlush{
                                      "flush", "SELECT pg_stat_force_next_flush()"};
                                  tx.Exec(kFlush);
                                  return absl::OkStatus();
                                }),
                IsOk());
    return Query("SELECT seq_tup_read FROM pg_stat_user_tables WHERE relname = 'audit_events'")[0];
  };
  const std::string before = read();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Sequence(), 0);
  EXPECT_EQ(read(), before);
}

TEST_F(AuditTest, EveryEventCanBeProvedUnderTheSignedHead) {
  // Several rounds, so that trees are continued from their stored nodes.
  for (int i = 0; i < 13; ++i) Record("dumai", "r" + std::to_string(i));
  for (const int expected : {5, 5, 3, 0}) EXPECT_EQ(Sequence(5), expected);
  for (int i = 13; i < 20; ++i) Record("dumai", "r" + std::to_string(i));
  EXPECT_EQ(Sequence(), 7);
  const auto events = List(kInspector);
  ASSERT_EQ(Resources(events).size(), 20);
  for (const v1::AuditEvent& event : events->audit_events()) {
    const auto proof = Prove(event.name());
    ASSERT_THAT(proof, IsOk());
    EXPECT_TRUE(Verifies(event, *proof)) << event.resource();
    // The controls: another event, another head.
    v1::AuditEvent changed = event;
    changed.set_details("{\"score\":\"100\"}");
    EXPECT_FALSE(Verifies(changed, *proof));
    v1::InclusionProof forged = *proof;
    forged.mutable_head()->set_tree_size(forged.head().tree_size() + 1);
    EXPECT_FALSE(Verifies(event, forged));
  }
  const auto head = Head();
  ASSERT_THAT(head, IsOk());
  EXPECT_EQ(head->tree_size(), 20);
  EXPECT_THAT(events->audit_events(0).leaf_index(), 19);
}

TEST_F(AuditTest, AProofIsPendingUntilSequenced) {
  EXPECT_THAT(Head(), HasReason(PROOF_PENDING));
  Record("dumai", "r");
  const auto events = List(kInspector);
  ASSERT_EQ(events->audit_events_size(), 1);
  EXPECT_FALSE(events->audit_events(0).has_leaf_index());
  EXPECT_THAT(Prove(events->audit_events(0).name()), HasReason(PROOF_PENDING));
  Sequence();
  EXPECT_THAT(Prove(events->audit_events(0).name()), IsOk());
}

TEST_F(AuditTest, EachAgencyHasATreeOfItsOwn) {
  Record("dumai", "a");
  Record("siak", "b");
  Record("dumai", "c");
  EXPECT_EQ(Sequence(), 3);
  EXPECT_THAT(Query("SELECT agency_id || tree_size FROM audit_heads ORDER BY 1"),
              ElementsAre("dumai2", "siak1"));
}

TEST_F(AuditTest, AnEventCommittedLateIsNotLost) {
  const absl::Status status = database().Write(TestCall(), [&](postgres::Transaction& tx) {
    // Has its transaction number, but is not committed while the later one is sequenced.
    tx.raw().exec("SELECT pg_current_xact_id()");
    Record("dumai", "late");
    EXPECT_EQ(Sequence(), 0);
    tx.Audit({.agency = "dumai", .resource = "early", .type = "t"});
    return absl::OkStatus();
  });
  ASSERT_THAT(status, IsOk());
  EXPECT_EQ(Sequence(), 2);
  EXPECT_THAT(Query("SELECT resource FROM audit_events JOIN audit_leaves USING (agency_id, xid, "
                    "event_number) "
                    "ORDER BY leaf_index"),
              ElementsAre("early", "late"));
}

TEST_F(AuditTest, ReplicasSequenceEachEventOnce) {
  for (int i = 0; i < 60; ++i) Record(i % 2 == 0 ? "dumai" : "siak", std::to_string(i));
  std::atomic<int> total = 0;
  std::vector<std::thread> replicas;
  for (int r = 0; r < 4; ++r) {
    replicas.emplace_back([&] {
      while (total < 60) total += Sequence(7);
    });
  }
  for (std::thread& replica : replicas) replica.join();
  EXPECT_EQ(total, 60);
  EXPECT_THAT(
      Query("SELECT count(*) || ' ' || max(leaf_index) FROM audit_leaves GROUP BY agency_id"),
      ElementsAre("30 29", "30 29"));
}

TEST_F(AuditTest, TheThreadSequencesByItself) {
  logging::Logger logger("test", [](std::string_view) {});
  const Sequencer sequencer("evaluation",
                            signer_,
                            database(),
                            testing::internal::DenyAll(),
                            logger,
                            absl::Milliseconds(10));
  Record("dumai", "r");
  EXPECT_TRUE(testing::Eventually([&] { return Head().ok(); })) << Head().status();
}

TEST_F(AuditTest, EverybodyMayHaveThePublicKey) {
  v1::GetAuditKeyRequest request;
  request.set_parent("auditEvents/evaluation");
  const auto key = Call(Caller{}, &Stub::GetAuditKey, request);
  ASSERT_THAT(key, IsOk());
  EXPECT_EQ(key->public_key(), signer_.public_key());
  EXPECT_EQ(key->key_id(), KeyId(signer_.public_key()));
  EXPECT_THAT(key->pem(), ::testing::StartsWith("-----BEGIN PUBLIC KEY-----\n"));
  request.set_parent("auditEvents/catalog");
  EXPECT_THAT(Call(Caller{}, &Stub::GetAuditKey, request), HasReason(RESOURCE_NOT_FOUND));
}

TEST_F(AuditTest, AServiceThatSignsNothingHasNoKey) {
  testing::RpcHost unsigned_host("evaluation");
  unsigned_host.Serve<AuditEventsService>(unsigned_host.pipeline(), database(), "evaluation");
  v1::GetAuditKeyRequest request;
  request.set_parent("auditEvents/evaluation");
  EXPECT_THAT(unsigned_host.Client<v1::AuditEvents>().Call(Caller{}, &Stub::GetAuditKey, request),
              HasReason(RESOURCE_NOT_FOUND));
}

TEST_F(AuditTest, ListsNewestFirstPageByPageToInspectorsOfTheAgency) {
  for (const char* resource : {"a", "b", "c"}) Record("dumai", resource);
  Record("siak", "x");
  EXPECT_THAT(Resources(List(kInspector)), ElementsAre("c", "b", "a"));
  const auto first = List(kInspector, "agencies/dumai", 2);
  EXPECT_THAT(Resources(first), ElementsAre("c", "b"));
  EXPECT_THAT(Resources(List(kInspector, "agencies/dumai", 2, first->next_page_token())),
              ElementsAre("a"));
  EXPECT_THAT(Resources(List(kInspector, "agencies/dumai", 0, "", "b")), ElementsAre("b"));
  EXPECT_THAT(List(kInspector, "agencies/siak"), HasReason(PERMISSION_DENIED));
  EXPECT_THAT(List(kEmployee), HasReason(PERMISSION_DENIED));
  EXPECT_THAT(Prove("auditEvents/evaluation/01890000-0000-7000-8000-000000000000"),
              HasReason(RESOURCE_NOT_FOUND));
  EXPECT_THAT(Prove("auditEvents/other/01890000-0000-7000-8000-000000000000"),
              HasReason(RESOURCE_NOT_FOUND));
}

TEST_F(AuditTest, TheCanonicalFormTellsFieldsApart) {
  v1::AuditEvent one, other;
  one.set_actor("ab");
  one.set_method("c");
  other.set_actor("a");
  other.set_method("bc");
  EXPECT_NE(CanonicalEvent(one), CanonicalEvent(other));
}

TEST_F(AuditTest, ARoleWithTheRightsOfAServiceCannotChangeTheRecord) {
  Record("dumai", "a");
  Query(
      "DROP ROLE IF EXISTS audit_writer; CREATE ROLE audit_writer; GRANT INSERT, SELECT ON "
      "audit_events TO audit_writer");
  for (const char* sql : {"UPDATE audit_events SET resource = 'b'",
                          "DELETE FROM audit_events",
                          "TRUNCATE audit_events",
                          "ALTER TABLE audit_events DISABLE TRIGGER append_only"}) {
    EXPECT_EQ(Query("DO $$ BEGIN SET LOCAL ROLE audit_writer; " + std::string(sql) +
                    "; EXCEPTION WHEN insufficient_privilege THEN NULL; END $$; SELECT resource "
                    "FROM audit_events"),
              std::vector<std::string>{"a"});
  }
  Query("DROP OWNED BY audit_writer; DROP ROLE audit_writer");
}

}  // namespace
}  // namespace teraju::audit
