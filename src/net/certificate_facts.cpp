#include "net/certificate_facts.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <openssl/pem.h>

#include <cerrno>

#include "net/openssl_handle.hpp"

namespace opsteward::net {
namespace {

std::string NameText(const X509_NAME* name) {
    const BioPtr bio(BIO_new(BIO_s_mem()));
    // Letters outside ASCII as they are, not as escaped bytes.
    if (!bio || X509_NAME_print_ex(bio.get(), name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB) < 0) return {};
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &data);
    return {data, static_cast<std::size_t>(size)};
}

std::string AlternativeName(const GENERAL_NAME& name) {
    if (name.type == GEN_DNS) {
        const ASN1_STRING* const text = name.d.dNSName;
        return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
                static_cast<std::size_t>(ASN1_STRING_length(text))};
    }
    if (name.type != GEN_IPADD) return {};
    const ASN1_STRING* const bytes = name.d.iPAddress;
    const int family = ASN1_STRING_length(bytes) == 4    ? AF_INET
                       : ASN1_STRING_length(bytes) == 16 ? AF_INET6
                                                         : AF_UNSPEC;
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (inet_ntop(family, ASN1_STRING_get0_data(bytes), text.data(), text.size()) == nullptr) return {};
    return text.data();
}

std::vector<std::string> AlternativeNames(const X509& certificate) {
    std::vector<std::string> names;
    const GeneralNamesPtr list(
        static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(&certificate, NID_subject_alt_name, nullptr, nullptr)));
    for (int i = 0; list && i < sk_GENERAL_NAME_num(list.get()); ++i) {
        if (std::string name = AlternativeName(*sk_GENERAL_NAME_value(list.get(), i)); !name.empty())
            names.push_back(std::move(name));
    }
    return names;
}

std::string Fingerprint(const X509& certificate) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    if (X509_digest(&certificate, EVP_sha256(), digest.data(), &size) != 1) return {};
    std::string text;
    for (unsigned int i = 0; i < size; ++i) text += fmt::format("{:02x}", digest[i]);
    return text;
}

}  // namespace

Result<CertificateFacts> ReadCertificate(const std::filesystem::path& file) {
    const BioPtr bio(BIO_new_file(file.c_str(), "r"));
    if (!bio) {
        const int failure = errno;
        ERR_clear_error();
        return Error::System("cannot read " + file.string(), failure);
    }
    const CertificatePtr certificate(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
    if (!certificate) {
        const std::string why = TakeOpenSslError();
        return Error::Of(ErrorCode::kInvalidInput, fmt::format("{} 裡沒有 PEM 格式的憑證（{}）。", file.string(), why),
                         fmt::format("There is no PEM certificate in {} ({}).", file.string(), why));
    }
    CertificateFacts facts;
    facts.subject = NameText(X509_get_subject_name(certificate.get()));
    facts.issuer = NameText(X509_get_issuer_name(certificate.get()));
    facts.names = AlternativeNames(*certificate);
    facts.begins = ToSeconds(X509_get0_notBefore(certificate.get()));
    facts.ends = ToSeconds(X509_get0_notAfter(certificate.get()));
    facts.sha256 = Fingerprint(*certificate);
    facts.is_self_issued = facts.subject == facts.issuer;
    return facts;
}

}  // namespace opsteward::net
