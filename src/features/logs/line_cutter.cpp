#include "features/logs/line_cutter.hpp"

namespace opsteward::logs {

namespace {

/// Its last piece is what the caller ends the line with; it may be empty only for an empty line.
std::string_view TakePieces(std::string_view line, std::size_t max_line, std::vector<std::string_view>& lines) {
    while (line.size() > max_line) {
        lines.push_back(line.substr(0, max_line));
        line.remove_prefix(max_line);
    }
    return line;
}

}  // namespace

CutLines Cut(std::string_view bytes, bool is_end, std::size_t max_line) {
    CutLines cut;
    while (true) {
        const std::size_t feed = bytes.find('\n', cut.used);
        if (feed == std::string_view::npos) break;
        cut.lines.push_back(TakePieces(bytes.substr(cut.used, feed - cut.used), max_line, cut.lines));
        cut.used = feed + 1;
    }
    const std::string_view rest = bytes.substr(cut.used);
    const std::string_view last = TakePieces(rest, max_line, cut.lines);
    cut.used = bytes.size() - last.size();
    if (is_end && !last.empty()) {
        cut.lines.push_back(last);
        cut.used = bytes.size();
    }
    return cut;
}

}  // namespace opsteward::logs
