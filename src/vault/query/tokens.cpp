#include "vault/query/tokens.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "vault/query/folding.hpp"

namespace opsteward::vault::query {
namespace {

enum class ByteClass { kSeparator, kWord, kBeyondAscii };

ByteClass ClassOf(char c) {
    if (static_cast<unsigned char>(c) >= 0x80) return ByteClass::kBeyondAscii;
    const char folded = FoldByte(c);
    const bool is_word = (folded >= 'a' && folded <= 'z') || (c >= '0' && c <= '9') || c == '_';
    return is_word ? ByteClass::kWord : ByteClass::kSeparator;
}

}  // namespace

void ForEachToken(std::string_view bytes, const std::function<void(std::string_view token)>& visit) {
    std::size_t begin = 0;
    while (begin < bytes.size()) {
        const ByteClass kind = ClassOf(bytes[begin]);
        std::size_t end = begin + 1;
        while (end < bytes.size() && ClassOf(bytes[end]) == kind) ++end;
        if (kind != ByteClass::kSeparator) visit(bytes.substr(begin, end - begin));
        begin = end;
    }
}

std::vector<std::string> CompleteTokens(std::string_view needle) {
    std::vector<std::string> tokens;
    ForEachToken(needle, [&](std::string_view token) {
        const bool at_begin = token.data() == needle.data();
        const bool at_end = token.data() + token.size() == needle.data() + needle.size();
        if (!at_begin && !at_end) tokens.push_back(ToLowerAscii(token));
    });
    std::sort(tokens.begin(), tokens.end());
    tokens.erase(std::unique(tokens.begin(), tokens.end()), tokens.end());
    return tokens;
}

}  // namespace opsteward::vault::query
