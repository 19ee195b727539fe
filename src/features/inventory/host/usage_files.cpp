#include "features/inventory/host/usage_files.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "base/text.hpp"
#include "features/inventory/host/words.hpp"

namespace opsteward::inventory::host {
namespace {

std::optional<std::uint64_t> Count(std::string_view text) {
    const auto number = ParseInt(text);
    if (!number || *number < 0) return std::nullopt;
    return static_cast<std::uint64_t>(*number);
}

std::optional<unsigned char> HexByte(std::string_view text) {
    unsigned char byte = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), byte, 16);
    if (text.empty() || code != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return byte;
}

/// Mount points are written with blanks, tabs, line ends and backslashes as three octal digits.
std::string Unescape(std::string_view text) {
    const auto is_octal = [](char c) { return c >= '0' && c <= '7'; };
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\\' && i + 3 < text.size() && text[i + 1] <= '3' &&
            std::ranges::all_of(text.substr(i + 1, 3), is_octal)) {
            plain.push_back(static_cast<char>((text[i + 1] - '0') * 64 + (text[i + 2] - '0') * 8 + (text[i + 3] - '0')));
            i += 3;
        } else {
            plain.push_back(text[i]);
        }
    }
    return plain;
}

bool IsStorage(const Mount& mount) {
    static constexpr std::array<std::string_view, 5> kImages = {"squashfs", "iso9660", "udf", "erofs", "cramfs"};
    static constexpr std::array<std::string_view, 3> kWithoutDevice = {"btrfs", "zfs", "bcachefs"};
    if (std::ranges::find(kImages, mount.type) != kImages.end()) return false;
    if (mount.type == "overlay") return mount.point == "/";
    if (std::ranges::find(kWithoutDevice, mount.type) != kWithoutDevice.end()) return true;
    return !mount.device.starts_with("0:");
}

}  // namespace

std::optional<CpuTicks> ParseProcStat(std::string_view text) {
    CpuTicks ticks;
    bool has_total = false;
    for (const std::string_view line : SplitLines(text)) {
        const auto words = SplitWords(line);
        if (words.size() < 2) continue;
        if (words[0] == "btime") ticks.booted_at_seconds = ParseInt(words[1]);
        if (!words[0].starts_with("cpu")) continue;
        if (words[0] != "cpu") {
            ++ticks.processors;
            continue;
        }
        // user nice system idle iowait irq softirq steal; guest times are already within user and nice.
        for (std::size_t i = 1; i < std::min<std::size_t>(words.size(), 9); ++i) {
            const auto count = Count(words[i]);
            if (!count) return std::nullopt;
            ticks.total += *count;
            if (i != 4 && i != 5) ticks.busy += *count;
        }
        has_total = words.size() >= 5;
    }
    if (!has_total) return std::nullopt;
    return ticks;
}

std::optional<double> BusyRatio(const CpuTicks& before, const CpuTicks& after) {
    if (after.total <= before.total) return std::nullopt;
    // A counter of waiting time may go back (proc(5)), so the busy part is held within the whole.
    const double busy = after.busy > before.busy ? static_cast<double>(after.busy - before.busy) : 0.0;
    return std::min(1.0, busy / static_cast<double>(after.total - before.total));
}

std::optional<MemoryUse> ParseMeminfo(std::string_view text) {
    std::map<std::string_view, std::uint64_t> bytes;
    for (const std::string_view line : SplitLines(text)) {
        const auto words = SplitWords(line);
        if (words.size() != 3 || words[2] != "kB") continue;
        if (const auto count = Count(words[1]); count && *count < (1ULL << 50)) bytes.emplace(words[0], *count * 1024);
    }
    if (!bytes.contains("MemTotal:") || !bytes.contains("MemAvailable:") || bytes["MemTotal:"] == 0) return std::nullopt;
    return MemoryUse{.total_bytes = bytes["MemTotal:"],
                     .available_bytes = std::min(bytes["MemAvailable:"], bytes["MemTotal:"]),
                     .swap_total_bytes = bytes["SwapTotal:"],
                     .swap_free_bytes = std::min(bytes["SwapFree:"], bytes["SwapTotal:"])};
}

