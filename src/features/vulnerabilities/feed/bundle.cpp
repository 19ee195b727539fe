#include "features/vulnerabilities/feed/bundle.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "base/text.hpp"
#include "crypto/crypto.hpp"
#include "crypto/sha256_stream.hpp"
#include "features/vulnerabilities/feed/bundle_manifest.hpp"
#include "features/vulnerabilities/feed/tar_header.hpp"
#include "vault/store/file.hpp"
#include "vault/store/replaced_file.hpp"

namespace opsteward::vuln {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kBlock = std::size_t{1} << 20;

Error Stopped() { return Error::Of(ErrorCode::kCancelled, "已中斷。", "Interrupted."); }

/// A file that is only a bundle when all of it is there.
class Writer {
  public:
    static Result<Writer> Begin(const fs::path& path) {
        std::error_code problem;
        if (fs::exists(fs::symlink_status(path, problem))) {
            return Error::Of(ErrorCode::kConflict, path.string() + " 已存在，不會覆寫。", path.string() + " exists already and is not overwritten.");
        }
        OPS_TRY(vault::ReplacedFile file, vault::ReplacedFile::Begin(path));
        return Writer(std::move(file));
    }

    Result<void> Write(std::string_view bytes) {
        OPS_CHECK(file_.Write(bytes));
        sum_.Add(bytes);
        return Ok();
    }
    Result<void> WriteHead(const TarEntry& entry, Instant now) {
        const auto head = TarHead(entry, now);
        return Write({head.data(), head.size()});
    }
    Result<void> WritePadding(std::uint64_t size) { return Write(std::string(TarPadding(size), '\0')); }
    Result<void> WriteEntry(std::string_view name, std::string_view bytes, Instant now) {
        OPS_CHECK(WriteHead({std::string(name), bytes.size()}, now));
        OPS_CHECK(Write(bytes));
        return WritePadding(bytes.size());
    }
    /// The sum of all that was written, and the end of the archive.
    Result<void> Finish(Instant now) {
        OPS_CHECK(WriteEntry(kSumName, SumText(crypto::ToHex(sum_.Finish())), now));
        sum_.Begin();
        OPS_CHECK(Write(std::string(2 * kTarBlock, '\0')));
        return file_.Finish();
    }
    std::uint64_t written() const { return file_.written(); }

  private:
    explicit Writer(vault::ReplacedFile file) : file_(std::move(file)) { sum_.Begin(); }

    vault::ReplacedFile file_;
    crypto::Sha256Stream sum_;
};

struct Input {
    fs::path path;
    BundleEntry entry;
};

Result<std::vector<Input>> ListInputs(const std::vector<FeedInput>& wanted, std::vector<fs::path>* ignored) {
    std::vector<Input> inputs;
    std::unordered_set<std::string> names;
    for (const FeedInput& input : wanted) {
        OPS_TRY(const auto files, FeedFilesIn(input.path, ignored));
        for (const fs::path& file : files) {
            std::string name = BundleEntryName(input.role, file);
            for (std::uint64_t number = 2; !names.insert(name).second; ++number) name = NumberedEntryName(input.role, file, number);
            inputs.push_back({file, {input.role, std::move(name), 0, {}, 0}});
        }
    }
    if (inputs.empty()) return Error::Of(ErrorCode::kInvalidInput, "沒有指定任何漏洞資料檔。", "No file of a feed was named.");
    if (inputs.size() > kMaxBundleEntries) {
        return Error::Of(ErrorCode::kTooLarge, fmt::format("超過 {} 個檔案。", kMaxBundleEntries), fmt::format("There are more than {} files.", kMaxBundleEntries));
    }
    std::ranges::stable_sort(inputs, {}, [](const Input& input) { return input.entry.role; });
    return inputs;
}

/// Unpacks the file to its end, as proof that it can be, and finds its size and sum.
Result<void> Inspect(Input& input, const BundleProgress& progress, std::uint64_t& done) {
    OPS_TRY(FeedFile feed, FeedFile::Open(input.path));
    while (true) {
        OPS_TRY(const std::string_view bytes, feed.Read());
        if (bytes.empty()) break;
        if (!progress(done)) return Stopped();
    }
    OPS_TRY(const vault::File file, vault::File::Open(input.path, vault::File::Mode::kRead));
    crypto::Sha256Stream sum;
    sum.Begin();
    while (true) {
        OPS_TRY(const std::string bytes, file.ReadAt(input.entry.size, kBlock));
        if (bytes.empty()) break;
        sum.Add(bytes);
        input.entry.size += bytes.size();
        done += bytes.size();
        if (!progress(done)) return Stopped();
    }
    input.entry.sha256 = crypto::ToHex(sum.Finish());
    if (input.entry.size <= kMaxTarBytes) return Ok();
    return Error::Of(ErrorCode::kTooLarge, fmt::format("{} 超過 {}。", input.path.string(), FormatBytes(kMaxTarBytes)),
                     fmt::format("{} is larger than {}.", input.path.string(), FormatBytes(kMaxTarBytes)));
}

Result<void> CopyInto(Writer& writer, Input& input, Instant now, const BundleProgress& progress, std::uint64_t& done) {
    OPS_CHECK(writer.WriteHead({input.entry.name, input.entry.size}, now));
    input.entry.offset = writer.written();
    OPS_TRY(const vault::File file, vault::File::Open(input.path, vault::File::Mode::kRead));
    crypto::Sha256Stream sum;
    sum.Begin();
    std::uint64_t copied = 0;
    while (true) {
        OPS_TRY(const std::string bytes, file.ReadAt(copied, kBlock));
        if (bytes.empty()) break;
        sum.Add(bytes);
        OPS_CHECK(writer.Write(bytes));
        copied += bytes.size();
        done += bytes.size();
        if (copied > input.entry.size) break;
        if (!progress(done)) return Stopped();
    }
    if (copied != input.entry.size || crypto::ToHex(sum.Finish()) != input.entry.sha256) {
        return Error::Of(ErrorCode::kConflict, fmt::format("{} 在製作套件時被更動，請再做一次。", input.path.string()),
                         fmt::format("{} was changed while the bundle was made; make it again.", input.path.string()));
    }
    return writer.WritePadding(copied);
}

}  // namespace

std::vector<FeedLocation> Bundle::SourcesOf(FeedRole role) const {
    std::vector<FeedLocation> sources;
    for (const BundleEntry& entry : entries) {
        if (entry.role == role) sources.emplace_back(path, entry.name, entry.offset, entry.size);
    }
    return sources;
}

Result<Bundle> MakeBundle(const fs::path& out, const std::vector<FeedInput>& inputs, Instant now, const BundleProgress& progress, std::vector<fs::path>* ignored) {
    OPS_TRY(auto files, ListInputs(inputs, ignored));
    OPS_TRY(Writer writer, Writer::Begin(out));
    std::uint64_t done = 0;
    for (Input& file : files) OPS_CHECK(Inspect(file, progress, done));
    Bundle bundle;
    bundle.path = out;
    bundle.created = now;
    for (const Input& file : files) bundle.entries.push_back(file.entry);
    OPS_CHECK(writer.WriteEntry(kManifestName, ManifestText(now, bundle.entries), now));
    for (std::size_t i = 0; i < files.size(); ++i) {
        OPS_CHECK(CopyInto(writer, files[i], now, progress, done));
        bundle.entries[i].offset = files[i].entry.offset;
    }
    OPS_CHECK(writer.Finish(now));
    bundle.bytes = writer.written();
    return bundle;
}

}  // namespace opsteward::vuln
