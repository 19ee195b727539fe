#include "features/vulnerabilities/vans/payload.hpp"

#include <algorithm>
#include <string>
#include <unordered_map>

#include "base/json.hpp"

namespace opsteward::vans {
namespace {

/// An object with "api_key" and the array "data", an item a line.
class PayloadWriter {
  public:
    explicit PayloadWriter(const Sink& sink) : sink_(sink) {}

    void Begin(std::string_view api_key) { buffer_ = "{\"api_key\":" + json::serialize(json::string(api_key)) + ",\"data\":["; }

    Result<void> Add(const json::object& item) {
        buffer_ += count_ == 0 ? "\n" : ",\n";
        buffer_ += json::serialize(item);
        ++count_;
        constexpr std::size_t kPieceBytes = 1U << 20U;
        if (buffer_.size() < kPieceBytes) return Ok();
        OPS_CHECK(sink_(buffer_));
        buffer_.clear();
        return Ok();
    }

    Result<std::size_t> End() {
        buffer_ += "\n]}\n";
        OPS_CHECK(sink_(buffer_));
        return count_;
    }

  private:
    const Sink& sink_;
    std::string buffer_;
    std::size_t count_ = 0;
};

/// How many machines of an agency have a product.
struct Tally {
    const Machine* first = nullptr;
    const Product* product = nullptr;
    std::size_t machines = 0;
};

/// In the order in which they come first.
std::vector<Tally> Count(const Inventory& inventory) {
    std::unordered_map<std::string, std::uint32_t> agencies;
    std::vector<std::uint32_t> agency_of;
    for (const Machine& machine : inventory.machines) {
        agency_of.push_back(agencies.try_emplace(machine.oid + '\n' + machine.org_name, static_cast<std::uint32_t>(agencies.size())).first->second);
    }
    std::vector<Tally> tallies;
    std::unordered_map<std::uint64_t, std::size_t> places;
    for (const Installed& installed : inventory.installed) {
        const std::uint64_t key = std::uint64_t{agency_of[installed.machine]} << 32U | installed.product;
        const auto [entry, is_new] = places.try_emplace(key, tallies.size());
        if (is_new) tallies.push_back({&inventory.machines[installed.machine], &inventory.products[installed.product], 0});
        ++tallies[entry->second].machines;
    }
    return tallies;
}

}  // namespace

Result<void> CheckApiKey(std::string_view key, Generation generation) {
    const bool is_visible = !key.empty() && std::ranges::all_of(key, [](unsigned char c) { return c > 0x20 && c < 0x7F; });
    constexpr std::size_t kFirstLength = 88;
    constexpr std::size_t kMaxLength = 1024;
    const bool has_length = generation == Generation::kFirst ? key.size() == kFirstLength : key.size() <= kMaxLength;
    if (is_visible && has_length) return Ok();
    if (generation == Generation::kFirst) {
        return Error::Of(ErrorCode::kInvalidInput, "API 金鑰須為 88 個可見的 ASCII 字元。", "The API key must be 88 visible ASCII characters.");
    }
    return Error::Of(ErrorCode::kInvalidInput, "API 金鑰須為 1 至 1024 個可見的 ASCII 字元。", "The API key must be 1 to 1024 visible ASCII characters.");
}

Result<std::size_t> WriteFirstGeneration(const Inventory& inventory, std::string_view api_key, const Sink& sink) {
    PayloadWriter writer(sink);
    writer.Begin(api_key);
    for (const Tally& tally : Count(inventory)) {
        const Product& product = *tally.product;
        OPS_CHECK(writer.Add({{"oid", tally.first->oid},
                              {"unit_name", tally.first->org_name},
                              {"asset_number", std::to_string(tally.machines)},
                              {"product_name", product.name},
                              {"product_vendor", product.vendor},
                              {"product_version", product.version},
                              {"category", product.is_hardware ? "hardware" : "software"},
                              {"cpe23", product.cpe},
                              {"product_cpename", product.cpe_title}}));
    }
    return writer.End();
}

Result<std::size_t> WriteSecondGeneration(const Inventory& inventory, std::string_view api_key, const Sink& sink) {
    PayloadWriter writer(sink);
    writer.Begin(api_key);
    for (const Installed& installed : inventory.installed) {
        const Machine& machine = inventory.machines[installed.machine];
        const Product& product = inventory.products[installed.product];
        OPS_CHECK(writer.Add({{"oid", machine.oid},
                              {"orgName", machine.org_name},
                              {"identifier", machine.identifier},
                              {"assetGroupCode", machine.group},
                              {"assetName", product.name},
                              {"brand", product.vendor},
                              {"version", product.version},
                              {"cpe", product.cpe},
                              {"cpeName", product.cpe_title}}));
    }
    return writer.End();
}

}  // namespace opsteward::vans
