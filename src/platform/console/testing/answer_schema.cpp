#include "platform/console/testing/answer_schema.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/civil_time.hpp"
#include "base/json.hpp"

namespace opsteward::console::testing {

namespace {

constexpr std::string_view kReferencePrefix = "#/components/schemas/";
constexpr std::string_view kText = R"({"type":"object","required":["zh","en"],"additionalProperties":false,
    "properties":{"zh":{"type":"string"},"en":{"type":"string"}}})";

bool HasType(const json::value& value, std::string_view type) {
    if (type == "object") return value.is_object();
    if (type == "array") return value.is_array();
    if (type == "string") return value.is_string();
    if (type == "boolean") return value.is_bool();
    if (type == "null") return value.is_null();
    if (type == "integer") return value.is_int64() || value.is_uint64();
    if (type == "number") return value.is_number();
    return false;
}

bool Contains(const json::array& list, const json::value& value) {
    return std::find(list.begin(), list.end(), value) != list.end();
}

class SchemaCheck {
  public:
    explicit SchemaCheck(std::span<const web::SchemaSpec> schemas) : schemas_(schemas) {}

    void Check(const json::value& value, const json::value& schema, const std::string& place) {
        for (const auto& [keyword, rule] : schema.as_object())
            CheckKeyword(value, schema.as_object(), keyword, rule, place);
    }

    std::vector<std::string> faults;

  private:
    void Fault(const std::string& place, const std::string& what) {
        faults.push_back(fmt::format("{}: {}", place, what));
    }

    void CheckKeyword(const json::value& value, const json::object& schema, std::string_view keyword,
                      const json::value& rule, const std::string& place) {
        if (keyword == "description" || keyword == "default" || keyword == "examples") return;
        if (keyword == "$ref") return CheckReference(value, std::string_view(rule.as_string()), place);
        if (keyword == "type") return CheckType(value, rule, place);
        if (keyword == "enum" && !Contains(rule.as_array(), value))
            return Fault(place, json::serialize(value) + " is none of the allowed values");
        if (keyword == "required") return CheckRequired(value, rule.as_array(), place);
        if (keyword == "properties" || keyword == "additionalProperties")
            return CheckProperties(value, schema, keyword, place);
        if (keyword == "items") return CheckItems(value, rule, place);
        if (keyword == "format") return CheckFormat(value, std::string_view(rule.as_string()), place);
        if (keyword == "minimum" || keyword == "maximum") return CheckRange(value, keyword, rule, place);
        if (keyword == "anyOf" || keyword == "oneOf") return CheckAnyOf(value, rule.as_array(), place);
        if (keyword == "minItems" && value.is_array() && value.as_array().size() < rule.to_number<std::size_t>()) {
            return Fault(place, "too few items");
        }
        constexpr std::string_view kHeld[] = {"enum", "minItems"};
        constexpr std::string_view kOfRequests[] = {"minLength", "maxLength", "maxItems", "pattern"};
        if (std::ranges::find(kHeld, keyword) == std::end(kHeld) &&
            std::ranges::find(kOfRequests, keyword) == std::end(kOfRequests)) {
            Fault(place, fmt::format("the keyword {} is not known to this check", keyword));
        }
    }

    void CheckReference(const json::value& value, std::string_view reference, const std::string& place) {
        const std::string_view name =
            reference.starts_with(kReferencePrefix) ? reference.substr(kReferencePrefix.size()) : std::string_view();
        if (name == "Text") return Check(value, json::parse(kText), place);
        const auto found = std::ranges::find(schemas_, name, &web::SchemaSpec::name);
        if (found == schemas_.end()) return Fault(place, fmt::format("there is no schema {}", reference));
        Check(value, json::parse(found->schema), place);
    }

    void CheckType(const json::value& value, const json::value& rule, const std::string& place) {
        const json::array types = rule.is_array() ? rule.as_array() : json::array{rule};
        const bool fits = std::ranges::any_of(
            types, [&](const json::value& type) { return HasType(value, std::string_view(type.as_string())); });
        if (!fits) Fault(place, json::serialize(value) + " is not of type " + json::serialize(rule));
    }

    void CheckRequired(const json::value& value, const json::array& names, const std::string& place) {
        if (!value.is_object()) return;
        for (const json::value& name : names) {
            if (!value.as_object().contains(name.as_string()))
                Fault(place, fmt::format("{} is missing", std::string_view(name.as_string())));
        }
    }

    void CheckProperties(const json::value& value, const json::object& schema, std::string_view keyword,
                         const std::string& place) {
        if (!value.is_object()) return;
        const json::value* properties = schema.if_contains("properties");
        for (const auto& [name, member] : value.as_object()) {
            const json::value* known = properties == nullptr ? nullptr : properties->as_object().if_contains(name);
            const std::string inside = fmt::format("{}.{}", place, std::string_view(name));
            if (keyword == "properties" && known != nullptr) Check(member, *known, inside);
            if (keyword != "additionalProperties" || known != nullptr) continue;
            const json::value& rule = schema.at("additionalProperties");
            if (rule.is_object()) Check(member, rule, inside);
            if (rule.is_bool() && !rule.as_bool()) Fault(inside, "is not described");
        }
    }

    void CheckItems(const json::value& value, const json::value& rule, const std::string& place) {
        if (!value.is_array()) return;
        for (std::size_t i = 0; i < value.as_array().size(); ++i)
            Check(value.as_array()[i], rule, fmt::format("{}[{}]", place, i));
    }

    void CheckFormat(const json::value& value, std::string_view format, const std::string& place) {
        if (!value.is_string() || (format != "date-time" && format != "date")) return;
        if (!ParseRfc3339(value.as_string()).ok()) Fault(place, fmt::format("is no {}", format));
    }

    void CheckRange(const json::value& value, std::string_view keyword, const json::value& rule,
                    const std::string& place) {
        if (!value.is_number()) return;
        const double number = value.to_number<double>();
        const double limit = rule.to_number<double>();
        if (keyword == "minimum" ? number < limit : number > limit)
            Fault(place, fmt::format("{} passes the {} {}", number, keyword, limit));
    }

    void CheckAnyOf(const json::value& value, const json::array& choices, const std::string& place) {
        const bool fits = std::ranges::any_of(choices, [&](const json::value& choice) {
            SchemaCheck check(schemas_);
            check.Check(value, choice, place);
            return check.faults.empty();
        });
        if (!fits) Fault(place, "fits none of the choices");
    }

    std::span<const web::SchemaSpec> schemas_;
};

}  // namespace

std::vector<std::string> SchemaFaults(std::string_view text, std::string_view schema,
                                      std::span<const web::SchemaSpec> schemas) {
    const auto value = ParseJson(text);
    if (!value.ok()) return {"no JSON: " + value.error().operator_text};
    SchemaCheck check(schemas);
    check.Check(*value, json::parse(schema), "$");
    return std::move(check.faults);
}

}  // namespace opsteward::console::testing
