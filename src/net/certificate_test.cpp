#include <fmt/format.h>
#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

#include <fstream>
#include <sstream>

#include "net/openssl_handle.hpp"
#include "net/server.hpp"

namespace opsteward::net {
namespace {

constexpr Instant kNow{std::chrono::sys_days(std::chrono::year(2025) / 8 / 5)};
constexpr std::chrono::days kDay{1};

class Certificate : public ::testing::Test {
  protected:
    void SetUp() override {
        std::string pattern = ::testing::TempDir() + "opsteward-certificate-XXXXXX";
        ASSERT_NE(mkdtemp(pattern.data()), nullptr);
        folder_ = pattern;
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    std::string Read(const std::string& name) const {
        std::ifstream file(folder_ / name, std::ios::binary);
        std::ostringstream text;
        text << file.rdbuf();
        return text.str();
    }
    void Write(const std::string& name, std::string_view text) const {
        std::ofstream(folder_ / name, std::ios::binary) << text;
    }
    Result<TlsFiles> LoadOrMake(Instant now = kNow, const std::vector<std::string>& names = {"ops.example"}) const {
        return LoadOrMakeCertificate(folder_, names, now);
    }
    CertificatePtr Parse() const {
        const BioPtr bio(BIO_new_file((folder_ / "server.crt").c_str(), "r"));
        return CertificatePtr(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
    }
    /// The error must name `file` in both languages.
    void ExpectRefusal(const Result<TlsFiles>& result, ErrorCode code, std::string_view file) const {
        ASSERT_FALSE(result);
        EXPECT_EQ(result.error().code, code) << result.error().operator_text;
        EXPECT_NE(result.error().caller_text.zh.find(file), std::string::npos) << result.error().caller_text.zh;
        EXPECT_NE(result.error().caller_text.en.find(file), std::string::npos) << result.error().caller_text.en;
    }

    std::filesystem::path folder_;
};

TEST_F(Certificate, IsMadeOnceAndUsedAgain) {
    ASSERT_TRUE(LoadOrMake());
    const std::string certificate = Read("server.crt");
    const std::string key = Read("server.key");
    EXPECT_FALSE(certificate.empty());
    const auto again = LoadOrMake(kNow + 396 * kDay);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->certificate, folder_ / "server.crt");
    EXPECT_EQ(again->key, folder_ / "server.key");
    EXPECT_EQ(Read("server.crt"), certificate);
    EXPECT_EQ(Read("server.key"), key);
}

TEST_F(Certificate, TheFolderIsMadeWhenItIsMissing) {
    const auto made = LoadOrMakeCertificate(folder_ / "a" / "b", {"ops.example"}, kNow);
    ASSERT_TRUE(made);
    EXPECT_TRUE(std::filesystem::exists(made->key));
}

TEST_F(Certificate, OnlyTheOwnerMayReadTheKeyAndNothingElseIsLeftBehind) {
    ASSERT_TRUE(LoadOrMake());
    struct stat status {};
    ASSERT_EQ(stat((folder_ / "server.key").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777u, 0600u);
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_), {}), 2);
}

TEST_F(Certificate, IsForTheGivenNamesAndAServer) {
    ASSERT_TRUE(LoadOrMake(kNow, {"ops.example", "192.0.2.7", "2001:db8::1", "localhost"}));
    const auto certificate = Parse();
    ASSERT_TRUE(certificate);
    for (const char* name : {"ops.example", "localhost"}) {
        EXPECT_EQ(X509_check_host(certificate.get(), name, 0, 0, nullptr), 1) << name;
    }
    for (const char* address : {"192.0.2.7", "2001:db8::1"}) {
        EXPECT_EQ(X509_check_ip_asc(certificate.get(), address, 0), 1) << address;
    }
    EXPECT_NE(X509_check_host(certificate.get(), "other.example", 0, 0, nullptr), 1);
    EXPECT_EQ(X509_check_purpose(certificate.get(), X509_PURPOSE_SSL_SERVER, 0), 1);
    EXPECT_EQ(X509_check_ca(certificate.get()), 0);
}

TEST_F(Certificate, HasAP256KeyASerialAnd397Days) {
    ASSERT_TRUE(LoadOrMake());
    const auto certificate = Parse();
    ASSERT_TRUE(certificate);
    const EVP_PKEY* key = X509_get0_pubkey(certificate.get());
    EXPECT_EQ(EVP_PKEY_get_base_id(key), EVP_PKEY_EC);
    EXPECT_EQ(EVP_PKEY_get_bits(key), 256);
    EXPECT_FALSE(ASN1_STRING_length(X509_get0_serialNumber(certificate.get())) < 8);
    int days = 0;
    int seconds = 0;
    ASN1_TIME_diff(&days, &seconds, X509_get0_notBefore(certificate.get()), X509_get0_notAfter(certificate.get()));
    EXPECT_EQ(days, 397);
    EXPECT_EQ(seconds, 0);
}

TEST_F(Certificate, ALongFirstNameStandsAmongTheAlternativeNames) {
    const std::string name = fmt::format("{:a>60}.{:b>60}.example", "", "");
    ASSERT_TRUE(LoadOrMake(kNow, {name}));
    EXPECT_EQ(X509_check_host(Parse().get(), name.c_str(), 0, 0, nullptr), 1);
}

TEST_F(Certificate, WithoutNamesItIsForLocalhost) {
    ASSERT_TRUE(LoadOrMake(kNow, {}));
    EXPECT_EQ(X509_check_host(Parse().get(), "localhost", 0, 0, nullptr), 1);
}

TEST_F(Certificate, ANameThatIsNeitherHostNorAddressIsRefused) {
    for (const char* name : {"", "a b", "a,DNS:evil.example", "台北", "a/b"}) {
        ExpectRefusal(LoadOrMake(kNow, {"ops.example", name}), ErrorCode::kInvalidInput, name);
        EXPECT_FALSE(std::filesystem::exists(folder_ / "server.key"));
    }
}

TEST_F(Certificate, AnExpiredOneIsRefusedWithItsEnd) {
    ASSERT_TRUE(LoadOrMake());
    const auto expired = LoadOrMake(kNow + 397 * kDay);
    ExpectRefusal(expired, ErrorCode::kInvalidInput, "server.crt");
    EXPECT_NE(expired.error().caller_text.en.find("2026-09-05T23:00:00Z"), std::string::npos)
        << expired.error().caller_text.en;
}

TEST_F(Certificate, OneThatIsNotYetValidIsRefused) {
    ASSERT_TRUE(LoadOrMake());
    ExpectRefusal(LoadOrMake(kNow - kDay), ErrorCode::kInvalidInput, "server.crt");
}

TEST_F(Certificate, AKeyOfAnotherCertificateIsRefused) {
    const auto other = LoadOrMakeCertificate(folder_ / "other", {"ops.example"}, kNow);
    ASSERT_TRUE(other);
    ASSERT_TRUE(LoadOrMake());
    std::filesystem::copy_file(other->key, folder_ / "server.key", std::filesystem::copy_options::overwrite_existing);
    ExpectRefusal(LoadOrMake(), ErrorCode::kInvalidInput, "server.key");
}

TEST_F(Certificate, HalfAPairIsRefusedNamingWhatIsMissing) {
    ASSERT_TRUE(LoadOrMake());
    std::filesystem::rename(folder_ / "server.key", folder_ / "kept.key");
    ExpectRefusal(LoadOrMake(), ErrorCode::kInvalidInput, "server.key");
    std::filesystem::rename(folder_ / "kept.key", folder_ / "server.key");
    std::filesystem::remove(folder_ / "server.crt");
    ExpectRefusal(LoadOrMake(), ErrorCode::kInvalidInput, "server.crt");
}

TEST_F(Certificate, ADamagedFileIsRefused) {
    ASSERT_TRUE(LoadOrMake());
    const std::string certificate = Read("server.crt");
    Write("server.crt", "no certificate");
    ExpectRefusal(LoadOrMake(), ErrorCode::kInvalidInput, "server.crt");
    Write("server.crt", certificate.substr(0, certificate.size() / 2));
    ExpectRefusal(LoadOrMake(), ErrorCode::kInvalidInput, "server.crt");
    Write("server.crt", certificate);
    Write("server.key", "");
    ExpectRefusal(LoadOrMake(), ErrorCode::kInvalidInput, "server.key");
}

TEST_F(Certificate, AKeyWithAPasswordIsRefusedWithoutAsking) {
    ASSERT_TRUE(LoadOrMake());
    const BioPtr in(BIO_new_file((folder_ / "server.key").c_str(), "r"));
    const KeyPtr key(PEM_read_bio_PrivateKey(in.get(), nullptr, nullptr, nullptr));
    const BioPtr out(BIO_new_file((folder_ / "server.key").c_str(), "w"));
    std::string password = "password";
    PEM_write_bio_PKCS8PrivateKey(out.get(), key.get(), EVP_aes_128_cbc(), password.data(),
                                  static_cast<int>(password.size()), nullptr, nullptr);
    BIO_flush(out.get());
    ExpectRefusal(LoadOrMake(), ErrorCode::kInvalidInput, "server.key");
}

TEST_F(Certificate, AKeyOpenToEveryAccountIsRefused) {
    ASSERT_TRUE(LoadOrMake());
    ASSERT_EQ(chmod((folder_ / "server.key").c_str(), 0644), 0);
    ExpectRefusal(LoadOrMake(), ErrorCode::kForbidden, "server.key");
}

}  // namespace
}  // namespace opsteward::net
