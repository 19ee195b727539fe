// Answers that are large, the same for many, and hold no secret of the reader's session, compressed once.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "net/http_message.hpp"

namespace opsteward::web {

/// RFC 1952. Throws std::bad_alloc when there is no memory for it.
std::string Gzip(std::string_view plain);

/// 200 with JSON that is shared, not copied; `is_gzip` when the bytes come from Gzip. Not for pages of the console: their length would
/// tell an eavesdropper about the form secret they hold (BREACH, Gluck, Harris and Prado 2013).
net::Response SharedJson(std::shared_ptr<const std::string> bytes, bool is_gzip);

}  // namespace opsteward::web
