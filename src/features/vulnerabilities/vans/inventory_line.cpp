#include "features/vulnerabilities/vans/inventory_line.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/json.hpp"
#include "base/text.hpp"
#include "features/vulnerabilities/cpe/name.hpp"
#include "features/vulnerabilities/vans/item.hpp"

namespace opsteward::vans {
namespace {

enum class Need : std::uint8_t { kRequired, kOptional };

/// Control characters, and the two code points that XML does not know.
bool IsFitToBeWritten(std::string_view text) {
    const bool has_control = std::ranges::any_of(text, [](unsigned char c) { return c < 0x20 || c == 0x7F; });
    return !has_control && text.find("\xEF\xBF\xBE") == std::string_view::npos && text.find("\xEF\xBF\xBF") == std::string_view::npos;
}

/// How many components the formatted string has: colons count where no backslash quotes them.
std::size_t CountComponents(std::string_view cpe) {
    std::size_t count = 1;
    for (std::size_t i = 0; i < cpe.size(); ++i) {
        if (cpe[i] == '\\') {
            ++i;
        } else if (cpe[i] == ':') {
            ++count;
        }
    }
    return count;
}

class LineReader {
  public:
    LineReader(std::size_t line, FaultList& faults) : line_(line), faults_(faults) {}

    std::optional<HostLine> Read(std::string_view text) {
        const auto parsed = ParseJson(text);
        if (!parsed.ok()) {
            Complain("", parsed.error().caller_text);
            return std::nullopt;
        }
        const json::object* object = parsed->if_object();
        if (object == nullptr) {
            Complain("", {"不是 JSON 物件。", "is no JSON object."});
            return std::nullopt;
        }
        HostLine host;
        host.host = TakeText(*object, "", "host", Need::kRequired);
        host_ = Shorten(host.host, 80);
        host.permanent_id = TakeText(*object, "", "id", Need::kOptional);
        if (host.permanent_id.empty()) host.permanent_id = host.host;
        host.oid = TakeText(*object, "", "oid", Need::kOptional);
        if (!host.oid.empty() && !IsOid(host.oid)) Complain("oid", {"不是 OID（如 2.16.886.101）。", "is no OID such as 2.16.886.101."});
        host.org_name = TakeText(*object, "", "org", Need::kOptional);
        host.group = TakeText(*object, "", "group", Need::kOptional);
        TakeSystem(*object, host);
        TakePackages(*object, host);
        return host;
    }

  private:
    void Complain(std::string where, Text what) { faults_.Add({line_, host_, std::move(where), std::move(what)}); }

    std::string TakeText(const json::object& object, const std::string& before, std::string_view key, Need need) {
        const std::string where = before.empty() ? std::string(key) : fmt::format("{}.{}", before, key);
        const json::value* value = object.if_contains(key);
        if (value == nullptr || value->is_null()) {
            if (need == Need::kRequired) Complain(where, {"缺少必要的文字。", "is missing; a text is required."});
            return {};
        }
        if (!value->is_string()) {
            Complain(where, {"須為文字。", "must be a text."});
            return {};
        }
        return CheckText(value->get_string(), where, need);
    }

    std::string CheckText(std::string_view given, const std::string& where, Need need) {
        const std::string_view text = Trim(given);
        if (text.empty() && need == Need::kRequired) Complain(where, {"不可空白。", "must not be empty."});
        if (CountCodePoints(text) > kMaxTextCharacters) {
            Complain(where, {fmt::format("超過 {} 個字元。", kMaxTextCharacters), fmt::format("is longer than {} characters.", kMaxTextCharacters)});
            return {};
        }
        if (!IsFitToBeWritten(text)) Complain(where, {"含有控制字元。", "holds control characters."});
        return std::string(text);
    }

