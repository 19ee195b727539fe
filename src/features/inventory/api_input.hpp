// Reading what API callers send: query parameters and fields of JSON bodies. Errors are kInvalidInput and name the parameter or
// field.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/json.hpp"
#include "features/inventory/approval_store.hpp"
#include "features/inventory/device_store.hpp"
#include "platform/web/request_context.hpp"

namespace opsteward::inventory {

/// "limit": 1 … 1000, by default 100.
Result<int> LimitOf(const web::RequestContext& context);
/// A whole number from 1; nothing when it is absent.
Result<std::optional<std::int64_t>> NumberParameter(const web::RequestContext& context, std::string_view name);
Error BadParameter(std::string_view name, std::string_view expected);

/// One of a few words; `otherwise` when it is absent.
template <typename T>
Result<T> WordParameter(const web::RequestContext& context, std::string_view name,
                        std::initializer_list<std::pair<std::string_view, T>> words, T otherwise) {
    const std::string_view given = context.request.query.Get(name);
    if (given.empty()) return otherwise;
    std::string expected;
    for (const auto& [word, value] : words) {
        if (word == given) return value;
        expected += (expected.empty() ? "" : ", ") + std::string(word);
    }
    return BadParameter(name, expected);
}

/// Writes the fields of a body over `device`. `is_new`: name, kind and unit_id must be there and state must not.
Result<void> ReadDeviceFields(const json::object& body, bool is_new, Instant now, Device& device);

/// {"subjects":[…],"reason":…,"until_at":…}
Result<Grant> ReadGrant(const json::object& body, std::int64_t device_id);
/// {"reason":…}
Result<std::string> ReadReason(const json::object& body);

}  // namespace opsteward::inventory
