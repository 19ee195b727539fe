// Secrets that show by their form alone, wherever they stand.
#pragma once

#include <string>
#include <string_view>

namespace opsteward::firewall {

/// Replaces by their marks (formats/secret_mark.hpp): private keys in PEM (RFC 7468; an encrypted one is not comparable, as devices encrypt it anew), password
/// hashes and obfuscated passwords in crypt(3)'s form ("$6$…", "$2y$…", Juniper's "$9$…", Cisco's "$sha512$…"), PAN-OS's "-AQ==…", FortiOS's "ENC …" and its
/// "SH2…", "AK1…" and "PB2…", and the password of "scheme://user:password@host". Linear in the text's length.
std::string RedactShapes(std::string_view text, std::string_view hash_key);

/// The mark of what follows "ENC" in FortiOS: a hash of an administrator's password stays the same from export to export, all else is encrypted anew.
std::string FortigateEncMark(std::string_view value, std::string_view hash_key);

}  // namespace opsteward::firewall
