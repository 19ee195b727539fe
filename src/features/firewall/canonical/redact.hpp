// The form of a configuration that is kept for people and compared from export to export.
#pragma once

#include <string>
#include <string_view>

#include "features/firewall/model/configuration.hpp"

namespace opsteward::firewall {

/// The text with a mark in place of each secret (formats/secret_mark.hpp): keyed by `hash_key` where the secret is the same in every export, "not comparable"
/// where the device encrypts it anew. FortiOS's becomes canonical: one command a line, indented by its depth, and what changes with every export (who exported
/// it, file version, last logins) is "*"; an export that differs in nothing else is equal. The other vendors' stay as they are but for their secrets, by the
/// words, elements or keys that name them, and by their shapes. Never fails: a damaged text is redacted as far as it goes, and rather too much than too little.
/// Linear in the text's length. Ill-formed UTF-8 becomes U+FFFD.
std::string Redact(Format format, std::string_view text, std::string_view hash_key);

}  // namespace opsteward::firewall
