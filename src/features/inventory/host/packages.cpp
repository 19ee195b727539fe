#include "features/inventory/host/packages.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "features/inventory/host/package_offers.hpp"
#include "features/inventory/host/unpacker.hpp"

namespace opsteward::inventory::host {
namespace {

constexpr std::string_view kStatusFile = "/var/lib/dpkg/status";
constexpr std::string_view kListFolder = "/var/lib/apt/lists";
constexpr std::uint64_t kMaxStatusBytes = 256 << 20;
constexpr std::uint64_t kMaxListBytes = 512 << 20;
constexpr std::size_t kReleaseHeadBytes = 16 * 1024;  // the fields stand before the long tables of digests

bool IsPackageList(std::string_view name) {
    const std::size_t at = name.rfind("_Packages");
    if (at == std::string_view::npos) return false;
    const std::string_view rest = name.substr(at + 9);
    return rest.empty() || rest.front() == '.';
}

std::string InListFolder(std::string_view name) { return fmt::format("{}/{}", kListFolder, name); }

/// The Release file that covers a list: the one whose name shares the longest beginning with it.
ReleaseTraits ReadTraits(const HostFiles& files, const std::vector<std::string>& names, std::string_view list) {
    for (std::size_t end = list.rfind('_'); end != std::string_view::npos && end > 0; end = list.rfind('_', end - 1)) {
        for (const std::string_view kind : {"_InRelease", "_Release"}) {
            const std::string name = std::string(list.substr(0, end)).append(kind);
            if (!std::ranges::binary_search(names, name)) continue;
            const auto head = files.ReadHead(InListFolder(name), kReleaseHeadBytes);
            return ParseReleaseFile(head.ok() ? std::string_view(*head) : std::string_view(), list);
        }
    }
    return ParseReleaseFile({}, list);
}

Result<void> ReadList(const HostFiles& files, const std::string& list, const ReleaseTraits& traits,
                      PackageOffers& offers) {
    StanzaReader reader({"Package", "Version", "Architecture"}, [&](std::span<const std::string> values) {
        if (!values[0].empty() && !values[1].empty()) offers.Add(values[0], values[1], values[2], traits);
    });
    const auto unpacker = MakeUnpacker(list, kMaxListBytes, [&](std::string_view piece) { reader.Feed(piece); });
    if (!unpacker) {
        return Error::Of(ErrorCode::kInvalidInput, fmt::format("無法讀取此種壓縮格式的套件清單：{}", list),
                         fmt::format("A package list compressed in this form is not read: {}", list));
    }
    Result<void> unpacked = Ok();
    OPS_CHECK(files.ReadPieces(InListFolder(list), kMaxListBytes, [&](std::string_view piece) {
        unpacked = unpacker->Feed(piece);
        return unpacked.ok();
    }));
    OPS_CHECK(unpacked);
    OPS_CHECK(unpacker->Finish());
    reader.Finish();
    return Ok();
}

}  // namespace

Result<PackageReader::Stamps> PackageReader::StampFiles() const {
    Stamps stamps;
    OPS_TRY(const FileStamp status, files_.Stamp(kStatusFile));
    stamps.emplace(kStatusFile, status);
    const auto names = files_.List(kListFolder);
    if (!names.ok()) return stamps;
    for (const std::string& name : *names) {
        if (const auto stamp = files_.Stamp(InListFolder(name)); stamp.ok() && !stamp->is_directory) {
            stamps.emplace(name, *stamp);
        }
    }
    return stamps;
}

const PackageFacts& PackageReader::Read() {
    auto stamps = StampFiles();
    if (stamps.ok() && read_stamps_ == *stamps) return facts_;
    read_stamps_.reset();
    facts_ = {};
    if (!stamps.ok()) {
        facts_.not_observed = stamps.error().caller_text;
        return facts_;
    }

    DpkgStatusReader reader;
    const auto read = files_.ReadPieces(kStatusFile, kMaxStatusBytes, [&](std::string_view piece) {
        reader.Feed(piece);
        return true;
    });
    if (!read.ok()) {
        facts_.not_observed = read.error().caller_text;
        return facts_;
    }
    for (InstalledPackage& package : reader.Finish()) facts_.packages.push_back({std::move(package), {}, {}, false});

    const auto names = files_.List(kListFolder);
    if (names.ok()) {
        ReadLists(*names);
    } else {
        facts_.sources_unknown = names.error().caller_text;
    }
    read_stamps_ = std::move(*stamps);
    return facts_;
}

void PackageReader::ReadLists(const std::vector<std::string>& names) {
    std::vector<InstalledPackage> installed;
    installed.reserve(facts_.packages.size());
    for (const PackageFact& fact : facts_.packages) installed.push_back(fact.package);
    PackageOffers offers(installed);
    std::size_t lists = 0;
    for (const std::string& name : names) {
        if (!IsPackageList(name)) continue;
        ++lists;
        const ReleaseTraits traits = ReadTraits(files_, names, name);
        if (traits.valid_until && (!facts_.valid_until || *traits.valid_until < *facts_.valid_until)) {
            facts_.valid_until = traits.valid_until;
        }
        if (const auto read = ReadList(files_, name, traits, offers); !read.ok()) {
            facts_.sources_unknown = read.error().caller_text;
            facts_.sources_unknown->zh = fmt::format("{}（{}）", facts_.sources_unknown->zh, InListFolder(name));
            facts_.sources_unknown->en = fmt::format("{} ({})", facts_.sources_unknown->en, InListFolder(name));
        }
    }
    if (lists == 0) {
        facts_.sources_unknown = Text{fmt::format("{} 內沒有套件清單，請先執行 apt update。", kListFolder),
                                      fmt::format("There are no package lists in {}: run apt update.", kListFolder)};
    }
    for (std::size_t i = 0; i < installed.size(); ++i) {
        PackageFact& fact = facts_.packages[i];
        // What one readable list offers is a fact; that none offers it is one only when all of them were read.
        if (offers.IsOffered(i) || !facts_.sources_unknown) fact.is_offered = offers.IsOffered(i);
        if (auto update = offers.UpdateOf(i)) {
            fact.offered_version = std::move(update->version);
            fact.is_security = update->is_security;
        }
    }
}

}  // namespace opsteward::inventory::host
