#include "services/evaluation/clients/smtp_mail_relay.h"

#include "absl/time/clock.h"
#include "common/testing/smtp_sink.h"
#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"

namespace teraju::evaluation {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::IsOk;
using ::testing::Not;
using ::testing::SizeIs;

const Mail kMail{.to = "kepala@kota.example", .subject = "Teraju: a", .text = "satu\ntwo\n"};

class SmtpMailRelayTest : public ::testing::Test {
 protected:
  absl::Status Send(const Mail& mail, absl::Duration timeout = absl::Seconds(20)) {
    return SmtpMailRelay({.url = sink_.url(), .from = "teraju@kota.example"})
        .Send(mail, absl::Now() + timeout);
  }
  testing::SmtpSink sink_;
};

TEST_F(SmtpMailRelayTest, HandsOverAMessageThatNoMachineAnswers) {
  ASSERT_THAT(Send(kMail), IsOk());
  ASSERT_THAT(sink_.mails(), SizeIs(1));
  const testing::SunkMail mail = sink_.mails().front();
  EXPECT_THAT(mail.from, HasSubstr("<teraju@kota.example>"));
  EXPECT_THAT(mail.to, HasSubstr("<kepala@kota.example>"));
  EXPECT_THAT(mail.text,
              AllOf(HasSubstr("From: Teraju <teraju@kota.example>\r\n"),
                    HasSubstr("To: <kepala@kota.example>\r\n"),
                    HasSubstr("Subject: Teraju: a\r\n"),
                    HasSubstr("Auto-Submitted: auto-generated\r\n"),
                    HasSubstr("\r\n\r\nsatu\r\ntwo")));
}

TEST_F(SmtpMailRelayTest, SaysWhatTheRelayAnsweredButNotToWhom) {
  sink_.AnswerRecipients(550);
  const absl::Status refused = Send(kMail);
  EXPECT_TRUE(absl::IsUnavailable(refused));
  EXPECT_THAT(refused.message(), AllOf(HasSubstr("550"), Not(HasSubstr("kepala"))));
  EXPECT_THAT(sink_.mails(), IsEmpty());
}

TEST_F(SmtpMailRelayTest, PutsNothingElseIntoTheEnvelope) {
  for (const char* address : {"", "a@b>\r\nRCPT TO:<c@d", "a@b\nc", "a@b c"}) {
    EXPECT_TRUE(
        absl::IsUnavailable(Send({.to = address, .subject = kMail.subject, .text = kMail.text})))
        << address;
  }
  EXPECT_THAT(sink_.mails(), IsEmpty());
}

TEST(SmtpMailRelay, AnAbsentRelayIsUnavailable) {
  std::string url;
  {
    const testing::SmtpSink gone;
    url = gone.url();
  }
  SmtpMailRelay relay({.url = url, .from = "teraju@kota.example"});
  EXPECT_TRUE(absl::IsUnavailable(relay.Send(kMail, absl::Now() + absl::Seconds(20))));
  EXPECT_TRUE(absl::IsUnavailable(relay.Send(kMail, absl::Now())));
}

}  // namespace
}  // namespace teraju::evaluation
