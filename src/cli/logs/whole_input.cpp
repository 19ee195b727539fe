#include "cli/logs/whole_input.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "cli/logs/log_input.hpp"
#include "cli/logs/progress.hpp"

namespace opsteward::cli {

Result<std::string> ReadWholeInput(const std::filesystem::path& path, std::size_t max_bytes, Language language) {
    OPS_TRY(LogInput input, LogInput::Open(path));
    Progress progress(language);
    std::string bytes;
    while (true) {
        OPS_TRY(const std::string_view block, input.Read());
        if (block.empty()) return bytes;
        if (block.size() > max_bytes - bytes.size()) {
            return Error::Of(ErrorCode::kTooLarge, fmt::format("{} 超過 {}；請分成較小的檔案。", path.string(), FormatBytes(max_bytes)),
                             fmt::format("{} is larger than {}; give it in smaller parts.", path.string(), FormatBytes(max_bytes)));
        }
        bytes += block;
        progress.ShowBytes(bytes.size(), path.filename().string());
    }
}

Error InFile(const std::filesystem::path& path, Error error) {
    for (std::string* text : {&error.caller_text.zh, &error.caller_text.en, &error.operator_text}) *text = path.string() + ": " + *text;
    return error;
}

}  // namespace opsteward::cli
