// The server's certificate: the operator's own if there is one, else a self-signed one made at the first start.
#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/pem.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "base/log.hpp"
#include "net/openssl_handle.hpp"
#include "net/server.hpp"
#include "net/tls_context.hpp"

namespace opsteward::net {
namespace {

constexpr std::chrono::days kValidity{397};
/// The certificate begins to be valid this much before it is made, for clients whose clock is behind.
constexpr std::chrono::hours kClockTolerance{1};
constexpr std::size_t kMaxCommonName = 64;  // RFC 5280, ub-common-name

Error CryptoFailed(std::string_view what) {
    return Error::Hidden(ErrorCode::kInternal, std::string(what) + ": " + TakeOpenSslError());
}

std::string IsoTime(std::chrono::sys_seconds time) {
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss clock(time - day);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
                       clock.minutes().count(), clock.seconds().count());
}

Result<void> CheckDates(const std::filesystem::path& file, const X509& certificate, Instant now) {
    const auto begin = ToSeconds(X509_get0_notBefore(&certificate));
    const auto end = ToSeconds(X509_get0_notAfter(&certificate));
    if (now >= end) {
        return Error::Of(ErrorCode::kInvalidInput,
                         fmt::format("憑證檔 {} 已於 {} 到期。請換上新憑證；若為本系統自簽，請刪除憑證檔與金鑰檔後重新啟動。",
                                     file.string(), IsoTime(end)),
                         fmt::format("The certificate {} expired at {}. Put a new one in its place; if it was made by this "
                                     "program, remove the certificate and the key and start again.",
                                     file.string(), IsoTime(end)));
    }
    if (now < begin) {
        return Error::Of(ErrorCode::kInvalidInput,
                         fmt::format("憑證檔 {} 自 {} 起才生效，請檢查憑證或本機時間。", file.string(), IsoTime(begin)),
                         fmt::format("The certificate {} is valid only from {}. Check it, or this machine's clock.",
                                     file.string(), IsoTime(begin)));
    }
    return Ok();
}

/// A key that every account of the machine can read is no secret.
Result<void> CheckKeyIsPrivate(const std::filesystem::path& file) {
    struct stat status {};
    if (stat(file.c_str(), &status) != 0) return Error::System("cannot look at " + file.string(), errno);
    if ((status.st_mode & (S_IROTH | S_IWOTH)) == 0) return Ok();
    return Error::Of(ErrorCode::kForbidden,
                     fmt::format("金鑰檔 {} 開放給所有使用者讀寫，請執行 chmod 600 {}。", file.string(), file.string()),
                     fmt::format("The key {} is open to every account of this machine. Run: chmod 600 {}", file.string(),
                                 file.string()));
}

bool IsIpAddress(const std::string& name) {
    in6_addr storage{};
    return inet_pton(AF_INET, name.c_str(), &storage) == 1 || inet_pton(AF_INET6, name.c_str(), &storage) == 1;
}

bool IsDnsName(const std::string& name) {
    const auto fits = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
               c == '*';
    };
    return !name.empty() && name.size() <= 253 && std::all_of(name.begin(), name.end(), fits);
}

Result<GeneralNamesPtr> MakeAlternativeNames(const std::vector<std::string>& names) {
    GeneralNamesPtr list(GENERAL_NAMES_new());
    if (!list) return CryptoFailed("cannot make a certificate");
    for (const std::string& name : names) {
        const bool is_ip = name.find('\0') == std::string::npos && IsIpAddress(name);
        if (!is_ip && !IsDnsName(name)) {
            return Error::Of(ErrorCode::kInvalidInput, "「" + name + "」不是主機名稱也不是 IP 位址，無法列入憑證。",
                             "\"" + name + "\" is neither a host name nor an IP address and can't stand in a certificate.");
        }
        GENERAL_NAME* entry = a2i_GENERAL_NAME(nullptr, nullptr, nullptr, is_ip ? GEN_IPADD : GEN_DNS, name.c_str(), 0);
        if (entry == nullptr) return CryptoFailed("cannot put " + name + " into a certificate");
        if (sk_GENERAL_NAME_push(list.get(), entry) <= 0) {
            GENERAL_NAME_free(entry);
            return CryptoFailed("cannot make a certificate");
        }
    }
    return list;
}

bool AddExtension(X509& certificate, int nid, const char* value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, &certificate, &certificate, nullptr, nullptr, 0);
    const ExtensionPtr extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value));
    return extension && X509_add_ext(&certificate, extension.get(), -1) == 1;
}

/// 127 random bits: unpredictable, positive, and within the 20 octets of RFC 5280 section 4.1.2.2.
bool SetRandomSerial(X509& certificate) {
    const BignumPtr number(BN_new());
    return number && BN_rand(number.get(), 127, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY) == 1 &&
           BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(&certificate)) != nullptr;
}

