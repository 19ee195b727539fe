// The files of a pack as they lie on disk.
#include <fmt/format.h>

#include <algorithm>
#include <fstream>

#include "platform/procedure/pack.hpp"

namespace opsteward::procedure {

namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kMaxFileBytes = 1024 * 1024;
constexpr std::size_t kMaxFiles = 500;

PackFault FaultOf(const std::string& file, std::string zh, std::string en) {
    return {{file, 1, 1}, {std::move(zh), std::move(en)}};
}

/// Every .toml file of the folder, wherever it lies, so that one in the wrong place is found too.
Result<std::vector<fs::path>> ListFiles(const fs::path& folder) {
    std::error_code failure;
    if (!fs::is_directory(folder, failure)) {
        return Error::Of(ErrorCode::kInvalidInput, folder.string() + " 不是程序書資料夾。",
                         folder.string() + " is no folder of a procedure pack.");
    }
    std::vector<fs::path> files;
    fs::recursive_directory_iterator entry(folder, failure);
    for (; !failure && entry != fs::recursive_directory_iterator(); entry.increment(failure)) {
        if (entry->path().extension() == ".toml") files.push_back(entry->path().lexically_relative(folder));
        if (files.size() > kMaxFiles) {
            return Error::Of(ErrorCode::kTooLarge, fmt::format("程序書超過 {} 個檔案。", kMaxFiles),
                             fmt::format("The pack holds more than {} files.", kMaxFiles));
        }
    }
    if (failure) {
        return Error::Of(ErrorCode::kInvalidInput, fmt::format("無法讀取資料夾 {}：{}", folder.string(), failure.message()),
                         fmt::format("The folder {} can't be read: {}", folder.string(), failure.message()));
    }
    return files;
}

std::optional<std::string> ReadText(const fs::path& path, const std::string& name, std::vector<PackFault>& faults) {
    std::error_code failure;
    const auto size = fs::is_regular_file(path, failure) ? fs::file_size(path, failure) : kMaxFileBytes + 1;
    if (failure || size > kMaxFileBytes) {
        faults.push_back(FaultOf(name, "應為 1 MiB 以內的一般檔案。", "It has to be a regular file of at most 1 MiB."));
        return std::nullopt;
    }
    std::ifstream stream(path, std::ios::binary);
    std::string text(size, '\0');
    stream.read(text.data(), static_cast<std::streamsize>(size));
    if (!stream) {
        faults.push_back(FaultOf(name, "無法讀取這個檔案。", "The file can't be read."));
        return std::nullopt;
    }
    return text;
}

}  // namespace

Result<PackReading> ReadPack(const fs::path& folder) {
    OPS_TRY(const auto files, ListFiles(folder));
    PackTexts texts;
    std::vector<PackFault> unreadable;
    for (const auto& file : files) {
        const std::string name = file.generic_string();
        if (auto text = ReadText(folder / file, name, unreadable)) texts.emplace(name, std::move(*text));
    }
    PackReading reading = ReadPackTexts(texts);
    // What an unreadable file holds is missed elsewhere; those faults would only lead astray.
    if (!unreadable.empty()) reading.faults = std::move(unreadable);
    return reading;
}

}  // namespace opsteward::procedure
