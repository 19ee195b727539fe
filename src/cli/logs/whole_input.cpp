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
            return InFile(path, Error::Of(ErrorCode::kTooLarge, fmt::format("超過 {}；請分成較小的檔案。", FormatBytes(max_bytes)),
                                          fmt::format("larger than {}; give it in smaller parts.", FormatBytes(max_bytes))));
        }
        bytes += block;
        progress.ShowBytes(bytes.size(), path.filename().string());
    }
}

Error InFile(const std::filesystem::path& path, Error error) {
    const bool is_input = path == "-";
    error.caller_text.zh = (is_input ? "標準輸入" : path.string()) + "：" + error.caller_text.zh;
    for (std::string* text : {&error.caller_text.en, &error.operator_text}) *text = (is_input ? "standard input" : path.string()) + ": " + *text;
    return error;
}

}  // namespace opsteward::cli
