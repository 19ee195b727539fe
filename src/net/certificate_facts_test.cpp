#include "net/certificate_facts.hpp"

#include <unistd.h>

#include <fstream>

#include "base/civil_time.hpp"
#include "net/server.hpp"

namespace opsteward::net {
namespace {

class CertificateFactsFile : public ::testing::Test {
  protected:
    void SetUp() override {
        folder_ =
            std::filesystem::temp_directory_path() / ("ops-certificate-facts-" + std::to_string(::getpid()) + "-" +
                                                      ::testing::UnitTest::GetInstance()->current_test_info()->name());
        std::filesystem::create_directories(folder_);
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    std::filesystem::path folder_;
};

const Instant kNow = StartOfDay(Date(std::chrono::year(2025) / 8 / 5));

TEST_F(CertificateFactsFile, TellsNamesAndTimesOfASelfSignedCertificate) {
    const auto files = LoadOrMakeCertificate(folder_, {"ops.example", "192.0.2.7", "2001:db8::7"}, kNow);
    ASSERT_TRUE(files.ok()) << files.error().operator_text;
    const auto facts = ReadCertificate(files->certificate);
    ASSERT_TRUE(facts.ok()) << facts.error().operator_text;
    EXPECT_EQ(facts->subject, "CN=ops.example");
    EXPECT_EQ(facts->issuer, facts->subject);
    EXPECT_TRUE(facts->is_self_issued);
    EXPECT_THAT(facts->names, ::testing::ElementsAre("ops.example", "192.0.2.7", "2001:db8::7"));
    EXPECT_LE(facts->begins, kNow);
    EXPECT_GT(facts->ends, kNow + std::chrono::days(396));
    EXPECT_LT(facts->ends, kNow + std::chrono::days(398));
    EXPECT_EQ(facts->sha256.size(), 64U);
}

TEST_F(CertificateFactsFile, RefusesAFileWithoutACertificate) {
    const auto file = folder_ / "server.crt";
    std::ofstream(file) << "no certificate";
    const auto facts = ReadCertificate(file);
    ASSERT_FALSE(facts.ok());
    EXPECT_EQ(facts.error().code, ErrorCode::kInvalidInput);
    EXPECT_THAT(facts.error().caller_text.en, ::testing::HasSubstr("server.crt"));
}

TEST_F(CertificateFactsFile, SaysThatAFileIsMissing) {
    const auto facts = ReadCertificate(folder_ / "absent.crt");
    ASSERT_FALSE(facts.ok());
    EXPECT_EQ(facts.error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace opsteward::net
