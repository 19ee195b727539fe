#include "features/firewall/formats/nft/text.hpp"

#include "base/text.hpp"

namespace opsteward::firewall {
namespace {

constexpr std::size_t kMaxText = 2000;
constexpr std::size_t kMaxShown = 40;  ///< elements of a list

std::string_view StringOf(const json::value* value) {
    return value != nullptr && value->is_string() ? std::string_view(value->get_string()) : std::string_view();
}

std::string ListText(const json::array& list, std::string_view separator) {
    std::string text;
    for (std::size_t i = 0; i < list.size(); ++i) {
        if (i == kMaxShown || text.size() > kMaxText) return text + std::string(separator) + "…";
        text += (i == 0 ? "" : std::string(separator)) + NftValueText(list[i]);
    }
    return text;
}

std::string PairText(const json::array& list) {
    std::string text;
    for (std::size_t i = 0; i < list.size(); ++i) {
        if (i == kMaxShown || text.size() > kMaxText) return text + ", …";
        const bool is_pair = list[i].is_array() && list[i].get_array().size() == 2;
        const std::string pair = is_pair ? NftValueText(list[i].get_array()[0]) + " : " + NftValueText(list[i].get_array()[1]) : NftValueText(list[i]);
        text += (i == 0 ? "" : ", ") + pair;
    }
    return text;
}

/// {"jump": {"target": "web"}}, {"accept": null}, {"log": {…}}, …
std::string NamedText(std::string_view name, const json::value& value) {
    if (const auto* const object = value.if_object()) {
        const auto* const target = object->if_contains("target");
        if (target != nullptr && object->size() == 1) return std::string(name) + " " + std::string(StringOf(target));
    }
    if (value.is_null()) return std::string(name);
    if (value.is_string()) return std::string(name) + " " + std::string(value.get_string());
    return std::string(name) + " " + Shorten(json::serialize(value), 200);
}

std::string MatchText(const json::object& match) {
    const auto* const left = match.if_contains("left");
    const auto* const right = match.if_contains("right");
    const std::string_view op = StringOf(match.if_contains("op"));
    std::string text = left != nullptr ? NftValueText(*left) : "";
    if (op != "==" && op != "in") text += " " + std::string(op);
    return text + " " + (right != nullptr ? NftValueText(*right) : "");
}

std::string ObjectText(const json::object& object) {
    if (object.empty()) return "{}";
    const std::string_view name = object.begin()->key();
    const json::value& value = object.begin()->value();
    const auto* const inner = value.if_object();
    const auto* const list = value.if_array();
    if (name == "payload" && inner != nullptr && inner->contains("field")) {
        return std::string(StringOf(inner->if_contains("protocol"))) + " " + std::string(StringOf(inner->if_contains("field")));
    }
    if (name == "meta" && inner != nullptr) {
        const std::string key(StringOf(inner->if_contains("key")));
        return key == "iifname" || key == "oifname" || key == "iif" || key == "oif" ? key : "meta " + key;
    }
    if (name == "ct" && inner != nullptr && inner->size() == 1) return "ct " + std::string(StringOf(inner->if_contains("key")));
    if (name == "prefix" && inner != nullptr && inner->contains("addr") && inner->contains("len")) {
        return NftValueText(inner->at("addr")) + "/" + NftValueText(inner->at("len"));
    }
    if (name == "range" && list != nullptr) return ListText(*list, "-");
    if (name == "concat" && list != nullptr) return ListText(*list, " . ");
    if (name == "set" && list != nullptr) return "{ " + PairText(*list) + " }";
    if (name == "|" && list != nullptr) return ListText(*list, ",");
    if (name == "&" && list != nullptr) return ListText(*list, " & ");
    if (name == "elem" && inner != nullptr && inner->contains("val")) return NftValueText(inner->at("val"));
    if (name == "match" && inner != nullptr) return MatchText(*inner);
    if (name == "vmap" && inner != nullptr && inner->contains("key") && inner->contains("data")) {
        return NftValueText(inner->at("key")) + " vmap " + NftValueText(inner->at("data"));
    }
    if (name == "counter") return "counter";
    if (name == "reject" && inner != nullptr) {
        const auto* const reason = inner->if_contains("expr");
        return "reject with " + std::string(StringOf(inner->if_contains("type"))) + (reason != nullptr ? " " + NftValueText(*reason) : "");
    }
    if (name == "log" && inner != nullptr && inner->contains("prefix")) return "log prefix \"" + NftValueText(inner->at("prefix")) + "\"";
    if (name == "limit" && inner != nullptr && inner->contains("rate") && inner->contains("per")) {
        return "limit rate " + NftValueText(inner->at("rate")) + "/" + NftValueText(inner->at("per"));
    }
    return NamedText(name, value);
}

}  // namespace

std::string NftValueText(const json::value& value) {
    if (value.is_string()) return ReplaceInvalidUtf8(std::string_view(value.get_string()));
    if (const auto* const list = value.if_array()) return ListText(*list, ",");
    if (const auto* const object = value.if_object()) return ObjectText(*object);
    return json::serialize(value);
}

std::string NftRuleText(const json::array& statements) {
    std::string text;
    for (const json::value& statement : statements) {
        if (text.size() > kMaxText) return text + " …";
        text += (text.empty() ? "" : " ") + NftValueText(statement);
    }
    return text;
}

}  // namespace opsteward::firewall
