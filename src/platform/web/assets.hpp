// Style sheets, scripts and pictures that are part of the binary.
#pragma once

#include <string>
#include <string_view>

#include "net/http_message.hpp"

namespace opsteward::web {

inline constexpr std::string_view kAssetPrefix = "/assets/";

/// "/assets/<hash>/app.css". The hash covers every file, so that files can name each other by relative address and a
/// browser may keep each for ever.
std::string AssetUrl(std::string_view name);

/// The file for a path below kAssetPrefix, or 404. An address with another hash (a page from before an upgrade) gets
/// the file of today, not to be kept.
net::Response FindAsset(std::string_view path, bool accepts_gzip);

}  // namespace opsteward::web
