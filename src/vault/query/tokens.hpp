// Tokens: the unit of a block's token filter, and which of them a searched text proves to be there.
//
// A token is a maximal run of ASCII letters, digits and '_', or of bytes from 0x80 on, in lower case. Where the two kinds of run
// touch, one token ends and the other begins.
//
// A searched text may lie anywhere, also within longer tokens: `refused` is found in `unrefused_x`. So the run at its beginning
// may be the end of a longer token of the record, and the run at its end the beginning of one; which token the record then has is
// unknown. A run with a boundary on both sides within the text itself is a token of every record that contains the text, because
// what surrounds the text can't reach over that boundary: of `"user=root from"` that is `root`. A single word proves nothing, and
// neither does one run of CJK text.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace opsteward::vault::query {

/// Calls `visit` with each token of `bytes` in order, as it stands there (not in lower case).
void ForEachToken(std::string_view bytes, const std::function<void(std::string_view token)>& visit);

/// The tokens that every text containing `needle` (without regard to ASCII case) has, in lower case, each once.
std::vector<std::string> CompleteTokens(std::string_view needle);

}  // namespace opsteward::vault::query
