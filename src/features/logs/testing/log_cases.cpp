#include "features/logs/testing/log_cases.hpp"

#include <fmt/format.h>

#include <charconv>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "base/civil_time.hpp"
#include "base/text.hpp"

namespace opsteward::logs::testing {
namespace {

/// \x{A5} is that byte, \x{61*5000} it five thousand times; everything else is itself.
std::string Decode(std::string_view text) {
    std::string bytes;
    while (!text.empty()) {
        const std::size_t at = text.find("\\x{");
        bytes += text.substr(0, at);
        if (at == std::string_view::npos) break;
        const std::size_t close = text.find('}', at);
        const auto parts = Split(text.substr(at + 3, close - at - 3), '*');
        unsigned byte = 0;
        std::from_chars(parts[0].data(), parts[0].data() + parts[0].size(), byte, 16);
        const auto count = parts.size() > 1 ? ParseInt(parts[1]).value() : 1;
        bytes.append(static_cast<std::size_t>(count), static_cast<char>(byte));
        text.remove_prefix(close + 1);
    }
    return bytes;
}

std::string Encode(std::string_view bytes) {
    std::string text;
    for (std::size_t i = 0; i < bytes.size();) {
        const std::size_t run = std::min(bytes.find_first_not_of(bytes[i], i), bytes.size()) - i;
        const auto byte = static_cast<unsigned char>(bytes[i]);
        if (run > 100) {
            text += fmt::format("\\x{{{:02X}*{}}}", byte, run);
        } else if (byte < 0x20 || byte > 0x7E) {
            for (std::size_t k = 0; k < run; ++k) text += fmt::format("\\x{{{:02X}}}", byte);
        } else {
            text.append(run, bytes[i]);
        }
        i += run;
    }
    return text;
}

std::string ReadWhole(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

class CaseFile {
  public:
    CaseFile(const std::filesystem::path& path, std::vector<LogCase>& cases) : name_(path.filename().string()), cases_(cases) {
        const std::string text = ReadWhole(path);
        int number = 0;
        for (const std::string_view line : SplitLines(text)) TakeLine(line, ++number);
    }

  private:
    void TakeLine(std::string_view line, int number) {
        if (line.empty() || line.starts_with('#')) return;
        const std::size_t colon = line.find(": ");
        const std::string_view key = line.substr(0, colon);
        const std::string_view value = colon == std::string_view::npos ? std::string_view() : line.substr(colon + 2);
        if (key == "received") {
            received_ = ParseRfc3339(value).value();
        } else if (key == "expect") {
            options_.expected = FindContentFormat(value).value();
        } else if (key == "encoding") {
            options_.encoding = FindEncoding(value).value();
        } else if (key == "line" || line == "line:") {
            cases_.push_back({fmt::format("{}:{}", name_, number), Decode(value), received_, options_, {}});
            options_ = {};
        } else if (cases_.empty()) {
            throw std::runtime_error(fmt::format("{}:{}: no line before it", name_, number));
        } else {
            cases_.back().expected.emplace_back(line);
        }
    }

    std::string name_;
    std::vector<LogCase>& cases_;
    Instant received_;
    ReadOptions options_;
};

std::string TimeOf(const ParsedLine& line) {
    if (!line.event_time) return "none";
    return fmt::format("{}{}{}", FormatRfc3339(*line.event_time), line.year_inferred ? " year inferred" : "",
                       line.zone_inferred ? " zone inferred" : "");
}

}  // namespace

std::vector<LogCase> ReadLogCases() {
    const std::filesystem::path folder = std::filesystem::path(OPSTEWARD_SOURCE_DIR) / "tests/data/logs";
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (entry.path().extension() == ".txt") files.push_back(entry.path());
    }
    std::ranges::sort(files);
    std::vector<LogCase> cases;
    for (const auto& file : files) CaseFile(file, cases);
    return cases;
}

std::vector<std::string> Describe(const ParsedLine& line) {
    std::vector<std::string> described = {
        fmt::format("format: {} {}", NameOf(line.header), NameOf(line.content)),
        fmt::format("time: {}", TimeOf(line)),
        fmt::format("message: {}", Encode(line.message.substr(0, 40))),
    };
    std::vector<const Field*> fields;
    for (const Field& field : line.fields) fields.push_back(&field);
    std::ranges::stable_sort(fields, {}, [](const Field* field) {
        return field->id == FieldId::kVendor ? 256 : static_cast<int>(field->id);
    });
    for (const Field* field : fields) described.push_back(fmt::format("{} = {}", Encode(field->FullName()), Encode(field->value)));
    if (line.is_cut) described.emplace_back("cut");
    return described;
}

}  // namespace opsteward::logs::testing
