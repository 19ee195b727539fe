// A running configuration of Cisco ASA as commands: a line at the margin with the lines set in below it.
#pragma once

#include <string_view>
#include <vector>

namespace opsteward::firewall {

struct AsaLine {
    std::size_t number = 0;
    std::string_view text;  ///< without the blanks before and behind
};
struct AsaCommand {
    AsaLine head;
    std::vector<AsaLine> below;
};

/// Comments ("!", ":") are left out;
/// the hexadecimal lines of a certificate stand below its command.
std::vector<AsaCommand> SplitAsaCommands(std::string_view text);
std::vector<std::string_view> AsaWords(std::string_view text);

/// Takes words off the front.
class AsaCursor {
  public:
    explicit AsaCursor(std::string_view text) : words_(AsaWords(text)) {}

    bool is_done() const { return at_ >= words_.size(); }
    std::string_view Peek(std::size_t ahead = 0) const { return at_ + ahead < words_.size() ? words_[at_ + ahead] : std::string_view(); }
    std::string_view Next() { return at_ < words_.size() ? words_[at_++] : std::string_view(); }
    bool Skip(std::string_view word) {
        if (Peek() != word) return false;
        ++at_;
        return true;
    }
    /// All that is left, as it stands.
    std::string_view Rest() const {
        if (is_done()) return {};
        const char* const end = words_.back().data() + words_.back().size();
        return {words_[at_].data(), static_cast<std::size_t>(end - words_[at_].data())};
    }

  private:
    std::vector<std::string_view> words_;
    std::size_t at_ = 0;
};

}  // namespace opsteward::firewall