Result<CertificatePtr> MakeSelfSigned(EVP_PKEY& key, const std::vector<std::string>& names, Instant now) {
    OPS_TRY(const GeneralNamesPtr alternative_names, MakeAlternativeNames(names));
    CertificatePtr certificate(X509_new());
    if (!certificate) return CryptoFailed("cannot make a certificate");
    X509& made = *certificate;

    const auto begin = std::chrono::floor<std::chrono::seconds>(now) - kClockTolerance;
    const std::string common_name = names.front().size() <= kMaxCommonName ? names.front() : "opsteward";
    X509_NAME* subject = X509_get_subject_name(&made);
    const bool done =
        X509_set_version(&made, X509_VERSION_3) == 1 && SetRandomSerial(made) &&
        ASN1_TIME_set(X509_getm_notBefore(&made), begin.time_since_epoch().count()) != nullptr &&
        ASN1_TIME_set(X509_getm_notAfter(&made), (begin + kValidity).time_since_epoch().count()) != nullptr &&
        X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
                                   reinterpret_cast<const unsigned char*>(common_name.c_str()), -1, -1, 0) == 1 &&
        X509_set_issuer_name(&made, subject) == 1 && X509_set_pubkey(&made, &key) == 1 &&
        AddExtension(made, NID_basic_constraints, "critical,CA:FALSE") &&
        AddExtension(made, NID_key_usage, "critical,digitalSignature") &&
        AddExtension(made, NID_ext_key_usage, "serverAuth") && AddExtension(made, NID_subject_key_identifier, "hash") &&
        X509_add1_ext_i2d(&made, NID_subject_alt_name, alternative_names.get(), 0, X509V3_ADD_DEFAULT) == 1 &&
        X509_sign(&made, &key, EVP_sha256()) > 0;
    if (!done) return CryptoFailed("cannot make a certificate");
    return certificate;
}

/// What was written to a memory BIO.
std::string_view TextOf(BIO& bio) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(&bio, &data);
    return {data, static_cast<std::size_t>(std::max(size, 0L))};
}

/// Under a temporary name first, so that a file with the final name is always whole.
Result<void> WriteFile(const std::filesystem::path& file, std::string_view text, mode_t mode) {
    const std::string temporary = file.string() + ".new";
    ::unlink(temporary.c_str());
    const int descriptor = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
    if (descriptor < 0) return Error::System("cannot write " + temporary, errno);
    int failure = 0;
    while (!text.empty() && failure == 0) {
        const ssize_t written = ::write(descriptor, text.data(), text.size());
        if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
        if (written < 0 && errno != EINTR) failure = errno;
    }
    if (failure == 0 && ::fsync(descriptor) != 0) failure = errno;
    if (::close(descriptor) != 0 && failure == 0) failure = errno;
    if (failure == 0 && ::rename(temporary.c_str(), file.c_str()) != 0) failure = errno;
    if (failure == 0) return Ok();
    ::unlink(temporary.c_str());
    return Error::System("cannot write " + file.string(), failure);
}

Result<void> MakeFiles(const TlsFiles& files, const std::vector<std::string>& names, Instant now) {
    const KeyPtr key(EVP_EC_gen("P-256"));
    if (!key) return CryptoFailed("cannot make a key");
    OPS_TRY(const CertificatePtr certificate, MakeSelfSigned(*key, names, now));

    const BioPtr key_text(BIO_new(BIO_s_secmem()));
    const BioPtr certificate_text(BIO_new(BIO_s_mem()));
    if (!key_text || !certificate_text ||
        PEM_write_bio_PrivateKey(key_text.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1 ||
        PEM_write_bio_X509(certificate_text.get(), certificate.get()) != 1) {
        return CryptoFailed("cannot encode a key and its certificate");
    }
    std::error_code error;
    std::filesystem::create_directories(files.key.parent_path(), error);
    if (error) return Error::System("cannot make the folder " + files.key.parent_path().string(), error.value());
    OPS_CHECK(WriteFile(files.key, TextOf(*key_text), 0600));
    OPS_CHECK(WriteFile(files.certificate, TextOf(*certificate_text), 0644));
    log::info("made a self-signed certificate for {} in {}", names.front(), files.certificate.string());
    return Ok();
}

Result<bool> Exists(const std::filesystem::path& file) {
    std::error_code error;
    const bool exists = std::filesystem::exists(file, error);
    if (error) return Error::System("cannot look at " + file.string(), error.value());
    return exists;
}

}  // namespace

Result<TlsFiles> LoadOrMakeCertificate(const std::filesystem::path& folder, const std::vector<std::string>& names,
                                       Instant now) {
    TlsFiles files{folder / "server.crt", folder / "server.key"};
    OPS_TRY(const bool has_certificate, Exists(files.certificate));
    OPS_TRY(const bool has_key, Exists(files.key));
    if (has_certificate != has_key) {
        const std::string found = (has_certificate ? files.certificate : files.key).string();
        const std::string missing = (has_certificate ? files.key : files.certificate).string();
        return Error::Of(ErrorCode::kInvalidInput,
                         "找到 " + found + "，但缺少 " + missing + "。請補上缺少的檔案，或刪除前者以重新產生一組自簽憑證。",
                         "There is " + found + " but no " + missing +
                             ". Put the missing file there, or remove the other to have a self-signed pair made.");
    }
    if (!has_certificate) {
        OPS_CHECK(MakeFiles(files, names.empty() ? std::vector<std::string>{"localhost"} : names, now));
    }
    OPS_CHECK(CheckKeyIsPrivate(files.key));
    OPS_TRY(const SslContextPtr context, MakeTlsContext(files));
    OPS_CHECK(CheckDates(files.certificate, *SSL_CTX_get0_certificate(context.get()), now));
    return files;
}

}  // namespace opsteward::net