    void TakeCpe(const json::object& object, Software& software) {
        const std::string cpe = TakeText(object, software.where, "cpe", Need::kOptional);
        if (cpe.empty() || cpe == kNotAvailable) return;
        const std::string where = software.where + ".cpe";
        constexpr std::size_t kComponents = 2 + cpe::kAttributes;
        const std::size_t count = CountComponents(cpe);
        if (count != kComponents) {
            Complain(where, {fmt::format("有 {} 個部分；CPE 2.3 名稱須有 {} 個。", count, kComponents),
                             fmt::format("has {} components; a CPE 2.3 name has {}.", count, kComponents)});
            return;
        }
        const auto name = cpe::Name::Parse(cpe);
        if (!cpe::SplitFormattedString(cpe) || !name.ok()) {
            Complain(where, {"不是有效的 CPE 2.3 名稱。", "is no valid CPE 2.3 name."});
            return;
        }
        software.cpe = name->FormattedString();
    }

    Software TakeSoftware(const json::object& object, std::string where, Need version) {
        Software software;
        software.where = std::move(where);
        software.name = TakeText(object, software.where, "name", Need::kRequired);
        software.version = TakeText(object, software.where, "version", version);
        software.publisher = TakeText(object, software.where, "publisher", Need::kOptional);
        software.cpe_title = TakeText(object, software.where, "cpe_name", Need::kOptional);
        TakeCpe(object, software);
        const std::string category = TakeText(object, software.where, "category", Need::kOptional);
        software.is_hardware = category == "hardware";
        if (!category.empty() && category != "software" && category != "hardware") {
            Complain(software.where + ".category", {"須為 software 或 hardware。", "must be software or hardware."});
        }
        return software;
    }

    void TakeSystem(const json::object& object, HostLine& host) {
        const json::value* system = object.if_contains("os");
        if (system == nullptr || system->is_null()) return;
        if (const json::object* parts = system->if_object()) {
            host.software.push_back(TakeSoftware(*parts, "os", Need::kOptional));
        } else if (system->is_string()) {
            Software software;
            software.where = "os";
            software.name = CheckText(system->get_string(), "os", Need::kRequired);
            host.software.push_back(std::move(software));
        } else {
            Complain("os", {"須為文字或物件。", "must be a text or an object."});
        }
    }

    void TakePackages(const json::object& object, HostLine& host) {
        const json::value* value = object.if_contains("packages");
        const json::array* packages = value == nullptr ? nullptr : value->if_array();
        if (packages == nullptr) {
            Complain("packages", {"缺少軟體清單（陣列）。", "is missing; an array is required."});
            return;
        }
        if (packages->size() > kMaxSoftware) {
            Complain("packages", {fmt::format("超過 {} 項。", kMaxSoftware), fmt::format("holds more than {} entries.", kMaxSoftware)});
            return;
        }
        for (std::size_t i = 0; i < packages->size(); ++i) {
            std::string where = fmt::format("packages[{}]", i);
            const json::object* package = (*packages)[i].if_object();
            if (package == nullptr) {
                Complain(std::move(where), {"不是 JSON 物件。", "is no JSON object."});
            } else {
                host.software.push_back(TakeSoftware(*package, std::move(where), Need::kRequired));
            }
        }
    }

    std::size_t line_;
    FaultList& faults_;
    std::string host_;
};

}  // namespace

bool IsWritable(std::string_view text) { return IsValidUtf8(text) && CountCodePoints(text) <= kMaxTextCharacters && IsFitToBeWritten(text); }

bool IsOid(std::string_view text) {
    const auto arcs = Split(text, '.');
    const auto is_arc = [](std::string_view arc) {
        const bool is_number = !arc.empty() && std::ranges::all_of(arc, [](char c) { return c >= '0' && c <= '9'; });
        return is_number && (arc.size() == 1 || arc[0] != '0');
    };
    constexpr std::size_t kMaxBytes = 255;
    return text.size() <= kMaxBytes && arcs.size() >= 2 && std::ranges::all_of(arcs, is_arc) && arcs[0].size() == 1 && arcs[0][0] <= '2';
}

std::optional<HostLine> ReadInventoryLine(std::string_view text, std::size_t line, FaultList& faults) { return LineReader(line, faults).Read(text); }

}  // namespace opsteward::vans