std::vector<Mount> ParseStorageMounts(std::string_view mountinfo) {
    std::map<std::string, Mount> by_point;  // a later mount covers an earlier one at the same place
    for (const std::string_view line : SplitLines(mountinfo)) {
        // id parent major:minor root point options [optional…] - type source super-options
        const auto words = SplitWords(line);
        const auto dash = std::ranges::find(words, std::string_view("-"));
        if (words.size() < 9 || dash - words.begin() < 6 || words.end() - dash < 3) continue;
        Mount mount{.point = Unescape(words[4]), .device = std::string(words[2]), .type = std::string(*(dash + 1))};
        by_point[mount.point] = std::move(mount);
    }
    std::vector<Mount> mounts;
    for (auto& [point, mount] : by_point) {
        if (IsStorage(mount)) mounts.push_back(std::move(mount));
    }
    std::ranges::sort(mounts, {}, [](const Mount& mount) { return std::pair(mount.point.size(), mount.point); });
    std::vector<Mount> one_per_device;
    for (Mount& mount : mounts) {
        const bool is_known = std::ranges::find(one_per_device, mount.device, &Mount::device) != one_per_device.end();
        if (!is_known) one_per_device.push_back(std::move(mount));
    }
    return one_per_device;
}

std::map<std::string, InterfaceCounters> ParseNetDev(std::string_view text) {
    std::map<std::string, InterfaceCounters> interfaces;
    for (const std::string_view line : SplitLines(text)) {
        const std::size_t colon = line.rfind(':');  // a name may hold a colon, the numbers don't
        if (colon == std::string_view::npos) continue;
        // receive: bytes packets errs drop fifo frame compressed multicast; transmit: bytes packets errs …
        const auto words = SplitWords(line.substr(colon + 1));
        if (words.size() < 11) continue;
        const auto receive = Count(words[0]);
        const auto receive_errors = Count(words[2]);
        const auto transmit = Count(words[8]);
        const auto transmit_errors = Count(words[10]);
        if (!receive || !receive_errors || !transmit || !transmit_errors) continue;
        interfaces[std::string(Trim(line.substr(0, colon)))] = {*receive, *transmit, *receive_errors + *transmit_errors};
    }
    return interfaces;
}

std::map<std::string, std::vector<std::string>> ParseIfInet6(std::string_view text) {
    std::map<std::string, std::vector<std::string>> addresses;
    for (const std::string_view line : SplitLines(text)) {
        // address index prefix scope flags name; all but the name hexadecimal
        const auto words = SplitWords(line);
        if (words.size() != 6 || words[0].size() != 32) continue;
        const auto prefix = HexByte(words[2]);
        const auto flags = HexByte(words[4]);
        std::array<unsigned char, 16> bytes{};
        bool is_address = true;
        for (std::size_t i = 0; i < bytes.size(); ++i) {
            const auto byte = HexByte(words[0].substr(2 * i, 2));
            is_address = is_address && byte;
            bytes[i] = byte.value_or(0);
        }
        std::array<char, INET6_ADDRSTRLEN> shown{};
        if (!is_address || !prefix || *prefix > 128 || !flags) continue;
        constexpr unsigned char kTemporary = 0x01;  // IFA_F_TEMPORARY of rtnetlink(7)
        if ((*flags & kTemporary) != 0 || !::inet_ntop(AF_INET6, bytes.data(), shown.data(), shown.size())) continue;
        addresses[std::string(words[5])].push_back(fmt::format("{}/{}", shown.data(), *prefix));
    }
    return addresses;
}

}  // namespace opsteward::inventory::host
