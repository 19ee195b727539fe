// The operator's log: spdlog to standard error, one line an event. Secrets never go in.
#pragma once

#include <spdlog/spdlog.h>

namespace opsteward::log {

using spdlog::critical;
using spdlog::debug;
using spdlog::error;
using spdlog::info;
using spdlog::warn;

}  // namespace opsteward::log
