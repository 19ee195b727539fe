#include "features/inventory/host/stanza_reader.hpp"

#include "base/text.hpp"

namespace opsteward::inventory::host {
namespace {

constexpr std::size_t kMaxLineBytes = 64 * 1024;

}  // namespace

StanzaReader::StanzaReader(std::vector<std::string_view> fields, Take take)
    : fields_(std::move(fields)), take_(std::move(take)), values_(fields_.size()) {}

void StanzaReader::Feed(std::string_view piece) {
    while (!piece.empty()) {
        const std::size_t end = piece.find('\n');
        const std::string_view part = piece.substr(0, end);
        if (end != std::string_view::npos && open_line_.empty()) {
            TakeLine(part.substr(0, kMaxLineBytes));
        } else {
            open_line_.append(part.substr(0, kMaxLineBytes - open_line_.size()));
            if (end == std::string_view::npos) return;
            TakeLine(open_line_);
            open_line_.clear();
        }
        piece.remove_prefix(end + 1);
    }
}

void StanzaReader::Finish() {
    if (!open_line_.empty()) TakeLine(open_line_);
    open_line_.clear();
    EndStanza();
}

void StanzaReader::TakeLine(std::string_view line) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) return EndStanza();
    if (line.front() == ' ' || line.front() == '\t') return;
    for (std::size_t i = 0; i < fields_.size(); ++i) {
        const std::string_view field = fields_[i];
        if (line.size() <= field.size() || line[field.size()] != ':' || !line.starts_with(field)) continue;
        if (values_[i].empty()) values_[i] = Trim(line.substr(field.size() + 1));
        has_any_ = has_any_ || !values_[i].empty();
        return;
    }
}

void StanzaReader::EndStanza() {
    if (!has_any_) return;
    take_(values_);
    for (std::string& value : values_) value.clear();
    has_any_ = false;
}

}  // namespace opsteward::inventory::host
