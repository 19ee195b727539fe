#include "platform/audit/seal_place.hpp"

#include <fmt/format.h>

#include <system_error>

#include "base/text.hpp"
#include "vault/store/file.hpp"

namespace opsteward::audit {

Result<std::optional<std::string>> ReadPublicKey(const SealPlace& place) {
    std::error_code failure;
    if (!std::filesystem::exists(place.public_key, failure)) return std::optional<std::string>();
    OPS_TRY(std::string text, vault::ReadFile(place.public_key));
    return std::optional(std::move(text));
}

Result<std::optional<std::string>> LogOf(const SealPlace& place) {
    OPS_TRY(const auto text, ReadPublicKey(place));
    if (!text) return std::optional<std::string>();
    OPS_TRY(const vault::NoteKey key, vault::NoteKey::Parse(Trim(*text)));
    return std::optional(fmt::format("{}+{:08x}", key.name, key.id()));
}

}  // namespace opsteward::audit
