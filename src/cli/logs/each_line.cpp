#include "cli/logs/each_line.hpp"

#include <string>

namespace opsteward::cli {

Result<void> ForEachLine(const BlockSource& next, std::size_t max_bytes, const LineVisitor& visit) {
    std::string waiting;  // the beginning of a line whose end has not come yet
    std::uint64_t number = 1;
    for (bool is_end = false; !is_end;) {
        OPS_TRY(std::string_view bytes, next());
        is_end = bytes.empty();
        for (std::size_t end = bytes.find('\n'); end != std::string_view::npos; end = bytes.find('\n')) {
            std::string_view line = bytes.substr(0, end);
            if (!waiting.empty()) line = waiting.append(line);
            OPS_CHECK(visit(line, number++));
            waiting.clear();
            bytes.remove_prefix(end + 1);
        }
        waiting += bytes;
        if (waiting.size() > max_bytes || (is_end && !waiting.empty())) OPS_CHECK(visit(waiting, number));
    }
    return Ok();
}

}  // namespace opsteward::cli
