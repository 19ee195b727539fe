// What stands in a certificate, for people who look after it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace opsteward::net {

struct CertificateFacts {
    std::string subject;  ///< RFC 4514: "CN=ops.example"
    std::string issuer;
    std::vector<std::string> names;  ///< host names and IP addresses (subjectAltName)
    Instant begins;
    Instant ends;
    std::string sha256;           ///< of the DER form, lower-case hex
    bool is_self_issued = false;  ///< by its own subject
};
/// The first certificate of a PEM file. kInvalidInput when there is none in it.
Result<CertificateFacts> ReadCertificate(const std::filesystem::path& file);

}  // namespace opsteward::net
