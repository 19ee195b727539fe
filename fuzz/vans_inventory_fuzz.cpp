// Lines of a VANS inventory: nothing crashes, each fault names its line and can be shown, and what has no faults goes into every format with no field empty
// and nothing twice.
#include <set>
#include <string>
#include <string_view>

#include "base/json.hpp"
#include "base/text.hpp"
#include "features/vulnerabilities/vans/collector.hpp"
#include "features/vulnerabilities/vans/payload.hpp"
#include "features/vulnerabilities/vans/table.hpp"
#include "require.hpp"

using namespace opsteward;
using namespace opsteward::vans;

namespace {

void CheckPayload(const std::string& text, std::size_t items) {
    const auto payload = ParseJson(text);
    Require(payload.ok());
    const json::array& data = payload->at("data").as_array();
    Require(data.size() == items);
    std::set<std::string> seen;
    for (const json::value& item : data) {
        for (const auto& member : item.as_object()) Require(!member.value().as_string().empty());
        Require(seen.insert(json::serialize(item)).second);
    }
}

template <typename Writer>
std::string Written(const Writer& writer, std::size_t& items) {
    std::string text;
    const auto count = writer([&text](std::string_view bytes) {
        text += bytes;
        return Ok();
    });
    Require(count.ok());
    items = count.value();
    return text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    Collector collector({.oid = "2.16.886.101", .org_name = "agency"});
    std::size_t lines = 0;
    for (const std::string_view line : Split(text, '\n')) {
        Require(collector.Add(line).ok());
        ++lines;
    }
    for (const Fault& fault : collector.faults().kept()) {
        Require(fault.line >= 1 && fault.line <= lines);
        Require(IsValidUtf8(fault.host) && IsValidUtf8(fault.where) && !fault.what.zh.empty() && !fault.what.en.empty());
    }
    if (!collector.faults().empty()) return 0;
    const Inventory inventory = collector.Take();
    std::size_t items = 0;
    CheckPayload(Written([&](const Sink& sink) { return WriteSecondGeneration(inventory, "", sink); }, items), items);
    Require(items == inventory.installed.size());
    CheckPayload(Written([&](const Sink& sink) { return WriteFirstGeneration(inventory, "", sink); }, items), items);
    const auto columns = DefaultColumns();
    const std::string csv = Written([&](const Sink& sink) { return WriteCsv(inventory, columns, sink); }, items);
    Require(IsValidUtf8(csv) && Split(csv, '\n').size() == inventory.installed.size() + 2);
    Require(Written([&](const Sink& sink) { return WriteOds(inventory, columns, sink); }, items).starts_with("PK"));
    return 0;
}
